"""What may be said of a job through `/api/v1/`, and what is told of it, field by field."""

from typing import Any

import pytest

from accounts.choices import LotSource, Mode
from accounts.quota import grant_photos
from projects import lifecycle
from projects.choices import Status
from projects.models import Generation
from projects.pipeline.archive import keep
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import again, archiving_generation, balances, submitting, unconfirmed
from tests.servers import Reply, Server, serving
from tests.v1.api import live
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db


def test_member_names_the_author_and_else_it_is_the_owner(alice: Cast, bob: Any) -> None:
    named, unnamed = live(alice).job(member=str(bob.iacrea_user_id)), live(alice).job()
    assert (named["member"], unnamed["member"]) == (str(bob.iacrea_user_id), alice.user_id)
    assert Generation.objects.get(pk=named["id"]).author == bob


def test_title_is_the_new_projects(alice: Cast) -> None:
    job = live(alice).job(title="Famille Martin")
    assert live(alice).get(f"projects/{job['project']}")[1]["title"] == "Famille Martin"


def test_project_takes_the_job(alice: Cast) -> None:
    first = live(alice).job()
    second = live(alice).job(project=first["project"])
    assert second["project"] == first["project"]


def test_metadata_comes_back(alice: Cast) -> None:
    said = {"order": 17, "client": {"name": "Élodie"}, "none": None}
    job = live(alice).job(metadata=said)
    assert live(alice).get(f"generations/{job['id']}")[1]["metadata"] == said


def test_mask_url_is_fetched_by_a_worker(alice: Cast) -> None:
    with serving({"/mask.png": mask_bytes()}) as files:
        job = live(alice).job(mask_url=f"{files.origin}/mask.png")
        assert files.requests == [] and job["mask"] is None
        run_queued()
    assert live(alice).get(f"generations/{job['id']}")[1]["mask"]
    assert again(Generation.objects.get()).inputs_ready_at


def test_an_uploaded_mask_is_the_jobs(alice: Cast) -> None:
    mask = live(alice).mask()
    assert live(alice).job(mask=mask)["mask"] == mask


def test_webhook_is_called_at_the_end(alice: Cast) -> None:
    with Server(lambda _request: Reply(204)) as receiver:
        job = live(alice).job(webhook=f"{receiver.origin}/own")
        sweep_once()
        assert receiver.requests == []
        assert live(alice).post(f"generations/{job['id']}/cancel")[0] == 200
        sweep_once()
    (request,) = receiver.requests
    assert (request.path, request.json()["generation_id"]) == ("/own", job["id"])


def test_a_hundred_in_one_batch(alice: Cast) -> None:
    grant_photos(agency=alice.agency, mode=Mode.LIVE, photos=90, source=LotSource.PACK)
    api = live(alice)
    wish = {"room_type": "POOL", "image": api.photo(), "mask": api.mask()}
    status, answer = api.post("generations/batch", {"generations": [wish] * 100})
    assert (status, len(answer["data"])) == (202, 100) and balances(alice) == (0, 100, 0)


# --- What is told


def canceled(cast: Cast) -> Generation:
    job = queued_generation(cast)
    assert lifecycle.cancel(job, actor_id="")
    return job


def failed(cast: Cast) -> Generation:
    job = processing_generation(cast)
    assert lifecycle.fail_upstream(job)
    return job


def archiving(cast: Cast) -> Generation:
    return archiving_generation(cast, "http://127.0.0.1:1/1.png")


STAGES = [
    (queued_generation, "STARTING", "queued"), (submitting, "STARTING", "submitting"),
    (unconfirmed, "STARTING", "unconfirmed"), (processing_generation, "STARTING", "processing"),
    (archiving, "PROCESSING", "archiving"), (succeeded_generation, "SUCCEEDED", "succeeded"),
    (failed, "FAILED", "failed"), (canceled, "FAILED", "canceled"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "status", "phase"), STAGES)
def test_status_is_one_of_four_words_and_phase_one_of_ours(
    alice: Cast, made: Any, status: str, phase: str
) -> None:
    _status, told = live(alice).get(f"generations/{made(alice).pk}")
    assert (told["status"], told["phase"]) == (status, phase)
    assert told["charged"] == (1 if status == "SUCCEEDED" else 0)
    assert bool(told["urls"]) == (status == "SUCCEEDED")


def test_each_phase_is_tried_above() -> None:
    assert {phase for _made, _status, phase in STAGES} == {each.lower() for each in Status}


def test_a_failure_has_its_code_and_its_detail(alice: Cast) -> None:
    job = queued_generation(alice)
    assert lifecycle.refuse_inputs(job, "image_unreachable")
    _status, told = live(alice).get(f"generations/{job.pk}")
    said = (told["failure_code"], told["failure_detail"])
    assert said == ("invalid_input", "image_unreachable")


def test_a_free_one_is_charged_nothing(alice: Cast) -> None:
    parent = succeeded_generation(alice)
    _status, made = live(alice).post(f"generations/{parent.pk}/variations", {"room_type": "POOL"})
    job = Generation.objects.get(pk=made["id"])
    attempt = lifecycle.open_attempt(job, "a" * 64)
    assert attempt and lifecycle.bind(attempt, "up-2", {})
    assert lifecycle.found_result(again(job), ["http://127.0.0.1:1/1.png"])
    keep(again(job), 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(again(job))
    _status, told = live(alice).get(f"generations/{job.pk}")
    assert (told["status"], told["charged"]) == ("SUCCEEDED", 0)


def test_a_second_picture_says_of_which_it_is(alice: Cast) -> None:
    lost = unconfirmed(alice)
    assert lifecycle.expire(lost)
    second = lifecycle.recover(again(lost), "late-1", ["http://127.0.0.1:1/1.png"])
    assert second
    _status, told = live(alice).get(f"generations/{second.pk}")
    assert (told["recovered_from"], told["charged"]) == (str(lost.pk), 0)
    assert live(alice).get(f"generations/{lost.pk}")[1]["recovered_from"] is None
