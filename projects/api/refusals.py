"""Refusals of the API, each with its status and its stable code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from accounts.exceptions import NoPhotosLeft
from integrations.doors.images import ImageProblem
from integrations.doors.problems import Problem
from projects.exceptions import (
    MemberCapReached,
    NotAccepted,
    NoUpstream,
    SourceGone,
    SourceNotReady,
    SourceWithoutPhoto,
    StorageFull,
    TestModeUnavailable,
    TooManyJobs,
)
from projects.photo_problems import problem_text

STATUS: dict[type[NotAccepted], int] = {
    SourceNotReady: 409,
    SourceGone: 410,
    SourceWithoutPhoto: 409,
    MemberCapReached: 403,
    TooManyJobs: 429,
    NoUpstream: 503,
    TestModeUnavailable: 503,
}
# In seconds: about as long as one picture takes.
RETRY_AFTER: dict[type[NotAccepted], int] = {TooManyJobs: 60}
# Whole sentences: the nouns of other languages have a gender.
UNKNOWN = {
    "generation": _("Your agency has no generation with this id in the mode of this key."),
    "project": _("Your agency has no project with this id in the mode of this key."),
    "upload": _("Your agency has no upload with this id in the mode of this key."),
    "member": _("No member of your agency has this iacrea user id."),
}


def no_photos_left(error: NoPhotosLeft) -> Problem:
    detail = _(
        "Your agency has no photo left for this job. Nothing was started or charged. "
        "Ask an owner of your agency for photos."
    )
    return Problem(code="no_photos_left", status=402, title=_("No photo left"), detail=detail)


def not_accepted(error: NotAccepted) -> Problem:
    status, wait = STATUS.get(type(error), 409), RETRY_AFTER.get(type(error))
    return Problem(
        code=error.code,
        status=status,
        title=_("No room left") if isinstance(error, StorageFull) else _("Job not accepted"),
        detail=str(error),
        headers={"Retry-After": str(wait)} if wait else None,
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


@contextmanager
def within(path: str) -> Iterator[None]:
    """A refusal of one of several, with the place where it stands."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError(_nested(path, error.detail)) from None
    except Problem as problem:
        problem.field = f"{path}.{problem.field}".rstrip(".")
        raise


# Fractions of the photo, as some libraries have them, are a speck in its corner.
PIXELS = _("Its corners are pixels of the photo, from the upper left, not shares of it.")


def _nested(path: str, detail: Any) -> Any:
    for part in reversed(path.split(".")):
        detail = {part: detail}
    return detail


def unknown(kind: str, field: str = "") -> Problem:
    """Somebody else's looks like none."""
    return Problem(
        code="not_found", status=404, title=_("Not found"), detail=UNKNOWN[kind], field=field
    )


def no_such_call() -> Problem:
    detail = _("There is no such call. Check the address, and the id in it.")
    return Problem(code="not_found", status=404, title=_("Not found"), detail=detail)


def wrong_kind(field: str) -> Problem:
    detail = _("%(field)s: this upload is of the other kind. Say its kind when you upload it.")
    return _invalid("wrong_kind", field, detail % {"field": field})


def unusable(problem: ImageProblem, field: str) -> Problem:
    detail = f"{field}: {problem_text(problem)}"
    if field == "polygon":
        detail = f"{detail} {PIXELS}"
    status = 413 if problem.code == "image_too_large" else 400
    title = _("Picture not usable")
    return Problem(code=problem.code, status=status, title=title, detail=detail, field=field)


def not_cancelable() -> Problem:
    detail = _(
        "This job was sent already, or has ended. Only one that waits can be canceled; a job that "
        "fails gives its photo back by itself."
    )
    return Problem(code="not_cancelable", status=409, title=_("Not canceled"), detail=detail)


def project_busy() -> Problem:
    detail = _("Jobs of this project are under way. Wait for their end or cancel them first.")
    return Problem(code="project_busy", status=409, title=_("Not deleted"), detail=detail)


def _invalid(code: str, field: str, detail: str) -> Problem:
    return Problem(code=code, status=400, title=_("Invalid field"), detail=detail, field=field)
