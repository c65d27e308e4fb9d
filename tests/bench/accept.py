"""A job accepted by the API, beside one row that is inserted. No worker runs; photo and mask were
uploaded before, as agencies do, so that nothing is fetched or decoded in the call."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.choices import Mode
from integrations.doors.images import NormalisedImage, read_mask, read_photo
from projects import services
from projects.choices import UploadKind
from tests.bench.bench import Bench
from tests.bench.calls import CLIENTS, Call, per_second
from tests.bench.report import Row
from tests.bench.rounds import alternate
from tests.bench.rows import agency
from tests.bench.web import BARE, OURS, web
from tests.conftest import Cast, mask_bytes, photo_bytes

GOAL = 0.3
PHOTOS = 1_000_000


def measure(bench: Bench) -> Iterator[Row]:
    cast, seconds = agency(PHOTOS), bench.size.seconds
    job = accepting(cast)
    yield _statements(job)
    insert = Call("POST", f"/insert/{cast.agency.pk}", 202, fields={"title": "Garden"})
    with web(*OURS) as ours, web(*BARE) as bare:
        pairs = alternate(
            lambda: per_second(ours, job, seconds),
            lambda: per_second(bare, insert, seconds),
            bench.size.rounds,
        )
    yield pairs.row(
        f"jobs accepted by the API, {CLIENTS} clients", "/s", "a bare view inserts one row", GOAL
    )


def _statements(call: Call) -> Row:
    """Each is a round trip. A few jobs are enough to give every worker something to do."""
    counts = [_transaction(call) for _ in range(settings.JOB_WORKERS + 2)]
    return Row(
        "statements of the transaction that accepts a job",
        str(counts[-1]),
        f"{counts[1]} while a worker is free",
    )


def _transaction(call: Call) -> int:
    """From BEGIN to COMMIT."""
    client = Client(headers={"authorization": f"Bearer {call.key}"})
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(call.path, call.fields, content_type="application/json")
    assert answer.status_code == call.status
    said = [query["sql"] for query in seen.captured_queries]
    return said.index("COMMIT") - said.index("BEGIN") + 1


def accepting(cast: Cast) -> Call:
    fields = {
        "room_type": "POOL",
        "image": _uploaded(cast, UploadKind.PHOTO, read_photo(photo_bytes())),
        "mask": _uploaded(cast, UploadKind.MASK, read_mask(mask_bytes())),
    }
    return Call("POST", "/api/v1/generations", 202, cast.api_key, fields)


def _uploaded(cast: Cast, kind: UploadKind, image: NormalisedImage) -> str:
    stored = services.store_upload(agency=cast.agency, mode=Mode.LIVE, kind=kind, image=image)
    return str(stored.pk)
