"""What clients said of a project's pictures, as its page shows it beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from projects.models import Approval, ClientComment, Project
from projects.sharing import selectors


@dataclass
class Thread:
    """A comment and its answers."""

    comment: ClientComment
    answers: list[ClientComment] = field(default_factory=list)


@dataclass
class Said:
    """Of one picture, the oldest first, with what was taken back."""

    approvals: list[Approval] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)

    @property
    def is_approved(self) -> bool:
        return any(not each.withdrawn_at for each in self.approvals)

    @property
    def comments(self) -> int:
        return sum(1 for each in self.threads if not each.comment.withdrawn_at)


def said_of(project: Project) -> dict[UUID, Said]:
    """By generation; two queries."""
    found: dict[UUID, Said] = {}
    for approval in selectors.approvals_in(project):
        found.setdefault(approval.generation_id, Said()).approvals.append(approval)
    for thread in _threads(selectors.comments_in(project)):
        if about := thread.comment.generation_id:
            found.setdefault(about, Said()).threads.append(thread)
    return found


def _threads(rows: list[ClientComment]) -> Iterator[Thread]:
    first = {row.pk: Thread(row) for row in rows if not row.answers_id}
    for row in rows:
        if row.answers_id:
            first[row.answers_id].answers.append(row)
    yield from first.values()
