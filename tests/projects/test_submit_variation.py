"""A variation at iacrea: of the parent's picture, by the parent's account, with or without mask."""

from typing import Any

import pytest

from integrations.doors.images import read_mask
from integrations.iacrea.models import IacreaAccount
from projects import services
from projects.choices import RoomType, Source, Status
from projects.models import Generation
from tests.conftest import SIZE, Cast, mask_bytes, photo_bytes
from tests.garden import succeeded_generation
from tests.projects.jobs import again, balances, entries, use_upstream
from tests.servers import Reply, Server, serving
from tests.worker import run_queued

pytestmark = pytest.mark.django_db


def vary(parent: Generation, cast: Cast, zone: services.Zone | None = None) -> Generation:
    return services.create_variation(
        parent=parent, author=cast.owner, source=Source.API, room_type=RoomType.POOL, zone=zone
    )


def sent_for(cast: Cast, zone: services.Zone | None) -> tuple[Generation, Any]:
    with Server(lambda _request: Reply.json({"generation_id": "up-2"})) as server:
        use_upstream(cast, server.origin)
        parent = succeeded_generation(cast)
        job = vary(parent, cast, zone)
        run_queued()
    (request,) = [each for each in server.requests if each.path.endswith("generate-variation")]
    return again(job), request


def test_with_the_parents_zone(alice: Cast) -> None:
    job, request = sent_for(alice, None)
    body = request.json()
    assert job.status == Status.PROCESSING and job.upstream_id == "up-2"
    assert body["generation_id"] == "upstream-1" and "mask_url" not in body
    assert body["original_url"].endswith("/photo.jpg") and body["room_type"] == "POOL"
    assert "width" not in body and "webhook" in body


def test_with_a_new_zone(alice: Cast) -> None:
    zone = services.Zone(image=read_mask(mask_bytes(), size=SIZE))
    job, request = sent_for(alice, zone)
    assert job.mask and request.json()["mask_url"].endswith(f"/{job.mask.token}/mask.png")


def test_a_new_zone_by_url_is_fetched_and_the_photo_is_not(alice: Cast) -> None:
    with serving({"/mask.png": mask_bytes()}) as server:
        parent = succeeded_generation(alice)
        job = vary(parent, alice, services.Zone(url=f"{server.origin}/mask.png"))
        run_queued()
    job = again(job)
    assert job.inputs_ready_at and job.photo == parent.photo and job.mask != parent.mask
    assert [request.path for request in server.requests] == ["/mask.png"]


@pytest.mark.parametrize(
    "mask", [photo_bytes((320, 320)), b"no", Reply(404)], ids=["shape", "no", "404"]
)
def test_a_free_variation_that_fails_has_nothing_to_give_back(alice: Cast, mask: Any) -> None:
    with serving({"/mask.png": mask}) as server:
        job = vary(
            succeeded_generation(alice), alice, services.Zone(url=f"{server.origin}/mask.png")
        )
        run_queued()
    job = again(job)
    assert (job.status, job.failure_code) == (Status.FAILED, "invalid_input")
    assert entries(job) == [] and balances(alice) == (9, 0, 1)


def test_the_parents_account_pays(alice: Cast, bob: Any) -> None:
    """iacrea knows the parent's picture under that account only."""
    with Server(lambda _request: Reply.json({"generation_id": "up-2"})) as server:
        use_upstream(alice, server.origin)
        parent = succeeded_generation(alice)
        IacreaAccount.objects.create(
            agency=alice.agency, membership=bob, api_key="bobs", iacrea_user_id=bob.iacrea_user_id
        )
        vary(parent, Cast(alice.agency, bob, "", ""))
        run_queued()
    assert server.requests[-1].headers["x-api-key"] == "upstream-key-of-Alice"
