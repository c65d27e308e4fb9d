"""What a page says when it could not do what was asked: what was wrong, what happened to the
photos, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm
from django.utils.translation import gettext as _

from accounts.exceptions import NoPhotosLeft
from projects.exceptions import NotAccepted

# Where a problem of a form is mended on its page, when that is not at the field itself.
ANCHORS = {
    "photo": "id_photo",
    "title": "id_title",
    "room_type": "types",
    "mask": "zone",
    "operations": "zone",
    "note": "id_note",
    "reason": "wrong",
    "text": "id_text",
    "pictures": "pictures",
    "first": "id_first",
    "last": "id_last",
    "id": "id_id",
    "photos": "id_photos",
    "message": "id_message",
    "logo": "id_logo",
    "accent": "id_accent",
    "contact": "id_contact",
    "footer": "id_footer",
    "email": "id_email",
    "agency_name": "id_agency_name",
    "emails": "id_emails",
    "name": "id_name",
    "password": "id_password",
}


@dataclass(frozen=True)
class Problem:
    text: str
    anchor: str = ""


@dataclass(frozen=True)
class Refusal:
    """The summary on top of the page, and the status that it is answered with."""

    title: str
    problems: list[Problem]
    status: int = 422
    money: str = ""

    @classmethod
    def of_form(cls, form: BaseForm, title: str, money: str = "") -> "Refusal | None":
        problems = list(_problems(form)) if form.is_bound else []
        return cls(title, problems, money=money) if problems else None

    @classmethod
    def of_job(cls, error: NoPhotosLeft | NotAccepted) -> "Refusal":
        """A job that the rules refused: nothing was stored, nothing charged."""
        short = isinstance(error, NoPhotosLeft)
        text = no_photos_left() if short else str(error)
        status = 402 if short else 409
        return cls(not_started(), [Problem(text)], status, nothing_charged())

    @classmethod
    def of_photo(cls, error: NotAccepted, title: str) -> "Refusal":
        return cls(title, [Problem(str(error))], 409)


def not_started() -> str:
    return _("The picture was not started")


def nothing_charged() -> str:
    return _("No photo was used.")


def no_photos_left() -> str:
    return _("Your agency has no photos left for this. An owner of your agency can add more.")


def _problems(form: BaseForm) -> Iterator[Problem]:
    for field, errors in form.errors.items():
        for text in errors:
            yield Problem(str(text), ANCHORS.get(field, ""))
