"""The log of messages: narrowed, read and sent again, and nothing in it is taken for a page."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.choices import Mode
from integrations.webhooks.choices import EventType
from integrations.webhooks.events import write_event
from integrations.webhooks.models import Delivery
from integrations.webhooks.services import delete_endpoint, send_ping
from projects.views.developer_deliveries import PER_PAGE
from tests.conftest import Cast
from tests.developers.pages import HOOK, endpoint, text_of
from tests.servers import Reply, Server
from tests.webhooks.test_deliveries import ended
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
LOG = "/developpeurs/livraisons"
ROW = f'href="{LOG}/'


def failed(row: Delivery, **fields: Any) -> Delivery:
    ended_so = {"state": "failed", "attempts": 10, "status_code": 500, "next_attempt_at": None}
    Delivery.objects.filter(pk=row.pk).update(**{**ended_so, **fields})
    row.refresh_from_db()
    return row


def count(client: Client, **query: str) -> int:
    return text_of(client.get(LOG, query)).count(ROW)


def test_it_is_narrowed_by_the_address(alice: Cast, alice_client: Client) -> None:
    live, test = endpoint(alice), endpoint(alice, mode=Mode.TEST)
    failed(send_ping(live.pk))
    send_ping(test.pk)
    write_event(
        agency_id=alice.agency.pk, mode=Mode.LIVE, event_type=EventType.QUOTA_LOW,
        subject_id=alice.agency.pk, data={"available": 1, "threshold": 2},
    )  # fmt: skip
    assert count(alice_client) == 3
    assert count(alice_client, state="failed") == 1
    assert count(alice_client, state="pending", type="test.ping") == 1
    assert count(alice_client, endpoint=str(live.pk)) == 2
    assert count(alice_client, endpoint=str(test.pk), type="quota.low") == 0
    assert "No message fits" in text_of(alice_client.get(LOG, {"state": "delivered"}))


@pytest.mark.parametrize("query", ["state=lost", "type=x", "endpoint=1", "since=ever"])
def test_a_wrong_question_is_said_and_everything_shown(
    alice: Cast, alice_client: Client, query: str
) -> None:
    send_ping(endpoint(alice).pk)
    answer = alice_client.get(f"{LOG}?{query}")
    assert answer.status_code == 422 and text_of(answer).count(ROW) == 1


def test_pages_of_it(alice: Cast, alice_client: Client) -> None:
    made = endpoint(alice)
    for _ in range(PER_PAGE + 2):
        send_ping(made.pk)
    query = {"state": "pending", "endpoint": str(made.pk)}
    first = text_of(alice_client.get(LOG, query))
    assert first.count(ROW) == PER_PAGE and "state=pending&amp;endpoint=" in first
    assert count(alice_client, **query, page="2") == 2


def test_before_anything_was_sent_it_says_so(alice_client: Client) -> None:
    assert "No message yet" in text_of(alice_client.get(LOG))


def test_one_message_without_its_signature(alice: Cast, alice_client: Client) -> None:
    with Server(lambda _request: Reply(204)) as server:
        row = send_ping(endpoint(alice, server.origin + "/hook").pk)
        sweep_once()
    page = text_of(alice_client.get(f"{LOG}/{row.pk}"))
    sent = server.requests[0]
    assert f"webhook-id: {sent.headers['webhook-id']}" in page and "HTTP 204" in page
    assert "POST /hook HTTP/1.1" in page and "1 of 10" in page and "Look again" not in page
    assert sent.headers["webhook-signature"].split(",")[1] not in page
    shown = ("content-type", "user-agent", "host")
    assert all(f"{name}: {sent.headers[name]}" in page for name in shown)


def test_hostile_words_stay_words(alice: Cast, alice_client: Client) -> None:
    """What a caller put into metadata, and into the URL."""
    hostile = "</pre><script>alert(1)</script>"
    made = endpoint(alice, f"{HOOK}?q={hostile}")
    event = write_event(
        agency_id=alice.agency.pk, mode=Mode.LIVE, event_type=EventType.GENERATION_FAILED,
        subject_id=uuid4(), data={"metadata": {hostile: "\u202e" + hostile}},
    )  # fmt: skip
    row = event.deliveries.get()
    for path in (LOG, f"{LOG}/{row.pk}", f"/developpeurs/webhooks/{made.pk}", "/developpeurs"):
        assert "<script>alert" not in text_of(alice_client.get(path))
    assert "&lt;script&gt;alert(1)" in text_of(alice_client.get(f"{LOG}/{row.pk}"))


def test_sent_again_it_says_what_was_before(alice: Cast, alice_client: Client) -> None:
    row = failed(send_ping(endpoint(alice).pk))
    path = f"{LOG}/{row.pk}"
    assert "Send again" in text_of(alice_client.get(path))
    assert alice_client.post(f"{path}/renvoyer")["Location"] == path
    page = text_of(alice_client.get(path))
    assert "0 of 10" in page and "and 10 before it was sent again" in page
    again = alice_client.post(f"{path}/renvoyer")
    assert again.status_code == 409 and "It needs no other" in text_of(again)


def test_all_that_failed_is_sent_again(alice: Cast, alice_client: Client) -> None:
    made, other = endpoint(alice), endpoint(alice)
    rows = [failed(send_ping(made.pk)) for _ in range(2)]
    kept = failed(send_ping(other.pk))
    page = f"/developpeurs/webhooks/{made.pk}"
    answer = alice_client.post(f"{page}/renvoyer", {"since": "24"}, follow=True)
    assert "2 messages are on their way again" in text_of(answer)
    states = Delivery.objects.in_bulk()
    assert [states[row.pk].state for row in [*rows, kept]] == ["pending", "pending", "failed"]
    answer = alice_client.post(f"{page}/renvoyer", {"since": "24"}, follow=True)
    assert "Nothing failed since then" in text_of(answer)
    assert alice_client.post(f"{page}/renvoyer", {"since": "9"}).status_code == 422


def test_a_jobs_own_webhook_is_in_the_log_and_has_no_button(
    alice: Cast, alice_client: Client
) -> None:
    ended(alice, "https://jobs.example.org/hook")
    row = failed(Delivery.objects.get())
    page = text_of(alice_client.get(f"{LOG}/{row.pk}"))
    assert "None: the webhook of one job" in page and "renvoyer" not in page
    assert alice_client.post(f"{LOG}/{row.pk}/renvoyer").status_code == 404


def test_what_a_deleted_endpoint_did_not_get_is_told_without_a_link(
    alice: Cast, alice_client: Client
) -> None:
    made = endpoint(alice)
    row = send_ping(made.pk)
    delete_endpoint(made.pk)
    page = text_of(alice_client.get(f"{LOG}/{row.pk}"))
    assert "the endpoint was deleted" in page and f"/developpeurs/webhooks/{made.pk}" not in page
    assert alice_client.post(f"{LOG}/{row.pk}/renvoyer").status_code == 404


def test_somebody_elses_message_is_not_there(alice: Cast, charlie_client: Client) -> None:
    made = endpoint(alice)
    row = failed(send_ping(made.pk))
    assert charlie_client.get(f"{LOG}/{row.pk}").status_code == 404
    assert charlie_client.post(f"{LOG}/{row.pk}/renvoyer").status_code == 404
    assert charlie_client.get(LOG, {"endpoint": str(made.pk)}).status_code == 404
    assert count(charlie_client) == 0
    row.refresh_from_db()
    assert row.state == "failed"


def test_a_log_of_any_length_costs_as_many_queries(
    alice: Cast, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    made = endpoint(alice)
    for _ in range(PER_PAGE):
        send_ping(made.pk)
    with django_assert_max_num_queries(12):
        alice_client.get(LOG, {"endpoint": str(made.pk)})


def test_of_an_answer_2_kb_are_kept_as_text(alice: Cast, alice_client: Client) -> None:
    """Whatever bytes it has; PostgreSQL keeps no NUL."""
    with Server(lambda _request: Reply(500, b"\0\xff<b>" + b"x" * 5000)) as server:
        row = send_ping(endpoint(alice, server.origin).pk)
        sweep_once()
    (attempt,) = Delivery.objects.get(pk=row.pk).tries.all()
    assert (attempt.number, attempt.status_code, attempt.error) == (1, 500, "")
    assert attempt.answer_head == "\ufffd\ufffd<b>" + "x" * 2043
    assert "\ufffd\ufffd&lt;b&gt;xxx" in text_of(alice_client.get(f"{LOG}/{row.pk}"))
