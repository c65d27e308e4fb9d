"""How many jobs of one agency may wait or run at once: at each door, for all or none of a batch."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.choices import Mode
from projects import lifecycle
from projects.models import Generation, Upload
from tests.accounts.movements import balances
from tests.conftest import Cast
from tests.garden import project_with_photo, queued_generation, succeeded_generation
from tests.projects.test_dropin_refusals import GENERATE, VARIATION, body, post
from tests.projects.test_pages import ask
from tests.v1.api import TRIANGLE, in_test_mode, live

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two(settings: LazySettings) -> None:
    settings.JOBS_PER_AGENCY = 2


def test_above_it_nothing_is_stored_held_or_started(alice: Cast, client: Client) -> None:
    queued_generation(alice)
    queued_generation(alice)
    answer = post(client, GENERATE, body(alice), alice.api_key)
    said = answer.json()
    assert (answer.status_code, said["code"]) == (429, "too_many_jobs")
    assert answer["Content-Type"] == "application/problem+json" and answer["Retry-After"] == "60"
    assert said["detail"].startswith("2 ") and said["error"] == said["detail"]
    assert Generation.objects.count() == 2 and balances(alice) == (8, 2, 0)


def test_what_has_ended_makes_room(alice: Cast) -> None:
    queued_generation(alice)
    job = queued_generation(alice)
    api = live(alice)
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": TRIANGLE}
    assert api.post("generations", wish)[0] == 429
    assert lifecycle.cancel(job, actor_id="")
    assert api.post("generations", wish)[0] == 202


def test_a_batch_is_taken_whole_or_not(alice: Cast) -> None:
    api = live(alice)
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": TRIANGLE}
    status, said = api.post("generations/batch", {"generations": [wish] * 3})
    status, said = api.post("generations/batch", {"generations": [wish] * 3})
    assert (status, said["code"]) == (429, "too_many_jobs")
    assert not Generation.objects.exists() and balances(alice) == (10, 0, 0)
    assert api.post("generations/batch", {"generations": [wish] * 2})[0] == 202


def test_a_free_variation_counts_too(alice: Cast, client: Client) -> None:
    parent = succeeded_generation(alice)
    fields = {"user_id": alice.user_id, "generation_id": str(parent.pk), "room_type": "POOL"}
    fields["original_url"] = "https://example.org/photo.jpg"
    codes = [post(client, VARIATION, fields, alice.api_key).status_code for _ in range(3)]
    assert codes == [200, 200, 429] and Generation.objects.count() == 3


def test_others_and_test_mode_have_their_own(alice: Cast, charlie: Cast) -> None:
    for _ in range(2):
        queued_generation(alice)
    queued_generation(charlie)
    in_test_mode(alice).job()
    assert Generation.objects.for_agency(alice.agency, Mode.TEST).count() == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "2 pictures of your agency wait"), ("fr", "2 images de votre agence attendent")],
)
def test_a_page_says_so(alice: Cast, alice_client: Client, language: str, words: str) -> None:
    for _ in range(2):
        queued_generation(alice)
    project = project_with_photo(alice)
    alice_client.cookies["django_language"] = language
    before: Any = set(Upload.objects.values_list("pk"))
    answer = ask(alice_client, project)
    assert answer.status_code == 409 and words in answer.text
    assert set(Upload.objects.values_list("pk")) == before
    assert Generation.objects.count() == 2 and balances(alice) == (8, 2, 0)
