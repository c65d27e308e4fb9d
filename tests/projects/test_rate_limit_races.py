"""Calls of one key at the same time, each with a connection of its own to the real database."""

from functools import partial

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.choices import Mode
from accounts.models import ApiKey, RateWindow
from accounts.rate_limits import count_call
from tests.conftest import Cast
from tests.projects.jobs import at_once, in_thread
from tests.projects.test_rate_limits import credit

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("ledger_may_be_flushed"),
]


def test_no_call_is_lost_or_counted_twice(alice: Cast) -> None:
    key = ApiKey.objects.get(agency=alice.agency, mode=Mode.LIVE)
    usages = at_once(*[partial(count_call, key.pk, creates=False)] * 40)
    left = sorted(usage.left for usage in usages if usage)  # SQLite may be too busy to count
    assert left == list(range(600 - len(left), 600)) and left
    assert RateWindow.objects.get().calls == len(left)
    assert len(left) == 40 or connection.vendor == "sqlite"


def test_a_read_does_not_wait_for_a_writer(alice: Cast) -> None:
    """On SQLite one transaction writes at a time: the call is answered and not counted."""
    credit(alice, Client())  # the key's last use is written
    with transaction.atomic():
        RateWindow.objects.filter(calls=0).delete()
        with in_thread(partial(credit, alice, Client())) as answers:
            pass
    assert answers[0].status_code == 200
    counted = connection.vendor == "postgresql"
    assert ("RateLimit-Limit" in answers[0].headers) == counted
    assert RateWindow.objects.get().calls == 1 + counted
