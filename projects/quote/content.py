"""What stands on a quote sheet: rows and what a member typed, in the language of the sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from integrations.doors import derived
from projects import labels
from projects.brand import Brand, brand_of, logo_of
from projects.models import Approval, ClientComment, Picture
from projects.sharing import selectors
from projects.stored import read

# Wide: some 250 to an inch where the picture is as wide as the page.
PIXELS = 1800
MAX_COMMENTS = 100
Names = Mapping[UUID, str]


@dataclass(frozen=True)
class Price:
    """A line that was typed; both are free text."""

    label: str
    amount: str


@dataclass(frozen=True)
class Remark:
    """A client's comment, with what the agency answered."""

    name: str
    day: str
    text: str
    answers: list["Remark"] = field(default_factory=list)


@dataclass(frozen=True)
class Approved:
    """Who approved it and when: of this picture, and of the project's others with their names."""

    this: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """`before` and `after` are JPEG, `logo` is a PNG."""

    brand: Brand
    title: str
    picture: str
    day: str
    after: bytes
    before: bytes | None = None
    logo: bytes | None = None
    approved: Approved = field(default_factory=Approved)
    prices: list[Price] = field(default_factory=list)
    note: str = ""
    remarks: list[Remark] = field(default_factory=list)


def sheet_of(
    picture: Picture,
    *,
    title: str,
    names: Names,
    prices: list[Price],
    note: str,
    with_comments: bool,
) -> Sheet:
    """`names` are the project's pictures by their generation's id, such as "Terrace No. 2".
    FileNotFoundError when the picture is gone; without its photo there is no `before`."""
    job, agency = picture.generation, picture.generation.agency
    return Sheet(
        brand=brand_of(agency),
        title=title,
        picture=names[job.pk],
        day=date_format(timezone.localdate(), "DATE_FORMAT"),
        after=derived.reduced_picture(read(picture.shown), PIXELS, "jpg", labels.text()),
        before=_before(picture),
        logo=logo_of(agency),
        approved=approved_in(picture, names),
        prices=prices,
        note=note,
        remarks=remarks_on(picture) if with_comments else [],
    )


def approved_in(picture: Picture, names: Names) -> Approved:
    """Of a picture that is not shown, such as an erased one, nothing is said."""
    rows = list(selectors.standing_approvals(picture.generation.project))
    this = [row for row in rows if row.generation_id == picture.generation_id]
    others = [row for row in rows if row not in this and row.generation_id in names]
    return Approved(
        [_approved(row) for row in this],
        [_approved_other(row, names[row.generation_id]) for row in others],
    )


def remarks_on(picture: Picture) -> list[Remark]:
    """The last MAX_COMMENTS of them."""
    rows = list(selectors.standing_comments(picture.generation))
    asked = [row for row in rows if row.answers_id is None]
    answers: dict[int | None, list[ClientComment]] = {}
    for row in rows:
        answers.setdefault(row.answers_id, []).append(row)
    return [_remark(row, answers.get(row.pk, [])) for row in asked[-MAX_COMMENTS:]]


def _remark(row: ClientComment, answers: list[ClientComment]) -> Remark:
    return Remark(row.name, _day(row.created_at), row.text, [_remark(one, []) for one in answers])


def _before(picture: Picture) -> bytes | None:
    photo = picture.generation.photo
    return derived.reduced(read(photo.file), PIXELS, "jpg") if photo else None


def _approved(approval: Approval) -> str:
    facts = {"name": approval.name, "when": _moment(approval.created_at)}
    return (_("By %(name)s on %(when)s") if approval.name else _("On %(when)s")) % facts


def _approved_other(approval: Approval, picture: str) -> str:
    facts = {"name": approval.name, "when": _moment(approval.created_at), "picture": picture}
    named = _("%(picture)s, by %(name)s on %(when)s")
    return (named if approval.name else _("%(picture)s, on %(when)s")) % facts


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
