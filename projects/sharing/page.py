"""What a share page shows, as its template takes it (templates/share/page.html). Nothing in it is a
row: the branding page makes one of samples."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.urls import reverse

from projects import sizes
from projects.brand import Brand
from projects.models import Approval, ClientComment, Picture, SharedGeneration, ShareLink, Upload
from projects.sharing import selectors
from projects.sharing.tokens import Visit

PHONE = re.compile(r"\+?\d[\d .\u00a0-]{7,}\d")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")


@dataclass(frozen=True)
class Image:
    """A `<picture>`: a `srcset` for each format, and a JPEG for who knows no `srcset`."""

    avif: str
    webp: str
    jpg: str
    src: str
    width: int
    height: int


@dataclass(frozen=True)
class Said:
    """A yes, a comment or an answer. `mine` is what its form takes back; "": not this visitor's."""

    name: str
    at: datetime
    text: str = ""
    mine: str = ""
    by_agency: bool = False
    answers: list["Said"] = field(default_factory=list)


@dataclass(frozen=True)
class SharedPicture:
    """`position` is its number on the page, and names its addresses."""

    position: int
    type_name: str
    after: Image
    before: Image | None = None
    approval: Said | None = None
    comments: list[Said] = field(default_factory=list)

    @property
    def said(self) -> list[Said]:
        return [*([self.approval] if self.approval else []), *self.comments]


@dataclass(frozen=True)
class LinkPreview:
    """What a messenger shows of the address: Open Graph, with whole addresses."""

    address: str
    picture: str


@dataclass(frozen=True)
class SharePage:
    """`address` is the page's own path; with "", a sample, nothing posts. `query` is what the
    addresses of this visit end with (tokens.py). `just` is what this visitor has just done:
    "approved", "commented", "withdrawn" or ""; `keep` the address where it can be taken back.
    `refused` is the position whose form was refused, `refused_form` which of its two ("approved",
    "commented"), `wrong` why, and `typed` what was in it."""

    brand: Brand
    title: str
    pictures: list[SharedPicture]
    address: str = ""
    query: str = ""
    preview: LinkPreview | None = None
    just: str = ""
    keep: str = ""
    refused: int = 0
    refused_form: str = ""
    wrong: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As this visitor wrote it before, on this page."""
        said = [each for picture in self.pictures for each in picture.said if each.mine]
        return self.typed.get("name", "") or (said[0].name if said else "")

    @property
    def phone(self) -> str:
        """Of the contact line, as a `tel:` takes it."""
        return phone_in(self.brand.contact)

    @property
    def mail(self) -> str:
        return mail_in(self.brand.contact)


def phone_in(contact: str) -> str:
    found = PHONE.search(contact)
    return re.sub(r"[^\d+]", "", found[0]) if found else ""


def mail_in(contact: str) -> str:
    found = MAIL.search(contact)
    return found[0] if found else ""


def pictures_of(link: ShareLink, visit: Visit) -> list[SharedPicture]:
    """What the link shows now, and what was said of it."""
    yes = {each.generation_id: each for each in selectors.approvals_on(link)}
    said = selectors.comments_on(link)
    return [
        _picture(each, visit, yes.get(each.generation_id), said)
        for each in selectors.shared_of(link)
    ]


def address_of(link: ShareLink) -> str:
    return reverse("share:page", args=[link.token])


def _picture(
    shared: SharedGeneration, visit: Visit, yes: Approval | None, said: list[ClientComment]
) -> SharedPicture:
    made, photo = selectors.picture_of(shared), shared.generation.photo
    assert made is not None  # shared_of() leaves the others out
    about = [each for each in said if each.generation_id == shared.generation_id]
    image = partial(_image, visit, shared.position)
    return SharedPicture(
        shared.position,
        shared.generation.type_name,
        image("after", made),
        image("before", photo) if photo else None,
        _said(yes, visit) if yes else None,
        [_thread(each, about, visit) for each in about if not each.answers_id],
    )


def _thread(comment: ClientComment, about: list[ClientComment], visit: Visit) -> Said:
    answers = [_said(each, visit) for each in about if each.answers_id == comment.pk]
    return _said(comment, visit, answers)


def _said(row: Approval | ClientComment, visit: Visit, answers: list[Said] | None = None) -> Said:
    mark = mark_of(row)
    mine = mark if mark in visit.mine else ""
    if isinstance(row, Approval):
        return Said(row.name, row.created_at, mine=mine)
    by_agency = row.answers_id is not None
    return Said(row.name, row.created_at, row.text, mine, by_agency, answers or [])


def mark_of(row: Approval | ClientComment) -> str:
    """As `Visit.mine` names it."""
    return f"{'a' if isinstance(row, Approval) else 'c'}{row.pk}"


def _image(visit: Visit, position: int, side: str, row: Picture | Upload) -> Image:
    address = partial(_size_address, visit, position, side)
    sets = {
        kind: ", ".join(f"{address(ask, kind)} {is_}w" for ask, is_ in sizes.widths_of(row))
        for kind in sizes.KINDS
    }
    return Image(**sets, src=address(sizes.WIDTHS[1], "jpg"), width=row.width, height=row.height)


def _size_address(visit: Visit, position: int, side: str, width: int, kind: str) -> str:
    """Its query is the pass alone: what the visitor said is no business of a picture."""
    path = reverse("share:image", args=[visit.link.token, position, side, width, kind])
    return f"{path}{Visit(visit.link, visit.opened).query()}"
