"""Webhook endpoints on pages."""

from typing import Any

import pytest
from django.test import Client

from accounts.choices import Mode
from accounts.models import AuditEntry
from integrations.webhooks.models import Delivery, WebhookEndpoint, WebhookSecret
from integrations.webhooks.selectors import secret_of
from integrations.webhooks.services import MOST_ENDPOINTS, disable_endpoint
from tests.conftest import Cast
from tests.developers.pages import HOOK, SECRET, endpoint, endpoint_form, shown, text_of
from tests.servers import Reply, Server
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
LIST, NEW = "/developpeurs/webhooks", "/developpeurs/webhooks/nouveau"


def page_of(row: WebhookEndpoint, *more: str) -> str:
    return "/".join([LIST, str(row.pk), *more])


def test_a_new_one_shows_its_secret_once(alice: Cast, alice_client: Client) -> None:
    types = ["quota.low", "generation.failed"]
    form = endpoint_form(mode="test", description="CRM", event_types=types)
    secret = shown(SECRET, alice_client.post(NEW, form))
    row = WebhookEndpoint.objects.get()
    assert (row.agency, row.mode, row.url) == (alice.agency, "test", HOOK)
    assert (row.description, row.event_types) == ("CRM", types)
    assert secret_of(row.pk) == secret
    again = alice_client.post(NEW, form)
    assert again.status_code == 409 and secret not in text_of(again)
    assert secret not in text_of(alice_client.get(page_of(row)))
    assert WebhookEndpoint.objects.count() == 1
    entry = AuditEntry.objects.for_agency(alice.agency).get(action="webhook_endpoint.created")
    assert entry.actor_id == str(alice.owner.pk)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.org/", "starts with https://"),
        ("https://10.0.0.1/hook", "not on the public internet"),
        ("https://169.254.169.254/latest", "not on the public internet"),
        ("https://localhost/hook", "not on the public internet"),
        ("https://2130706433/", "not on the public internet"),
        ("https://user:secret@hooks.example.org/", "without user name"),
        ("https://hooks.example.org:22/", "port 443 or 8443"),
        ("javascript:alert(1)", "https://"), ("<script>", "https://"), ("", "id_url"),
    ],
)  # fmt: skip
def test_where_nothing_may_be_sent_is_said_in_words(
    alice: Cast, alice_client: Client, settings: Any, url: str, said: str
) -> None:
    settings.OUTBOUND_ALLOW = []
    answer = alice_client.post(NEW, endpoint_form(url=url, description="kept"))
    assert answer.status_code == 422 and said in text_of(answer) and "kept" in text_of(answer)
    assert "<script>" not in text_of(answer) and not WebhookEndpoint.objects.exists()
    row = endpoint(alice)
    assert alice_client.post(page_of(row, "modifier"), {"url": url}).status_code == 422
    row.refresh_from_db()
    assert row.url == HOOK


def test_the_twenty_first_is_refused(alice: Cast, alice_client: Client) -> None:
    for _ in range(MOST_ENDPOINTS):
        endpoint(alice)
    answer = alice_client.post(NEW, endpoint_form())
    assert answer.status_code == 409 and f"has {MOST_ENDPOINTS} endpoints" in text_of(answer)


def test_changed_switched_off_and_on_and_deleted(alice: Cast, alice_client: Client) -> None:
    row = endpoint(alice)
    change = {"url": HOOK + "/2", "description": "<i>", "event_types": ["quota.low"]}
    assert alice_client.post(page_of(row, "modifier"), change)["Location"] == page_of(row)
    page = text_of(alice_client.get(page_of(row)))
    assert HOOK + "/2" in page and "&lt;i&gt;" in page and "<code>quota.low</code>" in page
    alice_client.post(page_of(row, "arreter"))
    page = text_of(alice_client.get(page_of(row)))
    assert "Asked for by the agency" in page and "essai" not in page
    alice_client.post(page_of(row, "reprendre"))
    assert "essai" in text_of(alice_client.get(page_of(row)))
    alice_client.post(page_of(row, "supprimer"))
    assert alice_client.get(page_of(row)).status_code == 404
    assert "No endpoint yet" in text_of(alice_client.get(LIST))
    actors = AuditEntry.objects.filter(action__startswith="webhook_endpoint.")
    kinds = ["disabled", "enabled", "deleted", "url_changed"]
    by_alice = actors.filter(actor_id=str(alice.owner.pk)).values_list("action", flat=True)
    assert sorted(by_alice) == sorted(f"webhook_endpoint.{kind}" for kind in kinds)


def rotate(client: Client, row: WebhookEndpoint, overlap: str = "24", replaces: int = 0) -> Any:
    present = replaces or WebhookSecret.objects.get(endpoint=row, signs_until=None).pk
    return client.post(page_of(row, "secret"), {"replaces": present, "overlap": overlap})


def test_a_new_secret_signs_beside_the_old_one(alice: Cast, alice_client: Client) -> None:
    row = endpoint(alice)
    old = WebhookSecret.objects.get(endpoint=row)
    secret = shown(SECRET, rotate(alice_client, row))
    assert secret == secret_of(row.pk) != old.secret and row.secrets.count() == 2
    assert "signs beside the present one until" in text_of(alice_client.get(page_of(row)))
    again = rotate(alice_client, row, replaces=old.pk)
    assert again.status_code == 409 and "It was not replaced again" in text_of(again)
    assert secret_of(row.pk) == secret and row.secrets.count() == 2


def test_or_the_old_secret_ends_at_once(alice: Cast, alice_client: Client) -> None:
    row = endpoint(alice)
    shown(SECRET, rotate(alice_client, row, overlap="0"))
    assert "signs beside" not in text_of(alice_client.get(page_of(row)))
    assert rotate(alice_client, row, overlap="-1").status_code == 422


def test_a_test_event_shows_what_was_answered(alice: Cast, alice_client: Client) -> None:
    with Server(lambda _request: Reply(418, b"<script>alert(1)</script>")) as server:
        row = endpoint(alice, server.origin + "/hook?x=<b>", Mode.TEST)
        page = alice_client.post(page_of(row, "essai"))["Location"]
        assert "Look again" in text_of(alice_client.get(page))
        sweep_once()
    told = text_of(alice_client.get(page))
    assert "HTTP 418" in told and "1 of 10" in told and "Next try" in told
    assert "<script>alert" not in told and "x=<b>" not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told and " ms</span>" in told
    assert [request.path for request in server.requests] == ["/hook?x=%3Cb%3E"]


def test_one_that_is_off_is_sent_nothing(alice: Cast, alice_client: Client) -> None:
    row = endpoint(alice)
    disable_endpoint(row.pk, "requested")  # type: ignore[arg-type]
    for act, fields in (("essai", {}), ("renvoyer", {"since": "24"})):
        answer = alice_client.post(page_of(row, act), fields)
        assert answer.status_code == 409 and "This endpoint is off" in text_of(answer)
    assert not Delivery.objects.exists()


ACTS = ("", "modifier", "secret", "arreter", "reprendre", "supprimer", "essai", "renvoyer")


@pytest.mark.parametrize("act", ACTS)
def test_somebody_elses_endpoint_is_not_there(
    alice: Cast, charlie_client: Client, act: str
) -> None:
    row = endpoint(alice, mode=Mode.TEST)
    before = list(WebhookEndpoint.objects.values())
    path = page_of(row, act) if act else page_of(row)
    for answer in (charlie_client.get(path), charlie_client.post(path)):
        assert answer.status_code in (404, 405)
    assert list(WebhookEndpoint.objects.values()) == before and not Delivery.objects.exists()
    assert HOOK not in text_of(charlie_client.get(LIST))
