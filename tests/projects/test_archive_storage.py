"""A storage that is broken or lies: the photo is not charged."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from projects import tasks
from projects.choices import Status
from tests.conftest import Cast, photo_bytes
from tests.projects.jobs import (
    again,
    archiving_generation,
    backdate,
    balances,
    files_in,
    waits_uncharged,
)
from tests.servers import serving

pytestmark = pytest.mark.django_db
PICTURE = photo_bytes((800, 600), "PNG")


class Lying(FileSystemStorage):
    """Takes everything, and keeps something else."""

    def _save(self, name: str, content: Any) -> str:
        return super()._save(name, ContentFile(content.read()[:-1]))


class Losing(FileSystemStorage):
    """Says that it was stored."""

    def _save(self, name: str, content: Any) -> str:
        return name


class Full(FileSystemStorage):
    """Has room for a picture, and none for its thumbnail."""

    def _save(self, name: str, content: Any) -> str:
        if "thumbnails" in name:
            raise OSError(28, "No space left on device")
        return super()._save(name, content)


@pytest.mark.parametrize("storage", [Lying, Losing, Full])
def test_a_storage_that_fails_never_charges(
    alice: Cast, media: Path, settings: Any, storage: type
) -> None:
    with serving({"/1": PICTURE}) as server:
        job = archiving_generation(alice, server.origin + "/1")
        good = settings.STORAGES
        path = f"{storage.__module__}.{storage.__qualname__}"
        settings.STORAGES = {**good, "default": {**good["default"], "BACKEND": path}}
        tasks.archive_generation(str(job.pk))
        assert waits_uncharged(again(job)) and not job.pictures.exists()
        assert len(files_in(media)) == 2, "each try would leave its files"
        settings.STORAGES = good
        backdate(job, 16, "due_at")
        tasks.archive_generation(str(job.pk))
    assert again(job).status == Status.SUCCEEDED and balances(alice) == (9, 0, 1)
