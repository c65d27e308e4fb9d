"""Everything made of a photo, as the page draws it: a picture, then its variations."""

from dataclasses import dataclass, field
from uuid import UUID

from projects.views.cards import Card

# What is deeper is drawn among the last: a phone has no room for more indents.
LEVELS = 3


@dataclass
class Branch:
    """A card and what was made from it."""

    card: Card
    level: int
    trunk: "Branch | None"
    branches: list["Branch"] = field(default_factory=list)


def tree_of(cards: list[Card]) -> list[Branch]:
    """The first level; cards come oldest first, so that each finds its parent there already."""
    first: list[Branch] = []
    known: dict[UUID, Branch] = {}
    for card in cards:
        trunk = _trunk(known.get(card.generation.parent_id)) if card.generation.parent_id else None
        branch = Branch(card, trunk.level + 1 if trunk else 1, trunk)
        known[card.generation.pk] = branch
        (trunk.branches if trunk else first).append(branch)
    return first


def _trunk(parent: Branch | None) -> Branch | None:
    """What a branch of `parent` is drawn under."""
    return parent.trunk if parent and parent.level == LEVELS else parent
