"""An installation that had deliveries before there were endpoints."""

from importlib import import_module

import pytest
from django.apps import apps
from django_q.models import Schedule

from integrations.webhooks import deliveries
from integrations.webhooks.models import Delivery
from tests.conftest import Cast
from tests.webhooks.test_deliveries import ended

MIGRATION = import_module("integrations.webhooks.migrations.0004_hosts_and_nightly_sweep")


@pytest.mark.django_db
@pytest.mark.parametrize("times", [1, 2])
def test_what_waits_learns_its_host(alice: Cast, times: int) -> None:
    """As the old code wrote it, also during the deploy; and the migration can be run again."""
    ended(alice, "https://User@Hooks.example.org:8443/hook?a=b")
    Delivery.objects.update(host="", event=None)
    assert deliveries.due_deliveries(9), "it is sent without one too"
    for _ in range(times):
        MIGRATION.name_hosts(apps, None)
        MIGRATION.add(apps, None)
    assert Delivery.objects.get().host == "hooks.example.org:8443"
    assert Schedule.objects.filter(name=MIGRATION.NAME).count() == 1


@pytest.mark.django_db
def test_what_is_no_url_stops_nothing(alice: Cast) -> None:
    ended(alice, "https://[::1/hook")
    MIGRATION.name_hosts(apps, None)
    assert Delivery.objects.get().host == ""
