"""What support reads first of a generation: what it is, whose, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import CharField, F, Model, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.desk import redact
from projects.desk.timeline.story import MaySee
from projects.models import Generation, ShareLink

# What the page reads of its row without another question.
RELATED = (
    "agency", "project", "author__user", "author__agency", "parent", "root", "photo", "mask",
    "account", "recovered_from", "recovered_as",
)  # fmt: skip
MOST = 20


@dataclass(frozen=True)
class Link:
    words: str
    address: str = ""


@dataclass(frozen=True)
class Fact:
    name: str
    links: list[Link] = field(default_factory=list)


def heading_of(job: Generation, may_see: MaySee) -> list[Fact]:
    """In one question; empty facts are left out."""
    linked = _Linked(may_see)
    facts = [*_what(job), *_whose(job, linked), *_upstream(job, linked), *_relatives(job, linked)]
    return [fact for fact in facts if any(link.words for link in fact.links)]


class _Linked:
    """A row's words, with its page for whoever may see it."""

    def __init__(self, may_see: MaySee) -> None:
        self.may_see = may_see

    def row(self, row: Model | None) -> Link:
        return self.id(type(row), row.pk, str(row)) if row else Link("")

    def id(self, model: type[Model], pk: Any, words: str) -> Link:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return Link(words, reverse(name, args=[pk]) if self.may_see(model) else "")


def _what(job: Generation) -> Iterator[Fact]:
    yield _fact(_("status"), f"{job.public_status} · {job.get_status_display()} ({job.status})")
    yield _fact(_("failure"), _failure(job))
    yield _fact(_("age"), age_of(job))
    yield _fact(_("mode"), job.get_mode_display())
    yield _fact(_("type"), job.type_name)
    yield _fact(_("photos"), _photos(job))
    yield _fact(_("asked for by"), job.get_source_display())


def _whose(job: Generation, linked: _Linked) -> Iterator[Fact]:
    yield Fact(_("agency"), [linked.row(job.agency)])
    yield Fact(_("author"), [linked.row(job.author)])
    yield Fact(_("project"), [linked.row(job.project)])


def _upstream(job: Generation, linked: _Linked) -> Iterator[Fact]:
    yield _fact(_("id at iacrea"), job.upstream_id)
    yield Fact(_("account"), [linked.row(job.account)])
    yield _given(_("address of the photo"), job.image_url)
    yield _given(_("address of the zone"), job.mask_url)
    yield _given(_("its own webhook"), job.webhook)


def _given(name: str, url: str) -> Fact:
    """As it was given, without what it lets one do."""
    return _fact(name, redact.address(url) if url else "")


def _fact(name: str, words: object) -> Fact:
    return Fact(name, [Link(str(words))])


def _failure(job: Generation) -> str:
    known = job.get_failure_code_display() if job.failure_code else ""
    return " ".join(word for word in (known, job.failure_detail) if word)


def _photos(job: Generation) -> str:
    price = ngettext("price: %(n)d photo", "price: %(n)d photos", job.price) % {"n": job.price}
    charged = _("charged: %(n)d") % {"n": job.charged}
    return f"{price} · {charged}"


def age_of(job: Generation) -> str:
    """Since it was asked for, and how long it took."""
    age = timezone.now() - job.created_at
    if job.ended_at is None:
        return _("%(age)s, in progress") % {"age": length(age)}
    took = {"age": length(age), "took": length(job.ended_at - job.created_at)}
    return _("%(age)s, ended after %(took)s") % took


def length(time: timedelta) -> str:
    """With its two greatest units: 38 s, 2 min 05 s, 1 h 02 min, 3 d 4 h."""
    seconds = max(0, int(time.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours % 24}
    if hours:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{minutes} min {seconds % 60:02d} s" if minutes else f"{seconds} s"


def _relatives(job: Generation, linked: _Linked) -> Iterator[Fact]:
    found = _related(job)
    made = [linked.id(Generation, pk, str(pk)[:8]) for kind, pk in found if kind == "variation"]
    shown = [linked.id(ShareLink, pk, str(pk)[:8]) for kind, pk in found if kind == "link"]
    yield Fact(_("made from"), [linked.row(job.parent)])
    yield Fact(_("variations"), made)
    yield Fact(_("shared by"), shown)
    yield Fact(_("late success of"), [linked.row(job.recovered_from)])
    yield Fact(_("late success"), [linked.row(getattr(job, "recovered_as", None))])


def _related(job: Generation) -> list[tuple[str, Any]]:
    """The newest of what hangs on it."""
    made = Generation.objects.filter(parent=job).annotate(kind=_kind("variation"))
    links = ShareLink.objects.filter(shared__generation=job).annotate(kind=_kind("link"))
    shape = ("kind", "pk", "at")
    each = [rows.annotate(at=F("created_at")).order_by().values_list(*shape)
            for rows in (made, links)]  # fmt: skip
    found = each[0].union(each[1], all=True).order_by("-at")[:MOST]
    return [(kind, pk) for kind, pk, _at in found]


def _kind(name: str) -> Value:
    return Value(name, output_field=CharField())
