"""The first page: an example with the reader's own key, and numbers that lead to their rows.

That the example works as it is printed, tests/browser/test_developers.py tries.
"""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import ApiKey
from integrations.webhooks.models import Delivery
from integrations.webhooks.services import send_ping
from tests.conftest import Cast
from tests.developers.pages import client_of, endpoint, text_of

pytestmark = pytest.mark.django_db
EXAMPLE = re.compile(r'<pre tabindex="0" id="example">(.*?)</pre>', re.DOTALL)


def example(page: str) -> str:
    (found,) = EXAMPLE.findall(page)
    return html.unescape(found)


def test_the_key_is_one_that_may_make_the_call(alice: Cast, alice_client: Client) -> None:
    ApiKey.objects.filter(mode="test").update(scopes=["webhooks:write"])
    page = text_of(alice_client.get("/developpeurs"))
    assert alice.api_key[:15] in example(page) and alice.api_key not in page
    assert len(example(page).splitlines()) == 3
    ApiKey.objects.all().update(revoked_at=timezone.now())
    page = text_of(alice_client.get("/developpeurs"))
    assert "export KEY=prt_test_…" in example(page) and "Make a key" in page


def test_the_numbers_lead_to_what_they_count(
    alice: Cast, charlie: Cast, alice_client: Client
) -> None:
    made = endpoint(alice)
    rows = [send_ping(made.pk) for _ in range(4)]
    for row, state in zip(rows, ("delivered", "failed", "failed", "failed"), strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state)
    old = timezone.now() - timedelta(hours=25)
    Delivery.objects.filter(pk=rows[3].pk).update(created_at=old)
    send_ping(endpoint(charlie).pk)
    page = text_of(alice_client.get("/developpeurs"))
    counted = re.findall(r'href="(/developpeurs/livraisons\?[^"]+)"><strong>(\d+)', page)
    assert [int(count) for _url, count in counted] == [0, 1, 2]
    for url, count in counted:
        listed = text_of(alice_client.get(html.unescape(url)))
        assert listed.count('href="/developpeurs/livraisons/') == int(count)


def test_in_french_for_an_integrator(alice: Cast) -> None:
    client = client_of(alice, Role.INTEGRATOR)
    page = text_of(client.get("/developpeurs", headers={"accept-language": "fr"}))
    assert "Développeurs" in page and 'lang="fr"' in page
