"""C58: what a killed worker left in the storage is removed, and nothing else."""

import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import FileField
from django_q.models import Schedule

from accounts.models import Agency
from projects import orphans, sizes, tasks
from projects.models import Upload
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.projects.jobs import files_in

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


class ReadOnly(FileSystemStorage):
    def delete(self, name: str) -> None:
        raise OSError(30, "Read-only file system")


def left_behind(*names: str) -> list[str]:
    return [default_storage.save(name, ContentFile(b"left behind")) for name in names]


def age(media: Path, seconds: float = DAY + 60) -> None:
    """All that is stored now was stored so long ago."""
    then = time.time() - seconds
    for path in files_in(media):
        os.utime(path, (then, then))


def test_it_is_scheduled_every_night() -> None:
    schedule = Schedule.objects.get(func="projects.tasks.sweep_files")
    assert (schedule.schedule_type, schedule.repeats) == ("D", -1)


def test_every_field_with_a_file_is_looked_after() -> None:
    """A folder of its own each: what another model stores there would have no row."""
    fields: dict[Any, tuple[Any, list[str]]] = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField):
                fields.setdefault(field.upload_to, (model, []))[1].append(field.name)
    assert fields == orphans.FIELDS


def test_what_no_row_has_is_removed_and_nothing_else(alice: Cast, media: Path) -> None:
    picture = succeeded_generation(alice).pictures.get()
    kept = set(files_in(media))
    assert len(kept) == 4, "a photo, a mask, a picture and its thumbnail"
    left_behind(*(f"{folder}killed.png" for folder in orphans.FOLDERS))
    age(media)
    tasks.sweep_files()
    assert set(files_in(media)) == kept and picture.file.read()
    assert orphans.sweep_files() == 0


def test_a_young_file_may_be_about_to_get_its_row(media: Path) -> None:
    left_behind("uploads/young.jpg")
    age(media, DAY - 60)
    assert orphans.sweep_files() == 0 and len(files_in(media)) == 1


def test_nothing_was_ever_stored(media: Path) -> None:
    assert orphans.sweep_files() == 0 and files_in(media) == []


def test_a_file_elsewhere_is_not_ours(media: Path) -> None:
    left_behind("README.txt", "uploads/older/photo.jpg")
    age(media)
    assert orphans.sweep_files() == 0 and len(files_in(media)) == 2


def test_it_is_bounded(alice: Cast, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    succeeded_generation(alice)
    left_behind(*(f"uploads/{number}.jpg" for number in range(7)))
    age(media)
    monkeypatch.setattr(orphans, "BATCH", 2)
    assert [orphans.sweep_files(most=3) for _ in range(4)] == [3, 3, 1, 0]
    assert all(default_storage.exists(upload.file.name) for upload in Upload.objects.all())


def test_one_that_cannot_be_removed_is_told(media: Path, settings: Any, caplog: Any) -> None:
    (name,) = left_behind("uploads/killed.jpg")
    age(media)
    default = settings.STORAGES["default"]
    path = f"{ReadOnly.__module__}.{ReadOnly.__qualname__}"
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "BACKEND": path}}
    assert orphans.sweep_files() == 0 and name in caplog.text


def test_the_sizes_of_a_row_stay_as_long_as_the_row(alice: Cast, media: Path) -> None:
    picture = succeeded_generation(alice).pictures.get()
    photo = picture.generation.photo
    assert photo
    for row in (picture, photo):
        sizes.sized(row, 480, "webp")
    stray = left_behind(
        f"sizes/{picture.pk.hex}-480_twin.webp",  # of a worker that was killed
        f"sizes/{picture.pk.hex}-333-ai.webp",  # a width that there was once
        f"sizes/{picture.pk.hex}-480.webp",  # of the days before pictures said what they are
        f"sizes/{uuid4().hex}-480.webp",
    )
    age(media)
    assert orphans.sweep_files() == 4 and not any(map(default_storage.exists, stray))
    assert default_storage.exists(f"sizes/{picture.pk.hex}-480-ai.webp")
    pk = picture.pk.hex
    picture.delete()
    assert orphans.sweep_files() == 3, "the picture, its thumbnail and its size"
    assert not default_storage.exists(f"sizes/{pk}-480-ai.webp")
    assert default_storage.exists(f"sizes/{photo.pk.hex}-480.webp")


def test_a_restored_picture_stays(alice: Cast, media: Path) -> None:
    Agency.objects.update(restore_outside=True)
    picture = succeeded_generation(alice).pictures.get()
    age(media)
    assert orphans.sweep_files() == 0 and picture.restored.read()
