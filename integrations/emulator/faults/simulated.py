"""Endings that a client asks for itself, by the field `simulate` of a job. iacrea has no such
field; the test mode of a platform that uses this machine sends it."""

from integrations.emulator.faults.fault import Fault
from integrations.emulator.faults.rule import Subject

SLOW_S = 30
SIMULATED = {
    "failed": (Fault("job", "fail"),),
    "slow": (Fault("job", "slow", seconds=SLOW_S),),
    # The job is taken, and its client never learns of it.
    "unconfirmed": (
        Fault("generate", "reset", accepted=True),
        Fault("variation", "reset", accepted=True),
        Fault("webhook", "none"),
    ),
}


def simulated(subject: Subject) -> Fault | None:
    faults = SIMULATED.get(subject.simulate or "", ())
    return next((fault for fault in faults if fault.call == subject.call), None)
