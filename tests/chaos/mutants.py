"""Known mistakes as patches to the real code: each must be caught by a small piece of the campaign.
tests/model/mutants.py has those of one generation's life as changes of the model."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from deploy.tree import ROOT, project_files


@dataclass(frozen=True)
class Mutant:
    """`changes` are (file, text, other text); `spoil` is the SQL that takes away the constraint
    which would have stopped it; `caught` is in the line that must come out."""

    changes: tuple[tuple[str, str, str], ...]
    caught: str
    spoil: str = ""
    asleep: float = 0.15


LIFECYCLE, TRANSITIONS = "projects/lifecycle.py", "projects/transitions.py"
WITHOUT_COMPARING = (
    LIFECYCLE,
    "pk=generation.pk, status__in=transition.sources, **(where or {})",
    "pk=generation.pk",
)

MUTANTS = {
    "retry on timeout": Mutant(
        (
            (
                "projects/pipeline/submit.py",
                "lifecycle.doubt(attempt, error.evidence)",
                "lifecycle.requeue(\n            attempt, AttemptOutcome.UNCLEAR, error.evidence,"
                " wait=timedelta(seconds=1)\n        )",
            ),
        ),
        "second submit",
    ),
    "requeue on lease expiry": Mutant(
        (
            (
                TRANSITIONS,
                '_row("T9", {S.SUBMITTING}, S.UNCONFIRMED',
                '_row("T9", {S.SUBMITTING}, S.QUEUED',
            ),
        ),
        "second submit",
    ),
    # Whoever slept in the middle of it writes what is no longer so.
    "save after HTTP without a re-check": Mutant((WITHOUT_COMPARING,), "was moved by", asleep=0.5),
    "late success charged": Mutant(
        (
            (LIFECYCLE, "        price=0,\n", "        price=lost.price,\n"),
            (
                LIFECYCLE,
                "    effects.tell(lost,",
                '    effects.hold(born, "")\n    effects.tell(lost,',
            ),
        ),
        "double charge",
        "ALTER TABLE projects_generation DROP CONSTRAINT generation_recovered_is_free",
    ),
    "capture on answer": Mutant(
        (
            (
                TRANSITIONS,
                '"2xx with an id bound to nothing else")',
                '"2xx with an id bound to nothing else", E.CAPTURE)',
            ),
        ),
        "job",
        "ALTER TABLE projects_generation DROP CONSTRAINT generation_charged_only_when_ready",
    ),
    "body believed": Mutant(
        (
            (
                "projects/callbacks.py",
                "    if _store(hashed, candidate):\n",
                "    if _store(hashed, candidate):\n"
                "        if b'\"FAILED\"' in body:\n"
                "            from projects import lifecycle\n"
                "            rung = Attempt.objects.get(token_sha256=hashed)\n"
                "            lifecycle.fail_upstream(rung.generation)\n",
            ),
        ),
        "iacrea kept a photo",
    ),
    "no deadline": Mutant(
        (
            (
                "projects/pipeline/due.py",
                "        lifecycle.expire(row)",
                "        claim(row, now + timedelta(hours=1))",
            ),
        ),
        "unresolved",
    ),
    "idempotency key ignored": Mutant(
        (
            (
                "accounts/idempotency.py",
                "        name = [key.agency_id.hex, key.mode, key.path, key.text]\n",
                "        from uuid import uuid4\n\n"
                "        name = [key.agency_id.hex, key.mode, key.path, uuid4().hex]\n",
            ),
        ),
        "second job",
    ),
    "release without the unique index": Mutant(
        (WITHOUT_COMPARING,),
        "audit",
        "DROP INDEX entry_one_end_per_hold",
    ),
}


def tree_with(mutant: Mutant, folder: Path) -> None:
    """The project's files with the patch; a text that is not there exactly once is an error."""
    for path in project_files():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name, text, other in mutant.changes:
        source = (folder / name).read_text()
        if source.count(text) != 1:
            raise ValueError(f"{name} has {source.count(text)} times: {text}")
        (folder / name).write_text(source.replace(text, other))
