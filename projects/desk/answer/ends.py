"""How a generation ended, or where it stands: each in its own words."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.choices import FailureCode, Status
from projects.desk.answer.moments import day_of
from projects.desk.timeline.heading import length
from projects.models import Generation
from projects.photo_problems import detail_text


def end_of(job: Generation) -> list[str]:
    return END[job.failure_code if job.status == Status.FAILED else job.status](job)


def _ended(job: Generation) -> dict[str, str]:
    return {"day": day_of(job.ended_at or job.status_since)}


def _ready(job: Generation) -> list[str]:
    took = (job.ended_at or job.status_since) - job.created_at
    if job.recovered_from or took > timedelta(hours=1):
        return [_("It was ready on %(day)s.") % _ended(job)]
    words = _("It was ready on %(day)s, %(length)s later.")
    return [words % (_ended(job) | {"length": length(took)})]


def _invalid(job: Generation) -> list[str]:
    why = detail_text(job.failure_detail) or str(FailureCode.INVALID_INPUT.label)
    return [_("It could not be made."), why]


def _unavailable(_job: Generation) -> list[str]:
    return [_("It could not be made: the picture service could not be reached in time.")]


def _failed(_job: Generation) -> list[str]:
    return [
        _("It could not be made: the picture service tried, and did not manage it."),
        _("You can ask for it again, with the same photo and zone or with others."),
    ]


def _unknown(job: Generation) -> list[str]:
    return [
        _("We sent it to the picture service and got no clear answer."),
        _("We did not send it a second time, so that it is not made twice."),
        _("As no picture had come, we ended it on %(day)s.") % _ended(job),
    ]


def _timed_out(job: Generation) -> list[str]:
    words = _("The picture service took it and had not finished it on %(day)s, so we ended it.")
    return [words % _ended(job)]


def _lost(job: Generation) -> list[str]:
    words = _("It was made, and could not be fetched from the picture service.")
    return [words, _("We ended it on %(day)s.") % _ended(job)]


def _canceled(job: Generation) -> list[str]:
    return [_("It was canceled on %(day)s, before it was made.") % _ended(job)]


def _waits(_job: Generation) -> list[str]:
    return [_("It waits to be sent to the picture service.")]


def _being_sent(_job: Generation) -> list[str]:
    return [_("It is being sent to the picture service at this moment.")]


def _unconfirmed(job: Generation) -> list[str]:
    """The sweep may be late: what is past is not promised."""
    limit = job.status_since + timedelta(seconds=settings.UNCONFIRMED_DEADLINE_S)
    ends = _("If nothing comes, it ends by itself at %(day)s.") % {"day": day_of(limit)}
    return [
        _("We sent it to the picture service and have no clear answer yet."),
        _("We do not send it a second time, so that it is not made twice."),
        ends if limit > timezone.now() else "",
    ]


def _in_progress(job: Generation) -> list[str]:
    return [
        _("The picture service is making it, since %(day)s.") % {"day": day_of(job.status_since)}
    ]


def _being_fetched(_job: Generation) -> list[str]:
    return [_("It is made, and is being fetched from the picture service.")]


END: dict[str, Callable[[Generation], list[str]]] = {
    Status.SUCCEEDED: _ready,
    Status.CANCELED: _canceled,
    FailureCode.INVALID_INPUT: _invalid,
    FailureCode.UPSTREAM_UNAVAILABLE: _unavailable,
    FailureCode.GENERATION_FAILED: _failed,
    FailureCode.OUTCOME_UNKNOWN: _unknown,
    FailureCode.TIMED_OUT: _timed_out,
    FailureCode.RESULT_LOST: _lost,
    Status.QUEUED: _waits,
    Status.SUBMITTING: _being_sent,
    Status.UNCONFIRMED: _unconfirmed,
    Status.PROCESSING: _in_progress,
    Status.ARCHIVING: _being_fetched,
}
