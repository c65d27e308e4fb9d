"""Idempotency-Key at iacrea's wire: asked again is answered again, and nothing is done twice."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.api.idempotent import body_sha256
from accounts.choices import LotSource, Mode
from accounts.keys import issue_api_key
from accounts.models import IdempotentAnswer
from accounts.quota import grant_photos, remove_photos
from projects import tasks
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.projects.idempotent import KEY, counts, create, is_replayed
from tests.projects.jobs import backdate
from tests.projects.test_dropin_refusals import GENERATE, GET, VARIATION, body, post, variation

pytestmark = pytest.mark.django_db
HOUR = 3600


def test_asked_again_it_is_answered_again(alice: Cast) -> None:
    first, again = create(alice), create(alice)
    assert (first.status_code, is_replayed(first)) == (200, False)
    assert (again.status_code, is_replayed(again)) == (200, True)
    assert again.content == first.content and again["Content-Type"] == first["Content-Type"]
    assert counts(alice) == (1, 1, 1)


def test_without_a_key_each_call_is_a_job(alice: Cast, client: Client) -> None:
    for _ in range(2):
        answer = post(client, GENERATE, body(alice), alice.api_key)
        assert answer.status_code == 200 and not is_replayed(answer)
    assert counts(alice) == (2, 2, 0)


def test_a_body_that_was_written_anew_is_the_same(alice: Cast, client: Client) -> None:
    first = create(alice)
    text = json.dumps(dict(reversed(body(alice).items())), indent=4)
    headers = {**alice.headers, "idempotency-key": KEY}
    again = client.post(GENERATE, text, content_type="application/json", headers=headers)
    assert again.content == first.content and is_replayed(again)


def test_another_body_is_refused(alice: Cast) -> None:
    create(alice)
    answer = create(alice, room_type="POOL")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "idempotency_key_reused")
    assert answer["Content-Type"] == "application/problem+json"
    assert counts(alice) == (1, 1, 1)


def test_another_agencys_key_is_another(alice: Cast, charlie: Cast) -> None:
    answers = [create(alice), create(charlie), create(alice, api_key=alice.test_api_key)]
    assert len({answer.json()["generation_id"] for answer in answers}) == 3
    assert not any(map(is_replayed, answers))
    assert counts(alice) == (2, 2, 2) and counts(charlie) == (1, 1, 1)


def test_an_api_key_that_is_rotated_meanwhile(alice: Cast) -> None:
    first = create(alice)
    _key, text = issue_api_key(agency=alice.agency, mode=Mode.LIVE)
    assert create(alice, api_key=text).json() == first.json()


def test_a_key_is_of_one_path(alice: Cast) -> None:
    parent = succeeded_generation(alice)
    create(alice)
    answers = [create(alice, path=VARIATION, **variation(alice, parent)) for _ in range(2)]
    assert [is_replayed(answer) for answer in answers] == [False, True]
    assert answers[0].json() == answers[1].json() and counts(alice)[0] == 3


@pytest.mark.parametrize("key", ["", "x" * 256, "clé", "a\x7fb", "a\tb"])
def test_a_malformed_key(alice: Cast, key: str) -> None:
    answer = create(alice, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_idempotency_key")
    assert counts(alice) == (0, 0, 0)


@pytest.mark.parametrize("key", ["x", "x" * 255, '"8e03978e" ~ !'])
def test_a_key_is_any_visible_text(alice: Cast, key: str) -> None:
    assert create(alice, key).content == create(alice, key).content


def test_a_refusal_is_not_kept(alice: Cast) -> None:
    """The same key works once there is a photo, and with a body that is mended."""
    remove_photos(agency_id=alice.agency.pk, mode=Mode.LIVE, photos=10, reason="", actor_id="")
    assert create(alice, width="wide").status_code == 400
    assert create(alice).status_code == 402
    assert counts(alice) == (0, 0, 0)
    grant_photos(agency=alice.agency, mode=Mode.LIVE, photos=1, source=LotSource.PACK)
    assert [create(alice).status_code for _ in range(2)] == [200, 200]
    assert counts(alice) == (1, 1, 1)


def test_json_nested_to_the_edge_is_no_error_of_ours(alice: Cast, client: Client) -> None:
    headers = {**alice.headers, "idempotency-key": KEY}
    for depth in range(100, 1100, 50):
        text = json.dumps(body(alice))[:-1] + ',"x":' + "[" * depth + "]" * depth + "}"
        answer = client.post(GENERATE, text, content_type="application/json", headers=headers)
        assert answer.status_code in (200, 400, 402, 422)


def test_after_a_day_a_key_is_new(alice: Cast) -> None:
    first = create(alice)
    backdate(IdempotentAnswer.objects.get(), 23.9 * HOUR, "created_at")
    assert create(alice).json() == first.json()
    backdate(IdempotentAnswer.objects.get(), 0.2 * HOUR, "created_at")
    second = create(alice, room_type="POOL")
    assert second.status_code == 200 and not is_replayed(second)
    assert create(alice, room_type="POOL").json() == second.json() != first.json()
    assert counts(alice) == (2, 2, 1)


def test_after_three_days_it_is_forgotten(alice: Cast) -> None:
    for hours in (71.9, 72.1):
        create(alice, f"{hours}")
        backdate(IdempotentAnswer.objects.get(key=f"{hours}"), hours * HOUR, "created_at")
    tasks.sweep_photos()
    assert IdempotentAnswer.objects.get().key == "71.9"


def test_of_a_file_the_content_counts() -> None:
    def sha(name: str, content: bytes) -> str:
        file = SimpleUploadedFile(name, content)
        made = body_sha256({"kind": "photo", "file": file})
        assert file.read() == content  # the view still gets all of it
        return made

    assert sha("a.jpg", b"a garden") == sha("b.jpg", b"a garden") != sha("a.jpg", b"another")


def test_a_read_keeps_nothing(alice: Cast, client: Client) -> None:
    generation = create(alice, "first").json()["generation_id"]
    headers: Any = {**alice.headers, "idempotency-key": KEY}
    fields = json.dumps({"user_id": alice.user_id, "generation_id": generation})
    answer = client.post(GET, fields, content_type="application/json", headers=headers)
    assert answer.status_code == 200 and counts(alice) == (1, 1, 1)
