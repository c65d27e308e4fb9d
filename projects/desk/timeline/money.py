"""Its photos: what was held, charged, given back, and made good."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import EntryKind, LotSource, StaffReason
from accounts.models import LedgerEntry
from accounts.models.ledger import ENDS
from projects.choices import FailureCode
from projects.desk.timeline.moments import Facts, Reader, Rows, Said, vital
from projects.models import Generation

REASONS = {**dict(StaffReason.choices), **dict(FailureCode.choices)}
BOOKED = ("held", "ended", "made_good")


@dataclass(frozen=True)
class Books:
    """Photos by what became of them."""

    held: int = 0
    charged: int = 0
    given_back: int = 0
    made_good: int = 0
    made_good_at: datetime | None = None


def rows(job: Generation) -> dict[str, Rows]:
    """Three questions, because the ledger has an index of jobs for each of these kinds."""
    entries = LedgerEntry.objects.filter(generation_id=job.pk)
    told = {
        "id": "id", "kind": "kind", "photos": "quantity", "reason": "reason", "by": "actor_id",
        "lot": "lot__source",
    }  # fmt: skip
    return {
        "held": vital(entries.filter(kind=EntryKind.HOLD), "created_at", **told),
        "ended": vital(entries.filter(kind__in=ENDS), "created_at", **told),
        "made_good": vital(entries.filter(kind=EntryKind.GRANT), "created_at", **told),
    }


def books_of(entries: Iterable[tuple[datetime, Facts]]) -> Books:
    """What the ledger's lines add up to."""
    books = Books()
    for at, facts in entries:
        books = _booked(books, at, EntryKind(facts["kind"]), facts["photos"])
    return books


def _booked(books: Books, at: datetime, kind: EntryKind, photos: int) -> Books:
    if kind == EntryKind.HOLD:
        return replace(books, held=books.held + photos)
    if kind == EntryKind.GRANT:
        return replace(books, made_good=books.made_good + photos, made_good_at=at)
    left = replace(books, held=books.held - photos)
    if kind == EntryKind.CAPTURE:
        return replace(left, charged=left.charged + photos)
    return replace(left, given_back=left.given_back + photos)


def _entry(reader: Reader, facts: Facts) -> Said:
    words = [_words(EntryKind(facts["kind"]), facts["photos"]), str(_reason(facts["reason"]))]
    by = _("By %(name)s.") % {"name": reader.who(facts["by"])} if facts["by"] else ""
    lot = {"lot": str(LotSource(facts["lot"]).label)}
    told = " ".join(word for word in [*words, by] if word)
    return Said(told, lot, ("accounts.ledgerentry", facts["id"]))


def _reason(code: str) -> str:
    """A hold's is that it was accepted, which is another line."""
    reason = str(REASONS.get(code, ""))
    return reason if not reason or reason.endswith(".") else f"{reason}."


def _words(kind: EntryKind, count: int) -> str:
    words = {
        EntryKind.HOLD: ngettext("%(n)d photo held.", "%(n)d photos held.", count),
        EntryKind.CAPTURE: ngettext("%(n)d photo charged.", "%(n)d photos charged.", count),
        EntryKind.RELEASE: ngettext("%(n)d photo given back.", "%(n)d photos given back.", count),
        EntryKind.GRANT: ngettext(
            "%(n)d photo given as goodwill, for what was charged.",
            "%(n)d photos given as goodwill, for what was charged.",
            count,
        ),
    }
    return words[kind] % {"n": count}


TELL = dict.fromkeys(BOOKED, _entry)
