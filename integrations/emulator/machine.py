"""What every part of the machine shares."""

import threading
from dataclasses import dataclass, field

from integrations.emulator.faults.rulebook import Rulebook
from integrations.emulator.settings import Settings
from integrations.emulator.store import Store


@dataclass(frozen=True)
class Machine:
    settings: Settings
    store: Store
    faults: Rulebook
    # Set when a job was taken in, so that no worker sleeps on.
    wake: threading.Event = field(default_factory=threading.Event)
