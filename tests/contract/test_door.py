"""The drop-in door, fact by fact: who is named, what is answered, and that nobody is dialled."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.choices import Mode
from accounts.selectors import quota_of
from integrations.iacrea.models import IacreaAccount
from projects import lifecycle
from projects.models import Generation
from tests.conftest import SIZE, Cast, mask_bytes, photo_bytes
from tests.contract.caller import CREDIT, Wire
from tests.garden import processing_generation, succeeded_generation
from tests.projects.jobs import again, use_upstream
from tests.projects.test_dropin_refusals import GENERATE, GET, VARIATION, body, variation
from tests.projects.upstream import Upstream
from tests.servers import serving
from tests.worker import run_queued

pytestmark = pytest.mark.django_db


def test_user_id_names_the_author(alice: Cast, bob: Any) -> None:
    job = Wire(alice).new_job(user_id=str(bob.iacrea_user_id))
    assert job.author == bob and job.project.author == bob


@pytest.mark.parametrize("path", [GENERATE, VARIATION, GET, CREDIT])
def test_a_user_id_of_another_agency_is_as_unknown_as_nobodys(
    alice: Cast, charlie: Cast, path: str
) -> None:
    fields = {**body(alice), **variation(alice, succeeded_generation(alice))}
    answers = []
    for user_id in (charlie.user_id, str(uuid4())):
        answers.append(Wire(alice).call(path, **{**fields, "user_id": user_id}))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404 and answers[0][1]["field"] == "user_id"


def test_both_ids_are_ours(alice: Cast) -> None:
    _status, answer = Wire(alice).generate()
    job = Generation.objects.get()
    assert (answer["generation_id"], answer["project_id"]) == (str(job.pk), str(job.project_id))


def test_what_remains_is_available_after_the_call(alice: Cast) -> None:
    wire = Wire(alice)
    first = wire.new_job()
    assert wire.generate()[1]["remaining_photos"] == 8
    assert lifecycle.cancel(first, actor_id="")
    assert wire.generate()[1]["remaining_photos"] == 8
    assert quota_of(alice.agency, Mode.LIVE).available == 8


def test_each_call_answers_200(alice: Cast) -> None:
    wire, done = Wire(alice), succeeded_generation(alice)
    answers = [wire.generate(), wire.vary(done), wire.call(GET, generation_id=str(done.pk))]
    assert [status for status, _answer in [*answers, wire.call(CREDIT)]] == [200] * 4


def test_get_asks_nobody(alice: Cast) -> None:
    with Upstream() as upstream:
        use_upstream(alice, upstream.origin)
        job = processing_generation(alice)
        assert Wire(alice).get(job)["status"] == "STARTING"
    assert upstream.requests == []


def test_a_request_fetches_nothing_and_a_worker_each_file_once(alice: Cast) -> None:
    with serving({"/p.jpg": photo_bytes(), "/m.png": mask_bytes()}) as files:
        urls = {"image_url": f"{files.origin}/p.jpg", "mask_url": f"{files.origin}/m.png"}
        hook = f"{files.origin}/hook"
        Wire(alice).new_job(**urls, webhook=hook, width=SIZE[0], height=SIZE[1])
        assert files.requests == []
        run_queued()
        assert [request.path for request in files.requests] == ["/p.jpg", "/m.png"]


def test_in_test_mode_each_agency_has_an_account_of_its_own_at_the_emulator(
    alice: Cast, charlie: Cast, settings: Any
) -> None:
    with Upstream() as emulator:
        settings.EMULATOR_URL = emulator.origin
        files = {"image_url": f"{emulator.origin}/p.png", "mask_url": f"{emulator.origin}/m.png"}
        for cast in (alice, charlie):
            Wire(cast, cast.test_api_key).new_job(**files, width=400, height=300)
        for _ in range(2):
            run_queued()
        sent = [each for each in emulator.requests if each.path == GENERATE]
    built_in = IacreaAccount.objects.filter(built_in=True)
    expected = {(row.api_key, str(row.iacrea_user_id), row.agency) for row in built_in}
    found = {(each.headers["x-api-key"], each.json()["user_id"]) for each in sent}
    assert found == {(key, user_id) for key, user_id, _agency in expected} and len(found) == 2
    assert {agency for _key, _user_id, agency in expected} == {alice.agency, charlie.agency}


@pytest.mark.parametrize("told", [(323, 240), (317, 240), (3200, 2400)])
def test_within_one_percent_the_file_wins(alice: Cast, told: tuple[int, int]) -> None:
    job = judged(alice, told)
    assert job.inputs_ready_at and (job.width, job.height) == SIZE


@pytest.mark.parametrize("told", [(324, 240), (316, 240), (240, 320)])
def test_beyond_one_percent_it_is_of_another_shape(alice: Cast, told: tuple[int, int]) -> None:
    assert judged(alice, told).failure_detail == "image_size_mismatch"


def judged(cast: Cast, told: tuple[int, int]) -> Generation:
    with serving({"/p.jpg": photo_bytes(), "/m.png": mask_bytes()}) as files:
        urls = {"image_url": f"{files.origin}/p.jpg", "mask_url": f"{files.origin}/m.png"}
        job = Wire(cast).new_job(**urls, width=told[0], height=told[1])
        run_queued()
    return again(job)
