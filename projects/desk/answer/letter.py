"""The story of a generation in the customer's words and language, to be copied into a letter.

It says what the row and the books say, and nothing that nobody knows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import Mode
from accounts.selectors import owners_of
from projects.choices import Status
from projects.desk.answer.ends import end_of
from projects.desk.answer.moments import day_of
from projects.desk.answer.photos import photos_of
from projects.desk.timeline.heading import length
from projects.desk.timeline.money import Books
from projects.estimates import estimate
from projects.models import Generation
from projects.notices.names import one_line


@dataclass(frozen=True)
class Answer:
    language: str
    text: str


@dataclass(frozen=True)
class Told:
    """What the answer is made of."""

    job: Generation
    books: Books
    made_again_at: datetime | None = None


def answer_to(told: Told) -> Answer:
    language = language_of(told.job)
    with translation.override(language):
        parts = [" ".join(filter(None, part)) for part in _paragraphs(told)]
        return Answer(language, "\n\n".join(part for part in parts if part))


def language_of(job: Generation) -> str:
    """Its author's, or else the first of an owner that is known."""
    if job.author and job.author.user.language:
        return job.author.user.language
    spoken = [owner.user.language for owner in owners_of(job.agency_id)]
    return next((each for each in spoken if each), settings.LANGUAGE_CODE)


def _paragraphs(told: Told) -> Iterator[list[str]]:
    job = told.job
    yield [_greeting(job)]
    yield [_asked(job), *end_of(job), _where(job)]
    yield [*_usual(job), *photos_of(job, told.books)]
    yield [_late(job), _made_again(told), _test(job)]
    yield [_("Its reference is %(id)s.") % {"id": job.pk}, _("Write to us if anything is unclear.")]
    yield [_("Parterre support")]


def _greeting(job: Generation) -> str:
    name = one_line(job.author.user.name) if job.author else ""
    return _("Hello %(name)s,") % {"name": name} if name else _("Hello,")


def _asked(job: Generation) -> str:
    told = {"type": job.type_name, "day": day_of(job.created_at)}
    title = "" if job.erased_at or job.project.erased_at else one_line(job.project.title)
    if not title:
        return _("%(type)s was asked for on %(day)s.") % told
    words = _("%(type)s, of the project “%(project)s”, was asked for on %(day)s.")
    return words % (told | {"project": title})


def _where(job: Generation) -> str:
    """Pages show what is live, and not in the bin."""
    if job.status != Status.SUCCEEDED:
        return ""
    if job.erased_at:
        return _("It was deleted for good on %(day)s.") % {"day": day_of(job.erased_at)}
    if binned := job.removed_at or job.project.removed_at:
        return _("It is in the bin since %(day)s, and can be brought back.") % {
            "day": day_of(binned)
        }
    return _("It is here: %(url)s") % {"url": _page(job)} if job.mode == Mode.LIVE else ""


def _page(job: Generation) -> str:
    path = reverse("projects:detail", args=[job.project_id])
    return f"{settings.PUBLIC_BASE_URL}{path}?image={job.pk}"


def _usual(job: Generation) -> list[str]:
    """Only of what still goes on, and only once enough pictures tell."""
    known = None if job.is_terminal else estimate(job.upstream_origin or job.account.origin)
    if known is None:
        return []
    times = {name: length(timedelta(seconds=getattr(known, name))) for name in ("usual", "late")}
    return [
        _("Half of all pictures take less than %(usual)s, nine of ten less than %(late)s.") % times
    ]


def _late(job: Generation) -> str:
    """A late success is a second generation: of both something is to be said."""
    second = getattr(job, "recovered_as", None)
    if second and second.status == Status.SUCCEEDED:
        return _("The picture came after all, later and free: %(url)s") % {"url": _page(second)}
    if second and not second.is_terminal:
        return _("The picture has come after all, and is being fetched, free.")
    if job.recovered_from:
        return _("We had given it up, and it came after all.")
    return ""


def _made_again(told: Told) -> str:
    if told.made_again_at is None:
        return ""
    words = _("On %(day)s we asked for it again, free for your agency.")
    return words % {"day": day_of(told.made_again_at)}


def _test(job: Generation) -> str:
    return (
        _("This was in test mode: none of your live photos was used.")
        if job.mode == Mode.TEST
        else ""
    )
