"""Endpoints that are gone or only fail: called no more, told to the owners, and brought back."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.choices import Role
from accounts.models import AuditEntry, User
from accounts.services import add_member
from integrations.webhooks import deliveries
from integrations.webhooks.deliveries import RETRY_S, Outcome
from integrations.webhooks.models import Delivery, DisabledReason, WebhookEndpoint
from integrations.webhooks.services import disable_endpoint
from tests.conftest import Cast
from tests.projects.jobs import backdate
from tests.servers import Reply, Server
from tests.webhooks.api import ENDPOINTS, live
from tests.worker import run_queued, sweep_once

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:1/"
DAY = 24 * 3600


def pinged(cast: Cast, url: str = NOWHERE, count: int = 1) -> Any:
    made = live(cast).endpoint(url)
    for _ in range(count):
        live(cast).post(f"{ENDPOINTS}/{made['id']}/test")
    return made


def endpoint() -> WebhookEndpoint:
    return WebhookEndpoint.objects.get()


def claimed() -> Delivery:
    row = Delivery.objects.filter(state="pending").earliest("created_at")
    backdate(row, 9 * DAY, "next_attempt_at")
    row.refresh_from_db()
    assert deliveries.claim(row)
    return row


def given_up() -> None:
    """A message that has used up its ten tries."""
    for _ in range(len(RETRY_S) + 1):
        deliveries.finish(claimed(), Outcome(500))


def test_gone_disables_at_once(alice: Cast) -> None:
    with Server(lambda _request: Reply(410)) as server:
        made = pinged(alice, server.origin, count=9)
        for _ in range(3):
            sweep_once()
    assert 1 <= len(server.requests) <= 4, "those that were under way already"
    row = endpoint()
    assert row.disabled_at and row.disabled_reason == DisabledReason.GONE
    assert {d["state"] for d in live(alice).deliveries(made)} == {"failed"}
    errors = [d["error"] for d in live(alice).deliveries(made)]
    assert sorted(errors) == [""] + ["endpoint_disabled"] * 8
    assert AuditEntry.objects.filter(action="webhook_endpoint.disabled").count() == 1


def test_five_days_of_failures_disable(alice: Cast) -> None:
    pinged(alice, count=2)
    given_up()
    assert endpoint().failing_since and not endpoint().disabled_at
    backdate(endpoint(), 5 * DAY + 1, "failing_since")
    given_up()
    assert endpoint().disabled_reason == DisabledReason.FAILING


def test_one_that_arrived_begins_anew(alice: Cast) -> None:
    pinged(alice, count=3)
    given_up()
    backdate(endpoint(), 5 * DAY + 1, "failing_since")
    deliveries.finish(claimed(), Outcome(200))
    assert endpoint().failing_since is None
    given_up()
    assert not endpoint().disabled_at


def test_a_moments_failure_after_a_quiet_week_disables_nothing(alice: Cast) -> None:
    pinged(alice, count=2)
    given_up()
    backdate(endpoint(), 30 * DAY, "failing_since")
    deliveries.finish(claimed(), Outcome(503))
    assert not endpoint().disabled_at


def test_a_sender_that_slept_says_nothing_of_the_endpoint(alice: Cast) -> None:
    pinged(alice)
    sleeper, waker = claimed(), claimed()
    deliveries.finish(sleeper, Outcome(410))
    assert not endpoint().failing_since and not endpoint().disabled_at
    deliveries.finish(waker, Outcome(200))


def test_what_the_url_before_answers_says_nothing_of_the_next(alice: Cast) -> None:
    made = pinged(alice)
    row = claimed()
    path = f"{ENDPOINTS}/{made['id']}"
    assert live(alice).send("patch", path, {"url": "http://127.0.0.1:2/"})[0] == 200
    deliveries.finish(row, Outcome(410))
    assert not endpoint().failing_since and not endpoint().disabled_at


def test_a_delivery_that_arrived_while_it_was_disabled_counts(alice: Cast) -> None:
    pinged(alice)
    row = claimed()
    assert disable_endpoint(endpoint().pk, DisabledReason.REQUESTED)
    assert not disable_endpoint(endpoint().pk, DisabledReason.GONE), "it was before"
    deliveries.finish(row, Outcome(200))
    assert Delivery.objects.get().state == "delivered"


def test_what_was_written_while_it_was_being_disabled_is_not_sent(alice: Cast) -> None:
    with Server(lambda _request: Reply(200)) as server:
        pinged(alice, server.origin)
        WebhookEndpoint.objects.update(disabled_at=endpoint().created_at)
        sweep_once()
    row = Delivery.objects.get()
    assert (row.state, row.error, server.requests) == ("failed", "endpoint_disabled", [])


# --- The owners


def test_owners_are_told_in_their_language(alice: Cast, bob: Any) -> None:
    french = User.objects.create_user("fr@example.org", "a password for tests", language="fr")
    add_member(agency=alice.agency, user=french, role=Role.OWNER)
    User.objects.filter(pk=alice.owner.user_id).update(language="en")
    made = pinged(alice)
    disable_endpoint(endpoint().pk, DisabledReason.FAILING)
    assert not mail.outbox, "after the commit, by a worker"
    run_queued()
    by_address = {message.to[0]: message for message in mail.outbox}
    assert set(by_address) == {"alice@example.org", "fr@example.org"}
    english, french_mail = by_address["alice@example.org"], by_address["fr@example.org"]
    assert english.subject == "A webhook of your agency is disabled"
    assert NOWHERE in english.body and "five days" in english.body
    assert f"{ENDPOINTS}/{made['id']}/enable" in english.body
    assert french_mail.subject == "Un webhook de votre agence est désactivé"
    assert "cinq jours" in french_mail.body and "&#x27;" not in french_mail.body


def test_nobody_is_told_of_what_they_did_themselves(alice: Cast) -> None:
    made = pinged(alice)
    live(alice).send("patch", f"{ENDPOINTS}/{made['id']}", {"disabled": True})
    disable_endpoint(endpoint().pk, DisabledReason.FAILING)
    run_queued()
    assert not mail.outbox


def test_nobody_is_told_of_one_that_was_enabled_meanwhile(alice: Cast) -> None:
    made = pinged(alice)
    disable_endpoint(endpoint().pk, DisabledReason.GONE)
    live(alice).post(f"{ENDPOINTS}/{made['id']}/enable")
    run_queued()
    assert not mail.outbox


def test_a_mail_server_that_fails_breaks_nothing(alice: Cast, settings: Any, caplog: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    pinged(alice)
    disable_endpoint(endpoint().pk, DisabledReason.GONE)
    run_queued()
    assert endpoint().disabled_at and "could not be sent" in caplog.text


# --- Brought back


def test_all_that_failed_is_sent_again(alice: Cast) -> None:
    made = pinged(alice, count=3)
    given_up()
    delivered = claimed()
    deliveries.finish(delivered, Outcome(200))
    path = f"{ENDPOINTS}/{made['id']}"
    disable_endpoint(endpoint().pk, DisabledReason.FAILING)
    since = {"since": "2020-01-01T00:00:00Z"}
    assert live(alice).post(f"{path}/resend-failed", since)[1]["code"] == "endpoint_disabled"
    live(alice).post(f"{path}/enable")
    with Server(lambda _request: Reply(200)) as server:
        live(alice).send("patch", path, {"url": server.origin})
        late = {"since": "2999-01-01T00:00:00Z"}
        assert live(alice).post(f"{path}/resend-failed", late) == (202, {"resent": 0})
        assert live(alice).post(f"{path}/resend-failed", since) == (202, {"resent": 2})
        sweep_once()
    assert {row["state"] for row in live(alice).deliveries(made)} == {"delivered"}
    ids = {request.headers["webhook-id"] for request in server.requests}
    assert len(ids) == 2 and delivered.message_id not in ids


def test_one_is_sent_again_under_its_id(alice: Cast) -> None:
    with Server(lambda _request: Reply(200)) as server:
        made = pinged(alice, server.origin)
        sweep_once()
        (row,) = live(alice).deliveries(made)
        path = f"{ENDPOINTS}/{made['id']}/deliveries/{row['id']}"
        status, again = live(alice).post(f"{path}/resend")
        assert (status, again["state"], again["status_code"]) == (202, "pending", None)
        assert live(alice).post(f"{path}/resend")[1]["code"] == "still_pending"
        sweep_once()
    first, second = (request.headers["webhook-id"] for request in server.requests)
    assert first == second == row["webhook_id"]
    assert live(alice).get(path)[1]["attempts"] == 2


def test_ten_tries_more(alice: Cast) -> None:
    made = pinged(alice)
    given_up()
    path = f"{ENDPOINTS}/{made['id']}/resend-failed"
    assert live(alice).post(path, {"since": "2020-01-01T00:00:00Z"})[1] == {"resent": 1}
    given_up()
    assert (Delivery.objects.get().state, Delivery.objects.get().attempts) == ("failed", 20)


def test_a_sender_from_before_does_not_speak_for_the_next_round(alice: Cast) -> None:
    made = pinged(alice)
    sleeper = claimed()
    disable_endpoint(endpoint().pk, DisabledReason.REQUESTED)
    live(alice).post(f"{ENDPOINTS}/{made['id']}/enable")
    since = {"since": "2020-01-01T00:00:00Z"}
    live(alice).post(f"{ENDPOINTS}/{made['id']}/resend-failed", since)
    due = Delivery.objects.get().next_attempt_at
    deliveries.finish(sleeper, Outcome(500))
    assert Delivery.objects.get().next_attempt_at == due and not endpoint().failing_since


def test_a_secret_that_cannot_be_opened_hides_nothing(alice: Cast, charlie: Cast) -> None:
    """A key of ENCRYPTION_KEYS is gone: its endpoint waits, no try is counted, others go on."""
    with Server(lambda _request: Reply(200)) as server:
        hers = pinged(alice, server.origin + "/alice")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE webhooks_webhooksecret SET secret = 'x'")
        pinged(charlie, server.origin + "/charlie")
        sweep_once()
    assert [request.path for request in server.requests] == ["/charlie"]
    (row,) = live(alice).deliveries(hers)
    assert (row["state"], row["attempts"]) == ("pending", 0)
    assert live(alice).get(ENDPOINTS)[0] == 200
