"""What was sent to iacrea and what was seen: attempts, and the calls that came back."""

from typing import Any

from django.utils.translation import gettext as _

from projects.choices import AttemptOutcome
from projects.desk import redact
from projects.desk.timeline.moments import (
    Facts,
    Reader,
    Rows,
    Said,
    as_moment,
    as_tree,
    moments,
    vital,
)
from projects.models import Attempt, CallbackReceipt, Generation


def rows(job: Generation) -> dict[str, Rows]:
    attempts = Attempt.objects.filter(generation=job)
    rings = CallbackReceipt.objects.filter(attempt__generation=job)
    rung = {"id": "id", "number": "attempt__number", "named": "candidate_id"}
    return {
        "sent": vital(attempts, "opened_at", number="number"),
        "answered": vital(
            attempts, "ended_at", number="number", outcome="outcome",
            evidence="evidence", named="upstream_id", began="opened_at", ended="ended_at",
        ),
        "rung": moments(rings, "received_at", **rung),
        "rung_asked": moments(rings, "asked_at", **rung),
        "rung_handled": moments(rings, "handled_at", **rung),
    }  # fmt: skip


def _sent(reader: Reader, facts: Facts) -> Said:
    """Of the body nothing is kept: what the job says is what is sent each time."""
    words = _("Attempt %(number)s: the job is sent to iacrea.")
    return Said(words % facts, _body(reader.job))


def _body(job: Generation) -> dict[str, Any]:
    secret = redact.redacted()
    of = {"generation_id": job.parent.upstream_id} if job.parent else {}
    size = {"width": job.photo.width, "height": job.photo.height} if job.photo else {}
    return {
        "to": job.upstream_origin or job.account.origin,
        "user_id": str(job.account.iacrea_user_id),
        "room_type": job.room_type,
        **of,
        **size,
        "photo": secret,
        "mask": secret,
        "webhook": secret,
    }


def _answered(_reader: Reader, facts: Facts) -> Said:
    took = as_moment(facts["ended"]) - as_moment(facts["began"])
    evidence = as_tree(facts["evidence"]) or {}
    words = _("Attempt %(number)s ended after %(ms)s ms: %(outcome)s.") % {
        "number": facts["number"],
        "ms": round(took.total_seconds() * 1000),
        "outcome": AttemptOutcome(facts["outcome"]).label,
    }
    named = {"generation_id": facts["named"]} if facts["named"] else {}
    return Said(f"{words} {_seen(evidence)}".strip(), evidence | named)


def _seen(evidence: dict[str, Any]) -> str:
    status, code = evidence.get("status"), evidence.get("code")
    return f"HTTP {status}" if status else str(code or "")


def _rung(_reader: Reader, facts: Facts) -> Said:
    return _of_ring(_("iacrea called back, for attempt %(number)s."), facts)


def _rung_asked(_reader: Reader, facts: Facts) -> Said:
    return _of_ring(_("iacrea was asked about the id that its call named."), facts)


def _rung_handled(_reader: Reader, facts: Facts) -> Said:
    return _of_ring(_("What follows from iacrea’s call was done."), facts)


def _of_ring(words: str, facts: Facts) -> Said:
    named = {"generation_id": facts["named"]} if facts["named"] else None
    return Said(words % facts, named, ("projects.callbackreceipt", facts["id"]))


TELL = {
    "sent": _sent, "answered": _answered, "rung": _rung, "rung_asked": _rung_asked,
    "rung_handled": _rung_handled,
}  # fmt: skip
