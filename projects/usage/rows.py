"""A movement of photos in the words of the Usage page: what it was for, and its other half."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.choices import EntryKind, StaffReason
from accounts.effects import EFFECTS
from accounts.models import Agency, LedgerEntry, Membership
from projects.choices import FailureCode
from projects.models import Generation
from projects.usage import selectors
from projects.usage.selectors import Listed
from projects.views.access import PAGES_MODE
from projects.views.cards import project_name

REASONS = {**dict(StaffReason.choices), **dict(FailureCode.choices)}


@dataclass(frozen=True)
class Half:
    """The movement that this one belongs to: a charge and its refund, a hold and its end."""

    name: str
    at: datetime
    href: str


@dataclass(frozen=True)
class Row:
    entry: LedgerEntry
    left: int
    job: Generation | None

    @cached_property
    def kind(self) -> EntryKind:
        return EntryKind(self.entry.kind)

    @property
    def is_refund(self) -> bool:
        return self.kind == EntryKind.GRANT and self.entry.generation_id is not None

    @property
    def name(self) -> str:
        return _("Refunded") if self.is_refund else str(self.kind.label)

    @property
    def change(self) -> int:
        """Of the photos that can be used; a charge takes what was held before."""
        return self.entry.quantity * EFFECTS[self.kind].available

    @property
    def signed(self) -> str:
        """With a minus as wide as the plus."""
        return f"{self.change:+d}".replace("-", "−") if self.change else str(self.entry.quantity)

    @property
    def is_shown(self) -> bool:
        """Whether its picture has a page."""
        job = self.job
        gone = job is None or job.removed_at or job.project.removed_at or job.erased_at
        return not gone

    @property
    def project(self) -> str:
        if self.job is None:
            return ""
        if self.job.erased_at or self.job.project.erased_at:
            return _("Erased")
        return project_name(self.job.project) if self.is_shown else _("In the bin")

    @property
    def page(self) -> str:
        """Of the picture in its project; empty where there is none."""
        if not self.is_shown or self.job is None:
            return ""
        return f"{reverse('projects:detail', args=[self.job.project_id])}?image={self.job.pk}"

    @property
    def member(self) -> Membership | None:
        return self.job.author if self.job else None

    @property
    def who(self) -> str:
        if self.is_refund and self.entry.actor_id:
            return _("Support")
        if self.member:
            return self.member.shown_name
        if self.job:
            return _("Someone who has left")
        return _("Support") if self.entry.actor_id else ""

    @property
    def why(self) -> str:
        reason = str(REASONS.get(self.entry.reason, ""))
        if self.kind == EntryKind.GRANT and not self.is_refund:
            source = str(self.entry.lot.get_source_display())
            return f"{source} · {reason}" if reason else source
        return reason

    @property
    def half(self) -> Half | None:
        name, text = self._half()
        other: UUID | None = getattr(self.job, name, None) if name else None
        if other is None:
            return None
        href = f"{reverse('projects:usage')}?id={self.entry.generation_id}#e-{other}"
        return Half(text, getattr(self.job, f"{name}_at"), href)

    def _half(self) -> tuple[str, str]:
        if self.kind == EntryKind.HOLD:
            released = getattr(self.job, "release", None)
            return ("release", _("Given back")) if released else ("", "")
        halves = {
            EntryKind.CAPTURE: ("refund", _("Refunded")),
            EntryKind.RELEASE: ("hold", _("Held")),
            EntryKind.GRANT: ("charge", _("Charged")),
        }
        return halves.get(self.kind, ("", ""))


def rows_of(agency: Agency, listed: Iterable[Listed]) -> list[Row]:
    """With the jobs that the movements were for: one query for any number."""
    found = list(listed)
    ids = {each.entry.generation_id for each in found if each.entry.generation_id}
    jobs = selectors.jobs_of(agency, PAGES_MODE, ids) if ids else {}
    return [Row(each.entry, each.left, _job(each.entry, jobs)) for each in found]


def _job(entry: LedgerEntry, jobs: dict[UUID, Generation]) -> Generation | None:
    return jobs.get(entry.generation_id) if entry.generation_id else None
