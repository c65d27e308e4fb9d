"""Keys on pages: shown once whatever is sent again, replaced, revoked, and by whom."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Role, Scope
from accounts.exceptions import InvalidApiKey
from accounts.keys import authenticate_api_key
from accounts.models import ApiKey, AuditEntry
from tests.conftest import Cast
from tests.developers.pages import KEY, client_of, key_form, member, reader, shown, text_of

pytestmark = pytest.mark.django_db
KEYS, NEW = "/developpeurs/cles", "/developpeurs/cles/nouvelle"
PASSWORD = {"password": "a password for tests"}


def make(client: Client, **fields: Any) -> tuple[ApiKey, str]:
    text = shown(KEY, client.post(NEW, key_form(**fields)))
    return authenticate_api_key(text), text


def test_an_integrator_makes_a_key_that_works_and_is_told_of_it_once(alice: Cast) -> None:
    ines = member(alice, Role.INTEGRATOR)
    client = reader(ines)
    key, text = make(client, scopes=[Scope.QUOTA_READ, Scope.WEBHOOKS_WRITE])
    assert (key.agency, key.mode, key.name) == (alice.agency, "test", "shop")
    assert key.scopes == ["quota:read", "webhooks:write"] and key.expires_at is None
    entry = AuditEntry.objects.for_agency(alice.agency).get(action="api_key.created")
    assert (entry.actor_id, entry.target) == (str(ines.pk), str(key.pk))
    listed = text_of(client.get(KEYS))
    assert f"{key.prefix}…" in listed and text not in listed + str(entry.detail)
    assert text not in str(dict(client.session)) and text not in str(client.cookies)


def test_the_form_sent_again_makes_no_second_key(alice: Cast, alice_client: Client) -> None:
    form, before = key_form(), ApiKey.objects.count()
    text = shown(KEY, alice_client.post(NEW, form))
    again = alice_client.post(NEW, form)
    assert again.status_code == 409 and text not in text_of(again)
    assert "No second key was made" in text_of(again)
    assert ApiKey.objects.count() == before + 1


def test_an_id_of_another_agency_is_not_there(alice_client: Client, charlie_client: Client) -> None:
    form = key_form()
    alice_client.post(NEW, form)
    assert charlie_client.post(NEW, form).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "id_name"), ("scopes", [], "Tick at least one"), ("scopes", ["root"], "root"),
        ("mode", "both", "id_mode"), ("ends", "2020-01-01", "This day is over"),
        ("ends", "soon", "id_ends"), ("form_id", "x", "id_form_id"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_lost(
    alice_client: Client, field: str, value: Any, said: str
) -> None:
    before = ApiKey.objects.count()
    answer = alice_client.post(NEW, key_form(**{"name": "CRM <b>", field: value}))
    assert answer.status_code == 422 and said in text_of(answer)
    assert field == "name" or "CRM &lt;b&gt;" in text_of(answer)
    assert ApiKey.objects.count() == before


def test_a_key_works_to_the_end_of_its_last_day(alice_client: Client) -> None:
    key, _text = make(alice_client, ends=timezone.localdate().isoformat())
    assert key.expires_at
    end = timezone.localtime(key.expires_at)
    assert (end.date(), end.hour, end.minute) == (timezone.localdate(), 23, 59)
    assert key.is_active and "Works until" in text_of(alice_client.get(KEYS))


def rotate(client: Client, key: ApiKey, **fields: str) -> Any:
    form = {"form_id": str(uuid4()), "overlap": "24", "ends": "", **fields}
    return client.post(f"{KEYS}/{key.pk}/remplacer", form)


def test_both_work_for_a_day_after_a_replacement(alice: Cast, alice_client: Client) -> None:
    old, old_text = make(alice_client)
    text = shown(KEY, rotate(alice_client, old))
    assert authenticate_api_key(text).scopes == old.scopes
    ends = authenticate_api_key(old_text).expires_at
    assert ends and timedelta(hours=23) < ends - timezone.now() <= timedelta(hours=24)
    entry = AuditEntry.objects.for_agency(alice.agency).get(action="api_key.rotated")
    assert entry.actor_id == str(alice.owner.pk)


def test_or_the_old_one_ends_at_once(alice_client: Client) -> None:
    old, old_text = make(alice_client)
    shown(KEY, rotate(alice_client, old, overlap="0"))
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(old_text)


@pytest.mark.parametrize("overlap", ["24", "0"])
def test_a_replacement_sent_again_makes_no_third(alice_client: Client, overlap: str) -> None:
    old, _old = make(alice_client)
    fields = {"form_id": str(uuid4()), "overlap": overlap}
    text, count = shown(KEY, rotate(alice_client, old, **fields)), ApiKey.objects.count()
    again = rotate(alice_client, old, **fields)
    assert again.status_code == 409 and "No second key was made" in text_of(again)
    assert ApiKey.objects.count() == count and authenticate_api_key(text)


def test_a_third_of_a_name_is_refused_in_words(alice_client: Client) -> None:
    old, _text = make(alice_client)
    shown(KEY, rotate(alice_client, old))
    answer = rotate(alice_client, old)
    assert answer.status_code == 409 and "Two keys named “shop” work already" in text_of(answer)


def test_what_was_revoked_is_not_replaced(alice_client: Client) -> None:
    key, _text = make(alice_client)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    page = alice_client.get(f"{KEYS}/{key.pk}/remplacer")
    for answer in (page, rotate(alice_client, key)):
        assert answer.status_code == 409 and "does not work any more" in text_of(answer)


def test_revoking_asks_for_the_password_first(alice: Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    client.post("/comptes/login/", {"login": "alice@example.org", **PASSWORD})
    key, text = make(client)
    page = f"{KEYS}/{key.pk}/revoquer"
    for answer in (client.get(page), client.post(page)):
        assert answer.status_code == 302 and "/comptes/reauthenticate/" in answer["Location"]
    assert authenticate_api_key(text)
    back = client.post(f"/comptes/reauthenticate/?next={page}", {**PASSWORD, "next": page})
    assert (back.status_code, back.get("Location", page)) in [(302, page), (302, KEYS)]
    assert client.get(page).status_code == 200
    client.post(page)
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(text)
    entry = AuditEntry.objects.for_agency(alice.agency).get(action="api_key.revoked")
    assert entry.actor_id == str(alice.owner.pk)
    assert "Revoked" in text_of(client.get(KEYS))


def test_somebody_elses_key_is_not_even_asked_the_password_for(
    alice_client: Client, charlie_client: Client
) -> None:
    key, _text = make(alice_client)
    for verb in ("remplacer", "revoquer"):
        for call in (charlie_client.get, charlie_client.post):
            assert call(f"{KEYS}/{key.pk}/{verb}").status_code == 404
    assert key.prefix not in text_of(charlie_client.get(KEYS))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_other_roles_read_that_theirs_does_not_allow_it(alice: Cast, role: Role) -> None:
    client, before = client_of(alice, role), ApiKey.objects.count()
    key = ApiKey.objects.filter(agency=alice.agency)[0]
    paths = ["/developpeurs", KEYS, NEW, f"{KEYS}/{key.pk}/revoquer", "/developpeurs/livraisons",
             "/developpeurs/webhooks", "/developpeurs/webhooks/nouveau"]  # fmt: skip
    assert {client.get(path).status_code for path in paths} == {403}
    assert client.post(NEW, key_form()).status_code == 403
    assert ApiKey.objects.count() == before


def test_an_integrator_comes_to_no_team_through_a_key(alice: Cast, alice_client: Client) -> None:
    """A new key is seen by who makes it; with members:write it would make its maker a manager."""
    strong, _text = make(alice_client, scopes=[Scope.MEMBERS_WRITE])
    ines, before = client_of(alice, Role.INTEGRATOR), ApiKey.objects.count()
    assert "members:write" not in text_of(ines.get(NEW))
    assert ines.post(NEW, key_form(scopes=[Scope.MEMBERS_WRITE])).status_code == 422
    assert ines.get(f"{KEYS}/{strong.pk}/remplacer").status_code == 403
    assert rotate(ines, strong).status_code == 403 and ApiKey.objects.count() == before
    assert f"{KEYS}/{strong.pk}/remplacer" not in text_of(ines.get(KEYS))
    assert f"{KEYS}/{strong.pk}/revoquer" in text_of(ines.get(KEYS))


def test_without_keys_the_list_offers_one(alice: Cast, alice_client: Client) -> None:
    ApiKey.objects.all().delete()
    page = text_of(alice_client.get(KEYS))
    assert "No key yet" in page and f'href="{NEW}"' in page
