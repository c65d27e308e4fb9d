"""Rows in the words of the pages: what a person reads of a project and of its pictures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import selectors
from projects.choices import FailureCode, Status
from projects.estimates import Estimate, estimate
from projects.models import Complaint, Generation, Picture, Project
from projects.photo_problems import detail_text
from projects.views.polling import wait_for

# Of what lies outside the zone: less is the codec's.
UNCHANGED = 0.005
STEPS = [
    {Status.QUEUED},
    {Status.SUBMITTING, Status.UNCONFIRMED},
    {Status.PROCESSING},
    {Status.ARCHIVING},
]


@dataclass(frozen=True)
class Step:
    """One phase of a running job: done, current or todo."""

    label: str
    state: str


@dataclass(frozen=True)
class Card:
    """A generation as its project's page lists it."""

    generation: Generation
    number: int
    parent_number: int | None
    picture: Picture | None

    @property
    def is_running(self) -> bool:
        return not self.generation.is_terminal

    @property
    def price(self) -> str:
        return photos(self.generation.price) if self.generation.price else _("free")

    @property
    def status(self) -> str:
        if self.generation.erased_at:
            return _("Erased")
        return str(Status(self.generation.status).label)

    @property
    def tone(self) -> str:
        """The colour of the status, named by what it means."""
        if self.is_running:
            return "running"
        return "ready" if self.generation.status == Status.SUCCEEDED else "failed"

    @property
    def failure(self) -> str:
        code = self.generation.failure_code
        why = detail_text(self.generation.failure_detail)
        return why or (str(FailureCode(code).label) if code else "")

    @property
    def refund(self) -> str:
        """What became of the photos of a job that gave no picture."""
        price = self.generation.price
        if not price:
            return _("No photo was used.")
        text = ngettext(
            "%(n)d photo given back automatically.",
            "%(n)d photos given back automatically.",
            price,
        )
        return text % {"n": price}

    @property
    def changed_outside(self) -> bool:
        share = self.picture.outside_changed if self.picture else None
        return share is not None and share >= UNCHANGED

    @property
    def outside(self) -> str:
        """What the picture changed outside the zone, if that is known."""
        if not self.picture or self.picture.outside_changed is None:
            return ""
        if not self.changed_outside:
            return _("Outside the zone: unchanged.")
        percent = {"n": max(1, round(100 * self.picture.outside_changed))}
        if self.picture.restored:
            return _("Outside the zone: %(n)d%% had changed; your photo is back there.") % percent
        return _("Outside the zone: %(n)d%% changed. Look at it closely.") % percent

    @property
    def complaint(self) -> Complaint | None:
        """What was last said to be wrong with it."""
        return selectors.last_complaint(self.generation)

    @property
    def maker(self) -> str:
        own = self.generation.upstream_origin == settings.EMULATOR_URL
        return _("Made by Parterre's own engine.") if own else _("Made by iacrea.")

    @property
    def steps(self) -> list[Step]:
        at = next(i for i, statuses in enumerate(STEPS) if self.generation.status in statuses)
        states = ["done"] * at + ["current"] + ["todo"] * (len(STEPS) - at - 1)
        return [Step(*pair) for pair in zip(_step_labels(), states, strict=True)]

    @property
    def step(self) -> str:
        return next(step.label for step in self.steps if step.state == "current")

    @property
    def age(self) -> float:
        return (timezone.now() - self.generation.created_at).total_seconds()

    @property
    def elapsed(self) -> str:
        return duration(self.age)

    @property
    def estimate(self) -> Estimate | None:
        job = self.generation
        return estimate(job.upstream_origin or job.account.origin)

    @property
    def usual(self) -> str:
        return duration(self.estimate.usual) if self.estimate else ""

    @property
    def late_after(self) -> int:
        return int(self.estimate.late) if self.estimate else 0

    @property
    def is_late(self) -> bool:
        return self.age >= self.late_after

    @property
    def wait(self) -> float:
        """Seconds until an open page asks again."""
        return wait_for(self.generation, self.estimate)

    @property
    def doubtful_until(self) -> datetime | None:
        """When a job that iacrea never confirmed ends by itself."""
        unconfirmed = self.generation.status == Status.UNCONFIRMED
        return self.generation.due_at if unconfirmed else None


@dataclass(frozen=True)
class ProjectCard:
    """A project as the list shows it; its cover is its newest picture, else its photo."""

    project: Project
    cards: list[Card]

    @property
    def name(self) -> str:
        return project_name(self.project)

    @property
    def cover(self) -> Picture | None:
        return next((card.picture for card in reversed(self.cards) if card.picture), None)

    @property
    def newest(self) -> Card | None:
        return self.cards[-1] if self.cards else None

    @property
    def is_running(self) -> bool:
        return any(card.is_running for card in self.cards)

    @property
    def pictures(self) -> int:
        return sum(1 for card in self.cards if card.picture)


def cards_of(generations: list[Generation]) -> list[Card]:
    """Cards of one project's generations, oldest first, numbered from 1. One in the bin has none,
    but keeps its number: the others are known by theirs."""
    numbered = [(n, row) for n, row in enumerate(generations, start=1) if not row.removed_at]
    numbers: dict[UUID | None, int] = {row.pk: number for number, row in numbered}
    return [
        Card(row, number, numbers.get(row.parent_id), _picture(row)) for number, row in numbered
    ]


def project_name(project: Project) -> str:
    day = date_format(timezone.localtime(project.created_at), "DATE_FORMAT")
    return project.title or _("Garden of %(day)s") % {"day": day}


def photos(count: int) -> str:
    return ngettext("%(n)d photo", "%(n)d photos", count) % {"n": count}


def duration(length: float) -> str:
    """So many seconds in words, as static/js/live.js goes on counting them."""
    minutes, seconds = divmod(max(0, int(length)), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def _picture(generation: Generation) -> Picture | None:
    """The first picture; none before the photos are charged, none after an erasure."""
    ready = generation.status == Status.SUCCEEDED and not generation.erased_at
    return next(iter(generation.pictures.all()), None) if ready else None


def _step_labels() -> list[str]:
    return [_("Waiting its turn"), _("Being sent"), _("Being drawn"), _("Finishing")]
