"""An agency leaves for good, with all that its clients gave it. Books stay, by ids.

It takes many transactions, so that others can write between them. The first closes the agency: who
is killed later goes on where it was by calling again.
"""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db import transaction

from accounts import audit
from accounts.choices import Mode
from accounts.models import Agency, AuditEntry, KeptBytes, Membership, User
from accounts.quota import lock_quota
from integrations.doors.clock import database_now
from projects import sizes
from projects.choices import LIVE
from projects.erasure import erase_project, uncount
from projects.models import Generation, Picture, Project, Upload
from projects.privacy.erasure.belongings import blank_rows, forget_hints
from projects.privacy.erasure.person import erase_person
from projects.privacy.erasure.refusals import StillRunning

TOMBSTONE, ACTION = "erased", "agency.erased"
BATCH = 100


def erase_agency(agency: Agency, *, actor_id: str = "") -> bool:
    """False: it was done before. Raises StillRunning: nothing is erased while a job runs."""
    if is_erased(agency):
        return False
    _close(agency)
    _erase_all(agency)
    while not _bury(agency, actor_id):
        _erase_all(agency)
    return True


def _erase_all(agency: Agency) -> None:
    forget_hints(agency)
    _erase_projects(agency)
    for model in (Picture, Upload):
        while _erase_files(agency, model):
            pass
    blank_rows(agency)
    for user in _people_of(agency):
        erase_person(user)


def is_erased(agency: Agency) -> bool:
    return AuditEntry.objects.for_agency(agency).filter(action=ACTION).exists()


@transaction.atomic
def _close(agency: Agency) -> None:
    """Nobody comes in from now on. The lock is the first of every job that begins."""
    for mode in Mode:
        lock_quota(agency.pk, mode)
    running = Generation.objects.filter(agency=agency, status__in=LIVE)
    if found := list(running.order_by("created_at")):
        raise StillRunning(found)
    now = database_now()
    agency.api_keys.filter(revoked_at=None).update(revoked_at=now)
    Membership.objects.present().for_agency(agency).update(removed_at=now)


def _erase_projects(agency: Agency) -> None:
    """A job that came in while the first transaction waited for its lock is found here."""
    for project in Project.objects.filter(agency=agency, erased_at=None).order_by("created_at"):
        if not erase_project(project):
            jobs = Generation.objects.filter(project=project, status__in=LIVE)
            raise StillRunning(list(jobs))


@transaction.atomic
def _erase_files(agency: Agency, model: type[Picture] | type[Upload]) -> bool:
    """A batch of what no project has, such as photos that software sent and never used."""
    rows: list[Picture | Upload] = list(model.objects.filter(agency=agency)[:BATCH])
    model.objects.filter(pk__in=[row.pk for row in rows]).delete()
    uncount(rows)
    names = [*_names(rows), *sizes.names_of(rows)]
    transaction.on_commit(lambda: _delete(names), robust=True)
    return bool(rows)


def _names(rows: list[Picture | Upload]) -> Iterator[str]:
    for row in rows:
        yield from row.files if isinstance(row, Picture) else [str(row.file.name)]


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _people_of(agency: Agency) -> list[User]:
    """Who works nowhere else, and is not of the operator's staff."""
    elsewhere = Membership.objects.present().exclude(agency=agency).values("user")
    people = User.objects.filter(memberships__agency=agency, is_staff=False)
    return list(people.exclude(pk__in=elsewhere))


@transaction.atomic
def _bury(agency: Agency, actor_id: str) -> bool:
    """Last: it says that all of it is done. False: a call that had come in before the agency was
    closed has stored something since."""
    for mode in Mode:
        lock_quota(agency.pk, mode)
    projects = Project.objects.filter(agency=agency, erased_at=None)
    if projects.exists() or Upload.objects.filter(agency=agency).exists():
        return False
    KeptBytes.objects.filter(agency=agency).delete()
    Agency.objects.filter(pk=agency.pk).update(name=TOMBSTONE, webhook_secret="")
    audit.record(agency=agency, action=ACTION, target=str(agency.pk), actor_id=actor_id)
    return True
