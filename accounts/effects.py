"""What each kind of ledger entry does to a balance. Imports nothing of ours but its words."""

from dataclasses import dataclass

from accounts.choices import EntryKind


@dataclass(frozen=True)
class Effect:
    """What one photo of an entry does to the balances of its lot and of its agency."""

    available: int = 0
    held: int = 0
    consumed: int = 0


EFFECTS = {
    EntryKind.GRANT: Effect(available=1),
    EntryKind.HOLD: Effect(available=-1, held=1),
    EntryKind.CAPTURE: Effect(held=-1, consumed=1),
    EntryKind.RELEASE: Effect(held=-1, available=1),
    EntryKind.EXPIRE: Effect(available=-1),
    EntryKind.ADJUST: Effect(available=-1),
}
