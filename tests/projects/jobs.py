"""Jobs for the tests of the pipeline, and what is asked about them afterwards."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.db.models import F

from accounts.choices import EntryKind, Mode
from accounts.ledger_audit import differences
from accounts.models import LedgerEntry
from accounts.selectors import quota_of
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle, services
from projects.choices import RoomType, Source, Status
from projects.models import Generation, Upload
from tests.conftest import SIZE, Cast
from tests.garden import processing_generation, queued_generation

HELD_AND_GIVEN_BACK = [EntryKind.HOLD, EntryKind.RELEASE]
HELD_AND_CHARGED = [EntryKind.CAPTURE, EntryKind.HOLD]


def given_by_url(
    cast: Cast, image_url: str, mask_url: str, size: tuple[int, int] = SIZE
) -> Generation:
    """As the drop-in door accepts it."""
    project = services.create_project(agency=cast.agency, mode=Mode.LIVE, author=cast.owner)
    return services.create_generation(
        project=project,
        author=cast.owner,
        source=Source.API,
        room_type=RoomType.POOL,
        image_url=image_url,
        zone=services.Zone(url=mask_url),
        width=size[0],
        height=size[1],
    )


def submitting(cast: Cast) -> Generation:
    job = queued_generation(cast)
    assert lifecycle.open_attempt(job, job.pk.hex * 2)
    return again(job)


def unconfirmed(cast: Cast) -> Generation:
    job = submitting(cast)
    assert lifecycle.lose_lease(job)
    return again(job)


def archiving_generation(cast: Cast, *urls: str) -> Generation:
    generation = processing_generation(cast)
    assert lifecycle.found_result(generation, list(urls))
    return again(generation)


def waits_uncharged(job: Generation) -> bool:
    due = (job.due_at - job.status_since).total_seconds() if job.due_at else 0
    return job.status == Status.ARCHIVING and 15 <= due < 20 and not entries(job)[1:]


def use_upstream(cast: Cast, origin: str) -> IacreaAccount:
    """The agency's jobs go to this server."""
    account = IacreaAccount.objects.get(agency=cast.agency, built_in=False, membership=None)
    IacreaAccount.objects.filter(pk=account.pk).update(base_url=origin)
    account.refresh_from_db()
    return account


def again(generation: Generation) -> Generation:
    """As a task loads it: a row of its own, with nothing remembered."""
    return Generation.objects.get(pk=generation.pk)


def backdate(row: models.Model, seconds: float, *fields: str) -> None:
    """Time passes for this row."""
    earlier = {name: F(name) - timedelta(seconds=seconds) for name in fields}
    type(row)._default_manager.filter(pk=row.pk).update(**earlier)


def entries(generation: Generation) -> list[str]:
    rows = LedgerEntry.objects.filter(generation_id=generation.pk)
    return sorted(rows.values_list("kind", flat=True))


def balances(cast: Cast) -> tuple[int, int, int]:
    """Available, held, consumed; the ledger's own audit agrees with them."""
    assert list(differences()) == []
    row = quota_of(cast.agency, Mode.LIVE)
    return row.available, row.held, row.consumed


def ended_as(generation: Generation, code: str, detail: str = "") -> bool:
    found = again(generation)
    assert (found.status, found.failure_code, found.failure_detail) == (
        Status.FAILED, code, detail,
    )  # fmt: skip
    return entries(generation) == HELD_AND_GIVEN_BACK


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def originals_in(media: Path) -> list[Path]:
    """All but the sizes, which are made anew when they are missed."""
    return [path for path in files_in(media) if "sizes" not in path.parts]


def nothing_stored(media: Path) -> bool:
    return not Upload.objects.exists() and not files_in(media)


@contextmanager
def in_thread(work: Callable[[], Any]) -> Iterator[list[Any]]:
    """Another worker at the same time, with a database connection of its own. Its result is in
    the list afterwards; what it raises is raised here."""
    results: list[Any] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield results
    thread.join(30)
    assert not thread.is_alive()
    for error in errors:
        raise error


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What workers get that begin at the same moment."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return work()

    with ExitStack() as stack:
        results = [stack.enter_context(in_thread(partial(run, work))) for work in works]
    return [result for (result,) in results]


def wait_until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end, "not done in time"
        time.sleep(0.01)
