"""Why nothing is erased yet."""

from accounts.privacy import Bond
from projects.models import Generation


class OnlyOwner(Exception):
    """The person is the only owner of these agencies."""

    def __init__(self, bonds: list[Bond]) -> None:
        super().__init__(", ".join(str(bond.agency.pk) for bond in bonds))
        self.bonds = bonds


class StillRunning(Exception):
    """These jobs have not ended: their end would write what was just erased."""

    def __init__(self, jobs: list[Generation]) -> None:
        super().__init__(", ".join(f"{job.pk} ({job.status})" for job in jobs))
        self.jobs = jobs
