"""An `Idempotency-Key` at each call that creates, of both doors."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.api.idempotent import CreateView
from projects.models import Upload
from tests.conftest import Cast, photo_bytes
from tests.contract.caller import Wire
from tests.garden import succeeded_generation
from tests.projects.test_dropin_refusals import GENERATE, VARIATION, body, variation
from tests.test_isolation import routes
from tests.v1.api import ROOT, TRIANGLE, Api, live

pytestmark = pytest.mark.django_db
HEADERS = {"idempotency-key": "one for all paths"}
# POSTs that make nothing of the caller's: repeated, they do the same once more or are refused.
ACTIONS = {
    "dropin:get", "dropin:credit", "v1:cancel", "webhooks:enable", "webhooks:rotate-secret",
    "webhooks:test", "webhooks:resend", "webhooks:resend-failed",
}  # fmt: skip
CREATES = {
    "dropin:generate", "dropin:generate-variation", "v1:uploads", "v1:generations", "v1:batch",
    "v1:variations", "v1:projects", "webhooks:endpoints",
}  # fmt: skip


def test_each_post_is_a_create_or_an_action() -> None:
    views = {name: getattr(pattern.callback, "cls", None) for name, pattern in routes()}
    posts = {name: view for name, view in views.items() if view and hasattr(view, "post")}
    found = {name for name, view in posts.items() if issubclass(view, CreateView)}
    assert found == CREATES and set(posts) == CREATES | ACTIONS


def wishes(cast: Cast, api: Api) -> dict[str, Any]:
    """The body of a create for each path, but the one that takes a form."""
    parent = succeeded_generation(cast)
    wish = {"room_type": "POOL", "image": api.photo(), "polygon": TRIANGLE}
    return {
        GENERATE: body(cast),
        VARIATION: variation(cast, parent),
        f"{ROOT}/generations": wish,
        f"{ROOT}/generations/batch": {"generations": [wish, wish]},
        f"{ROOT}/generations/{parent.pk}/variations": {"room_type": "POOL"},
        f"{ROOT}/projects": {"title": "Famille Martin"},
        f"{ROOT}/webhook-endpoints": {"url": "https://hooks.example.org/"},
    }


def test_each_create_is_answered_again_and_done_once(alice: Cast) -> None:
    api = live(alice)
    for path, wish in wishes(alice, api).items():
        send = {"content_type": "application/json", "headers": HEADERS}
        first, again = (api.client.post(path, wish, **send) for _ in range(2))
        assert first.status_code in (200, 201, 202) and "Idempotency-Replayed" not in first, path
        assert (again.status_code, again.json()) == (first.status_code, first.json()), path
        assert again["Idempotency-Replayed"] == "true", path
        other = api.client.post(path, {**wish, "webhook": "http://127.0.0.1:1/"}, **send)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused"), path


def test_an_upload_is_stored_once(alice: Cast) -> None:
    def send(data: bytes) -> Any:
        form = {"file": SimpleUploadedFile("garden.jpg", data)}
        return live(alice).client.post(f"{ROOT}/uploads", form, headers=HEADERS)

    first, again, other = send(photo_bytes()), send(photo_bytes()), send(photo_bytes((80, 80)))
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Upload.objects.count() == 1


def test_a_live_keys_and_a_test_keys_are_two(alice: Cast) -> None:
    jobs = [Wire(alice, key) for key in (alice.api_key, alice.test_api_key)]
    said = {"content_type": "application/json", "headers": HEADERS}
    answers = [wire.client.post(GENERATE, body(alice), **said) for wire in jobs]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["generation_id"] != answers[1].json()["generation_id"]
