"""Refusals of the API, each with its status and its stable code."""

from django.utils.translation import gettext_lazy as _

from accounts.exceptions import NoPhotosLeft
from integrations.doors.problems import Problem
from projects.exceptions import (
    NotAccepted,
    NoUpstream,
    SourceGone,
    SourceNotReady,
    TestModeUnavailable,
)

STATUS: dict[type[NotAccepted], int] = {
    SourceNotReady: 409,
    SourceGone: 410,
    NoUpstream: 503,
    TestModeUnavailable: 503,
}


def no_photos_left(error: NoPhotosLeft) -> Problem:
    detail = _(
        "Your agency has no photo left for this job. Nothing was started or charged. "
        "Ask an owner of your agency for photos."
    )
    return Problem(code="no_photos_left", status=402, title=_("No photo left"), detail=detail)


def not_accepted(error: NotAccepted) -> Problem:
    status = STATUS.get(type(error), 409)
    return Problem(
        code=error.code, status=status, title=_("Job not accepted"), detail=error.message
    )


def unknown_user() -> Problem:
    detail = _("No member of your agency has this user_id. Copy it from the team page.")
    return Problem(
        code="not_found", status=404, title=_("Not found"), detail=detail, field="user_id"
    )


def unknown_generation() -> Problem:
    detail = _("Your agency has no generation with this id in the mode of this key.")
    return Problem(
        code="not_found", status=404, title=_("Not found"), detail=detail, field="generation_id"
    )
