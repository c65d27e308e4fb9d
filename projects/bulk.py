"""Ended generations by the hundred thousand, for measuring: copies of a few that the product's own
functions made, so that what is measured are rows as they come."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from accounts.bulk import copy_entries, grant_for
from accounts.choices import Mode
from accounts.models import Agency, LedgerEntry, PhotoLot
from accounts.selectors import default_member
from integrations.doors.clock import database_now
from integrations.doors.copies import NUMBER, Series
from integrations.doors.images import read_mask, read_photo
from projects import lifecycle, selectors, services
from projects.choices import RoomType, Source, UploadKind
from projects.models import Generation, Project, Upload
from projects.pipeline.archive import keep

SPREAD = timedelta(days=2 * 365)
CHUNK = 10_000
PER_PROJECT = 4
SAMPLES = Path(settings.BASE_DIR) / "static" / "samples"
# As SQL with parameters, where a percent sign is doubled. Of each hundred numbers no two stay
# neighbours: the endings are mixed in time.
SHUFFLED = f"{NUMBER} * 37 %% 100"
ROOM_TYPE = f"CASE {NUMBER} %% 3 WHEN 0 THEN '{RoomType.TERRACE}' WHEN 1 THEN '{RoomType.POOL}' \
ELSE '{RoomType.PETANQUE}' END"


@dataclass(frozen=True)
class Sample:
    """A generation that has ended, and of which numbers of each hundred it is the example."""

    job: Generation
    share: range

    @property
    def where(self) -> str:
        """As SQL."""
        return f"{SHUFFLED} >= {self.share.start} AND {SHUFFLED} < {self.share.stop}"


def seed(agency: Agency, generations: int) -> Iterator[int]:
    """Write so many, two years of them; yields how many there are after each transaction."""
    series = Series(secrets.token_hex(8), database_now() - SPREAD, SPREAD / generations)
    samples = _samples(agency)
    for first in range(0, generations, CHUNK):
        numbers = range(first, min(first + CHUNK, generations))
        _copy(agency, samples, series, numbers)
        yield numbers.stop


@transaction.atomic
def _copy(agency: Agency, samples: list[Sample], series: Series, numbers: range) -> None:
    """Jobs with their projects, pictures and entries: the ledger is right after each."""
    _copy_projects(samples[0].job.project, series, numbers)
    lot = grant_for(agency, len(numbers))
    for sample in samples:
        _copy_jobs(sample, series, numbers)
        entry = partial(_copy_entry, sample, series, numbers)
        copy_entries(agency, sample.job.pk, lot, entry)


def _copy_projects(source: Project, series: Series, numbers: range) -> None:
    own = range(numbers.start // PER_PROJECT, (numbers.stop - 1) // PER_PROJECT + 1)
    moment = series.moment(f"{NUMBER} * {PER_PROJECT}")
    changes = {
        "id": series.id_of("project"),
        "title": f"'Garden ' || {NUMBER}",
        "words": f"'garden ' || {NUMBER}",
        "created_at": moment,
        "updated_at": moment,
    }
    series.copy(source, own, changes)


def _copy_jobs(sample: Sample, series: Series, numbers: range) -> None:
    begin, end = series.moment(), series.moment(later_s=60)
    changes = {
        "id": series.id_of("generation"),
        "project": series.id_of("project", f"({NUMBER} / {PER_PROJECT})"),
        "room_type": ROOM_TYPE,
        "created_at": begin,
        "inputs_ready_at": begin,
        "status_since": end,
        "ended_at": end,
    }
    if sample.job.upstream_id:
        changes["upstream_id"] = f"CAST({series.id_of('upstream')} AS varchar(36))"
    series.copy(sample.job, numbers, changes, where=sample.where)
    for picture in sample.job.pictures.all():
        own = {"id": series.id_of("picture"), "generation": series.id_of("generation")}
        series.copy(picture, numbers, {**own, "created_at": end}, where=sample.where)


def _copy_entry(
    sample: Sample, series: Series, numbers: range, entry: LedgerEntry, lot: PhotoLot
) -> int:
    changes = {
        "id": series.id_of(entry.kind),
        "lot": f"'{lot.pk.hex}'",
        "generation_id": series.id_of("generation"),
        "created_at": series.moment(),
    }
    return series.copy(entry, numbers, changes, where=sample.where)


# --- The samples


@transaction.atomic
def _samples(agency: Agency) -> list[Sample]:
    """In one transaction: no worker gets hold of them."""
    endings: list[tuple[range, Callable[[Generation], object]]] = [
        (range(86), _succeed),
        (range(86, 92), _fail),
        (range(92, 96), lambda job: lifecycle.refuse_inputs(job, "image_unreachable")),
        (range(96, 100), lambda job: lifecycle.cancel(job, actor_id="")),
    ]
    grant_for(agency, len(endings))
    photo, mask = _uploads(agency)
    samples = []
    for share, end in endings:
        job = _accepted(agency, photo, mask)
        end(job)
        samples.append(Sample(selectors.generation_of(agency, Mode.LIVE, job.pk), share))
    return samples


def _uploads(agency: Agency) -> tuple[Upload, Upload]:
    photo = read_photo((SAMPLES / "garden.jpg").read_bytes())
    mask = read_mask((SAMPLES / "garden-mask.png").read_bytes(), size=(photo.width, photo.height))
    store = partial(services.store_upload, agency=agency, mode=Mode.LIVE)
    return store(kind=UploadKind.PHOTO, image=photo), store(kind=UploadKind.MASK, image=mask)


def _accepted(agency: Agency, photo: Upload, mask: Upload) -> Generation:
    author = default_member(agency)
    project = services.create_project(
        agency=agency, mode=Mode.LIVE, author=author, title="Garden", photo=photo
    )
    return services.create_generation(
        project=project,
        author=author,
        source=Source.API,
        room_type=RoomType.TERRACE,
        photo=photo,
        zone=services.Zone(upload=mask),
    )


def _succeed(job: Generation) -> None:
    _send(job)
    lifecycle.found_result(job, [])
    job.refresh_from_db()
    keep(job, 0, (SAMPLES / "garden.jpg").read_bytes())
    lifecycle.succeed(job)


def _fail(job: Generation) -> None:
    _send(job)
    lifecycle.fail_upstream(job)


def _send(job: Generation) -> None:
    attempt = lifecycle.open_attempt(job, secrets.token_hex(32))
    assert attempt, "nobody else knows of it"
    lifecycle.bind(attempt, str(uuid4()), {})
    job.refresh_from_db()
