"""A job that kills its worker each time is left alone after three, and everybody else goes on."""

from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage

from integrations.iacrea.models import RiskyStep
from projects import tasks
from projects.choices import Status
from projects.models import Generation
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.projects.jobs import (
    again,
    archiving_generation,
    backdate,
    balances,
    ended_as,
    given_by_url,
)
from tests.servers import serving
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db
PICTURE = photo_bytes((800, 600), "PNG")


class Deadly(FileSystemStorage):
    """What django-q2 does to a worker that is at it for too long."""

    def _save(self, name: str, content: Any) -> str:
        raise SystemExit("killed")


class Full(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        raise OSError(28, "No space left on device")


def deadly(settings: Any, storage: type = Deadly) -> dict[str, Any]:
    good: dict[str, Any] = settings.STORAGES
    path = f"{storage.__module__}.{storage.__qualname__}"
    settings.STORAGES = {**good, "default": {**good["default"], "BACKEND": path}}
    return good


def kill(job: Generation, task: Any) -> None:
    with pytest.raises(SystemExit):
        task(str(job.pk))
    backdate(job, 200, "due_at")  # the claim of the dead worker ends


def test_three_kills_at_archiving(alice: Cast, charlie: Cast, settings: Any, caplog: Any) -> None:
    with serving({"/1": PICTURE}) as server:
        job = archiving_generation(alice, server.origin + "/1")
        good = deadly(settings)
        for count in (1, 2, 3):
            kill(job, tasks.archive_generation)
            assert RiskyStep.objects.get().begun == count
        asked = len(server.requests)
        tasks.archive_generation(str(job.pk))
        assert len(server.requests) == asked, "no fourth worker tries"
        assert f"ALERT job_quarantined generation={job.pk} step=archive" in caplog.text
        settings.STORAGES = good
        Generation.objects.filter(pk=job.pk).update(upstream_id="hers")
        other = archiving_generation(charlie, server.origin + "/1")
        for row in (job, other):
            backdate(row, 200, "due_at", "hinted_at")
        sweep_once()
        run_queued()
    assert again(other).status == Status.SUCCEEDED
    assert again(job).status == Status.ARCHIVING and again(job).hinted_at is None
    backdate(job, 6 * 3600, "status_since", "due_at")
    sweep_once()
    assert ended_as(job, "result_lost") and balances(alice) == (10, 0, 0)


def test_three_kills_at_the_inputs(alice: Cast, settings: Any, caplog: Any) -> None:
    with serving({"/photo.jpg": photo_bytes(), "/mask.png": mask_bytes()}) as files:
        job = given_by_url(alice, f"{files.origin}/photo.jpg", f"{files.origin}/mask.png")
        good = deadly(settings)
        for _ in range(3):
            kill(job, tasks.prepare_inputs)
        tasks.prepare_inputs(str(job.pk))
        settings.STORAGES = good
        assert len(files.requests) == 6 and "ALERT job_quarantined" in caplog.text
    backdate(job, 24 * 3600, "created_at", "due_at")
    sweep_once()
    assert ended_as(job, "upstream_unavailable") and balances(alice) == (10, 0, 0)


def test_two_kills_and_a_success_leave_nothing(alice: Cast, settings: Any) -> None:
    with serving({"/1": PICTURE}) as server:
        job = archiving_generation(alice, server.origin + "/1")
        good = deadly(settings)
        for _ in range(2):
            kill(job, tasks.archive_generation)
        settings.STORAGES = good
        tasks.archive_generation(str(job.pk))
    assert again(job).status == Status.SUCCEEDED and not RiskyStep.objects.exists()


def test_a_failure_is_no_kill(alice: Cast, settings: Any) -> None:
    """A full disk is nobody's poison: it is tried until its deadline."""
    with serving({"/1": PICTURE}) as server:
        job = archiving_generation(alice, server.origin + "/1")
        good = deadly(settings, Full)
        for _ in range(5):
            tasks.archive_generation(str(job.pk))
            assert not RiskyStep.objects.exists()
            backdate(job, 200, "due_at")
        settings.STORAGES = good
        tasks.archive_generation(str(job.pk))
    assert again(job).status == Status.SUCCEEDED
