"""Jobs through `/api/v1/`: asked for, seen, listed, canceled, varied."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from integrations.doors.images import rasterise_polygon
from projects import lifecycle
from projects.choices import Status
from projects.models import Generation
from tests.conftest import SIZE, Cast, mask_bytes, photo_bytes
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import balances, use_upstream
from tests.projects.upstream import Upstream
from tests.servers import Reply, Request, Server
from tests.v1.api import TRIANGLE, in_test_mode, live
from tests.worker import run_queued, work_to_the_end

pytestmark = pytest.mark.django_db


def test_a_job_is_accepted_and_held(alice: Cast) -> None:
    api = live(alice)
    job = api.job(metadata={"quote": "D-17"})
    assert (job["status"], job["phase"], job["charged"]) == ("STARTING", "queued", 0)
    assert job["metadata"] == {"quote": "D-17"} and job["urls"] == [] and job["mode"] == "live"
    assert job["member"] == alice.user_id and balances(alice) == (9, 1, 0)
    assert api.get(f"generations/{job['id']}") == (200, job)


def test_photo_and_mask_are_read_at_once_and_the_photos_held_last(alice: Cast) -> None:
    """While photos are held, nobody else of the agency is served."""
    api = live(alice)
    fields = {"image": api.photo(), "mask": api.mask()}
    with CaptureQueriesContext(connection) as seen:
        api.job(**fields)
    said = [query["sql"].replace('"', "") for query in seen.captured_queries]
    assert sum("FROM projects_upload " in one for one in said) == 1
    written, held = (
        next(n for n, one in enumerate(said) if f"INSERT INTO {table}" in one)
        for table in ("projects_generationevent", "accounts_ledgerentry")
    )
    assert written < held


def test_from_upload_to_picture(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        api = live(alice)
        job = api.job(image=api.photo(), mask=api.mask())
        work_to_the_end(Generation.objects.get(pk=job["id"]))
    with CaptureQueriesContext(connection) as seen:
        _status, done = api.get(f"generations/{job['id']}")
    reads = [query["sql"] for query in seen if 'FROM "projects_' in query["sql"]]
    assert len(reads) == 2, "the job with its author, its pictures"
    assert (done["status"], done["charged"], len(done["urls"])) == ("SUCCEEDED", 1, 1)
    assert done["ended_at"].endswith("Z")
    assert api.client.get(done["urls"][0].removeprefix("http://testserver")).status_code == 200


def test_a_polygon_is_drawn_as_the_editor_draws_it(alice: Cast) -> None:
    job = Generation.objects.get(pk=live(alice).job(polygon=TRIANGLE)["id"])
    assert job.mask and job.inputs_ready_at
    with Image.open(job.mask.file) as stored:
        drawn = rasterise_polygon([(x, y) for x, y in TRIANGLE], SIZE)
        with Image.open(BytesIO(drawn)) as expected:
            assert stored.tobytes() == expected.tobytes()
    corners = [value for corner in TRIANGLE for value in corner]
    assert job.mask.operations == [{"t": "f", "p": corners, "a": 1}], "to be drawn further"


def files(request: Request) -> Reply:
    return Reply(body=photo_bytes() if request.path == "/photo.jpg" else mask_bytes())


def test_given_urls_are_fetched_once_and_a_polygon_waits_for_the_photo(alice: Cast) -> None:
    """The corners are told in the caller's size, twice that of the photo."""
    double = [[2 * x, 2 * y] for x, y in TRIANGLE]
    with Server(files) as server, Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        made = live(alice).job(
            image_url=server.origin + "/photo.jpg", polygon=double, width=640, height=480
        )
        run_queued()
        job = Generation.objects.get(pk=made["id"])
        assert [request.path for request in server.requests] == ["/photo.jpg"]
    assert job.mask and (job.mask.width, job.mask.height) == SIZE
    with Image.open(job.mask.file) as stored:
        assert stored.getpixel((160, 150)) == 255 and stored.getpixel((5, 5)) == 0


def test_an_uploaded_mask_is_fitted_to_a_photo_that_is_fetched(alice: Cast) -> None:
    api = live(alice)
    _status, mask = api.upload(mask_bytes(size=(640, 480)), kind="mask")
    with Server(files) as server:
        made = api.job(image_url=server.origin + "/photo.jpg", mask=mask["id"])
        run_queued()
    job = Generation.objects.get(pk=made["id"])
    assert job.mask and (job.mask.width, job.mask.height) == SIZE and job.inputs_ready_at


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"room_type": "GARAGE"}, "room_type"),
        ({"room_type": None}, "room_type"),
        ({"polygon": [[1, 1], [2, 2]]}, "polygon"),
        ({"polygon": [[1, 1], [2, 2], [3, "x"]]}, "polygon"),
        ({"polygon": [[1, 1], [2, 2], [3, True]]}, "polygon"),
        ({"mask_url": "https://example.org/m.png"}, "mask"),
        ({"image_url": "https://example.org/p.jpg"}, "image"),
        ({"width": 10}, "width"),
        ({"metadata": [1]}, "metadata"),
        ({"metadata": {"a": "x" * 5000}}, "metadata"),
        ({"metadata": {"a": "\0"}}, "metadata"),
        ({"metadata": {"simulate": "explode"}}, "metadata"),
        ({"webhook": "ftp://example.org/"}, "webhook"),
        ({"rom_type": "POOL"}, "rom_type"),
        ({"title": "x" * 151}, "title"),
        ({"project": "no uuid"}, "project"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_held(
    alice: Cast, changes: dict[str, Any], field: str
) -> None:
    api = live(alice)
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": TRIANGLE, **changes}
    status, answer = api.post("generations", wish)
    assert (status, answer["code"], answer["field"]) == (400, "invalid_input", field), answer
    assert balances(alice) == (10, 0, 0) and not Generation.objects.exists()


def test_a_zone_outside_the_photo_covers_nothing(alice: Cast) -> None:
    api = live(alice)
    far = [[900, 900], [950, 900], [950, 950]]
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": far}
    status, answer = api.post("generations", wish)
    assert (status, answer["code"], answer["field"]) == (400, "mask_empty", "polygon")


@pytest.mark.parametrize("field", ["image", "mask", "project", "member"])
def test_an_id_of_another_agency_is_none(alice: Cast, charlie: Cast, field: str) -> None:
    api, his = live(alice), live(charlie)
    wish = {"room_type": "POOL", "image": api.photo(), "mask": api.mask()}
    foreign = {
        "image": his.photo, "mask": his.mask, "member": lambda: charlie.user_id,
        "project": lambda: str(queued_generation(charlie).project_id),
    }  # fmt: skip
    for key in (foreign[field](), str(uuid4())):
        status, answer = api.post("generations", {**wish, field: key})
        assert (status, answer["code"], answer["field"]) == (404, "not_found", field)
    assert balances(alice) == (10, 0, 0)


def test_a_photo_is_no_mask(alice: Cast) -> None:
    api = live(alice)
    photo = api.photo()
    status, answer = api.post("generations", {"room_type": "POOL", "image": photo, "mask": photo})
    assert (status, answer["code"], answer["field"]) == (400, "wrong_kind", "mask")


def test_the_words_and_the_phase(alice: Cast) -> None:
    api, job = live(alice), processing_generation(alice)
    assert lifecycle.fail_upstream(job)
    _status, answer = api.get(f"generations/{job.pk}")
    said = (answer["status"], answer["phase"], answer["failure_code"], answer["charged"])
    assert said == ("FAILED", "failed", "generation_failed", 0)


def test_cancel(alice: Cast) -> None:
    api = live(alice)
    job = api.job()
    status, answer = api.post(f"generations/{job['id']}/cancel")
    assert (status, answer["phase"], answer["status"]) == (200, "canceled", "FAILED")
    assert balances(alice) == (10, 0, 0)
    status, answer = api.post(f"generations/{job['id']}/cancel")
    assert (status, answer["code"]) == (409, "not_cancelable")


def test_a_variation(alice: Cast) -> None:
    api, parent = live(alice), succeeded_generation(alice)
    status, job = api.post(f"generations/{parent.pk}/variations", {"room_type": "PETANQUE"})
    assert (status, job["parent"], job["mask"]) == (202, str(parent.pk), str(parent.mask_id))
    wish = {"room_type": "POOL", "polygon": TRIANGLE}
    status, other = api.post(f"generations/{parent.pk}/variations", wish)
    assert status == 202 and other["mask"] != job["mask"]


def test_a_variation_of_what_is_not_ready(alice: Cast) -> None:
    api, parent = live(alice), queued_generation(alice)
    status, answer = api.post(f"generations/{parent.pk}/variations", {"room_type": "POOL"})
    assert (status, answer["code"]) == (409, "source_not_ready")
    assert balances(alice) == (9, 1, 0)


def test_no_photo_left(alice: Cast) -> None:
    api = live(alice)
    photo = api.photo()
    for _ in range(10):
        api.job(image=photo)
    status, answer = api.post(
        "generations", {"room_type": "POOL", "image": photo, "polygon": TRIANGLE}
    )
    assert (status, answer["code"]) == (402, "no_photos_left") and balances(alice) == (0, 10, 0)


def test_the_list_is_filtered(alice: Cast) -> None:
    api = live(alice)
    ready, waiting = succeeded_generation(alice), api.job(room_type="PETANQUE")

    def found(**query: Any) -> list[str]:
        status, answer = api.get("generations", **query)
        assert status == 200, answer
        return [job["id"] for job in answer["data"]]

    both = [waiting["id"], str(ready.pk)]
    assert found() == both and found(member=alice.user_id) == both
    assert found(status="SUCCEEDED") == [str(ready.pk)] and found(status="PROCESSING") == []
    assert found(room_type="PETANQUE") == found(status="STARTING") == [waiting["id"]]
    assert found(project=str(ready.project_id)) == [str(ready.pk)]
    assert found(created_after=waiting["created_at"]) == [waiting["id"]]
    assert found(created_before=waiting["created_at"]) == [str(ready.pk)]
    assert found(member=str(uuid4())) == []


@pytest.mark.parametrize(
    "query",
    [{"status": "READY"}, {"created_after": "yesterday"}, {"cursor": "x"}, {"colour": "blue"}],
)
def test_a_wrong_filter_is_named(alice: Cast, query: dict[str, str]) -> None:
    status, answer = live(alice).get("generations", **query)
    assert (status, answer["field"]) == (400, next(iter(query)))


def test_a_list_goes_on_where_it_was(alice: Cast) -> None:
    api = live(alice)
    photo = api.photo()
    made = [api.job(image=photo)["id"] for _ in range(5)]
    _status, first = api.get("generations", limit=2)
    api.job(image=photo)
    answer = api.client.get(first["next"].removeprefix("http://testserver")).json()
    assert [job["id"] for job in first["data"] + answer["data"]] == made[:0:-1]


def test_a_list_costs_the_same_queries_for_any_number(alice: Cast) -> None:
    api, counts = live(alice), []
    api.get("generations")  # the key's first use is noted
    for _ in range(2):
        for _ in range(3):
            succeeded_generation_of(alice)
        with CaptureQueriesContext(connection) as seen:
            api.get("generations")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def succeeded_generation_of(cast: Cast) -> Generation:
    job = processing_generation(cast, str(uuid4()))
    Generation.objects.filter(pk=job.pk).update(status=Status.ARCHIVING)
    assert lifecycle.succeed(job)
    return job


def test_test_keys_see_their_own_world(alice: Cast) -> None:
    job = live(alice).job()
    other = in_test_mode(alice)
    assert other.get(f"generations/{job['id']}")[0] == 404
    assert other.get("generations")[1]["data"] == []
    made = other.job()
    assert made["mode"] == "test" and live(alice).get(f"generations/{made['id']}")[0] == 404
    assert balances(alice) == (9, 1, 0)
