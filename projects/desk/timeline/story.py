"""The whole story of a generation: every line in the order of time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import CharField, Model, Value
from django.urls import reverse

from accounts.models import ApiKey, Membership, User
from projects.desk import redact
from projects.desk.timeline import clients, life, messages, money, sent, support
from projects.desk.timeline.moments import Facts, Reader, Rows, Said, Tell, as_id, as_tree
from projects.desk.timeline.money import BOOKED, Books, books_of
from projects.models import Generation

MOST = 500
SOURCES = (life, sent, money, messages, clients, support)
TELL: dict[str, Tell] = {kind: tell for source in SOURCES for kind, tell in source.TELL.items()}
# The same columns of every table.
SHAPE = ("line_rank", "line_at", "line_kind", "line_facts")
# The act of support that the answer to the customer tells of.
AGAIN = "generation.retried_free"
MaySee = Callable[[type[Model]], bool]


@dataclass(frozen=True)
class Line:
    """`after`: seconds since it was accepted. `detail` is redacted."""

    at: datetime
    after: int
    kind: str
    words: str
    detail: str
    address: str


@dataclass(frozen=True)
class Moment:
    at: datetime
    kind: str
    facts: Facts


@dataclass(frozen=True)
class Story:
    lines: list[Line]
    moments: list[Moment]
    is_cut: bool

    @property
    def books(self) -> Books:
        """Whoever may not read the ledger still tells the truth about the photos."""
        return books_of((each.at, each.facts) for each in self.moments if each.kind in BOOKED)

    @property
    def made_again_at(self) -> datetime | None:
        acts = [each for each in self.moments if each.facts.get("action") == AGAIN]
        return acts[-1].at if acts else None


def story_of(job: Generation, may_see: MaySee) -> Story:
    """In two questions. Of tables that the reader may not see there is no line."""
    rows = {kind: each for source in SOURCES for kind, each in source.rows(job).items()}
    found = _found(rows)
    moments = sorted(found[:MOST], key=lambda each: each.at)
    reader = Reader(job, _names(moments))
    seen = {kind for kind, each in rows.items() if may_see(each.model)}
    lines = [_line(reader, each, may_see) for each in moments if each.kind in seen]
    return Story(lines, moments, is_cut=len(found) > MOST)


def _found(rows: dict[str, Rows]) -> list[Moment]:
    """The newest, and one more than is shown."""
    named = [each.annotate(line_kind=_text(kind)) for kind, each in rows.items()]
    shaped = [each.values_list(*SHAPE) for each in named]
    every = shaped[0].union(*shaped[1:], all=True).order_by("line_rank", "-line_at")
    return [Moment(at, kind, facts) for _rank, at, kind, facts in every[: MOST + 1]]


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _names(moments: list[Moment]) -> dict[str, str]:
    """What people, members and keys are called that did something."""
    ids = {as_id(by) for each in moments for by in _actors(each.facts) if by}
    known = [each for each in ids if len(each) == 32]
    people = User.objects.filter(pk__in=known).values_list("pk", "name", "email")
    members = Membership.objects.filter(pk__in=known)
    keys = ApiKey.objects.filter(pk__in=known).values_list("pk", "prefix", "prefix")
    mine = members.values_list("pk", "user__name", "user__email")
    found = people.union(mine, keys, all=True)
    return {pk.hex: name or email for pk, name, email in found}


def _actors(facts: Facts) -> list[Any]:
    detail = as_tree(facts.get("detail"))
    within = detail.get("by") if isinstance(detail, dict) else None
    return [facts.get("by"), within]


def _line(reader: Reader, moment: Moment, may_see: MaySee) -> Line:
    said = TELL[moment.kind](reader, moment.facts)
    after = round((moment.at - reader.job.created_at).total_seconds())
    detail = redact.shown(said.detail)
    return Line(moment.at, after, moment.kind, said.words, detail, _page(said, may_see))


def _page(said: Said, may_see: MaySee) -> str:
    """Of the row that it tells of, for whoever may see it."""
    if said.row is None:
        return ""
    label, pk = said.row
    if not may_see(apps.get_model(label)):
        return ""
    return reverse(f"admin:{label.replace('.', '_')}_change", args=[pk])
