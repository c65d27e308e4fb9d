"""Standard Webhooks to the letter: the official library verifies what is sent, and so do ten lines
of anybody's own."""

import base64
import hashlib
import hmac
import time
from typing import Any

import pytest
from django.test import Client
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from integrations.webhooks.models import WebhookSecret
from integrations.webhooks.services import OVERLAP
from tests.conftest import Cast
from tests.projects.jobs import backdate
from tests.servers import Reply, Request, Server
from tests.webhooks.api import ENDPOINTS, live
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db


def verified_by_hand(secret: str, request: Request) -> bool:
    """As docs/webhooks.md tells receivers to do it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message_id, sent_at = (request.headers[f"webhook-{name}"] for name in ("id", "timestamp"))
    if abs(time.time() - int(sent_at)) > 300:
        return False
    signed = f"{message_id}.{sent_at}.".encode() + request.body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(expected, given)
        for given in request.headers["webhook-signature"].split(" ")
    )


def verified(secret: str, request: Request) -> bool:
    """By both, which agree."""
    try:
        Webhook(secret).verify(request.body, request.headers)
        official = True
    except WebhookVerificationError:
        official = False
    assert official == verified_by_hand(secret, request)
    return official


class Receiver:
    """An endpoint of Alice's that is pinged."""

    def __init__(self, cast: Cast, server: Server) -> None:
        self.api, self.server = live(cast), server
        self.made = self.api.endpoint(server.origin + "/hook")
        self.path = f"{ENDPOINTS}/{self.made['id']}"

    def ping(self) -> Request:
        assert self.api.post(f"{self.path}/test")[0] == 202
        sweep_once()
        return self.server.requests[-1]

    def rotate(self, **fields: Any) -> str:
        status, answer = self.api.post(f"{self.path}/rotate-secret", fields)
        assert status == 200, answer
        return str(answer["secret"])


def ok(_request: Request) -> Reply:
    return Reply(204)


def test_both_verify_what_is_sent(alice: Cast, charlie: Cast) -> None:
    with Server(ok) as server:
        receiver = Receiver(alice, server)
        request = receiver.ping()
        other = live(charlie).endpoint(server.origin)["secret"]
    assert verified(receiver.made["secret"], request)
    assert not verified(other, request) and not verified(alice.agency.webhook_secret, request)
    body = request.json()
    assert (body["type"], body["data"]) == ("test.ping", {"endpoint_id": receiver.made["id"]})
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"].startswith("msg_")


def test_a_changed_body_id_or_time_does_not_verify(alice: Cast) -> None:
    with Server(ok) as server:
        receiver = Receiver(alice, server)
        request = receiver.ping()
    secret = receiver.made["secret"]
    headers = request.headers
    later = str(int(headers["webhook-timestamp"]) + 1)
    for changed in (
        Request("POST", "/", headers, request.body + b" "),
        Request("POST", "/", {**headers, "webhook-id": "msg_0"}, request.body),
        Request("POST", "/", {**headers, "webhook-timestamp": later}, request.body),
    ):
        assert not verified(secret, changed)


def test_both_secrets_sign_while_one_replaces_the_other(alice: Cast) -> None:
    with Server(ok) as server:
        receiver = Receiver(alice, server)
        old, new = receiver.made["secret"], receiver.rotate()
        during = receiver.ping()
        ending = WebhookSecret.objects.exclude(signs_until=None).get()
        backdate(ending, 24 * 3600 + 1, "signs_until")
        after = receiver.ping()
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert verified(old, during) and verified(new, during)
    assert verified(new, after) and not verified(old, after)


def test_a_rotation_whose_answer_was_lost_ends_no_secret_early(alice: Cast) -> None:
    with Server(ok) as server:
        receiver = Receiver(alice, server)
        secrets = [receiver.made["secret"], receiver.rotate(), receiver.rotate()]
        three = receiver.ping()
        assert all(verified(secret, three) for secret in secrets)
        newest = receiver.rotate()
        still_three = receiver.ping()
    assert len(still_three.headers["webhook-signature"].split(" ")) == 3
    assert verified(newest, still_three) and not verified(secrets[0], still_three)


def test_a_secret_that_leaked_can_end_at_once(alice: Cast) -> None:
    with Server(ok) as server:
        receiver = Receiver(alice, server)
        between = receiver.rotate()
        new = receiver.rotate(overlap_hours=0)
        request = receiver.ping()
    assert verified(new, request)
    assert not any(verified(secret, request) for secret in (receiver.made["secret"], between))
    assert WebhookSecret.objects.count() == 1


@pytest.mark.parametrize("hours", [-1, 169, "soon"])
def test_an_overlap_that_cannot_be(alice: Cast, hours: Any) -> None:
    made = live(alice).endpoint("https://hooks.example.org/")
    path = f"{ENDPOINTS}/{made['id']}/rotate-secret"
    status, answer = live(alice).post(path, {"overlap_hours": hours})
    assert (status, answer["field"]) == (400, "overlap_hours")


def test_a_call_without_a_body_has_the_usual_overlap(alice: Cast) -> None:
    made = live(alice).endpoint("https://hooks.example.org/")
    path = f"{ENDPOINTS}/{made['id']}/rotate-secret"
    answer = Client().generic("POST", path, headers=alice.headers)
    ending = WebhookSecret.objects.exclude(signs_until=None).get()
    assert answer.status_code == 200 and ending.signs_until
    assert ending.signs_until - ending.endpoint.secrets.latest("created_at").created_at == OVERLAP
