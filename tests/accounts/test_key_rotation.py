"""Who replaced or revoked a key is kept; of one name no more than two work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Mode
from accounts.exceptions import InvalidApiKey, TwoKeysActive
from accounts.keys import authenticate_api_key, issue_api_key, revoke_api_key, rotate_api_key
from accounts.models import ApiKey, AuditEntry
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
DAY, AT_ONCE = timedelta(days=1), timedelta(0)


def shop(cast: Cast) -> ApiKey:
    return issue_api_key(agency=cast.agency, mode=Mode.LIVE, name="shop")[0]


def test_a_rotation_leaves_an_entry(alice: Cast) -> None:
    old = shop(alice)
    new, text = rotate_api_key(old, DAY, actor_id="staff-7", reason="asked by mail")
    entry = AuditEntry.objects.for_agency(alice.agency).get(action="api_key.rotated")
    assert (entry.target, entry.actor_id, entry.reason) == (
        str(new.pk), "staff-7", "asked by mail",
    )  # fmt: skip
    assert entry.detail == {
        "mode": "live", "prefix": new.prefix, "replaces": str(old.pk), "overlap_s": 86400,
    }  # fmt: skip
    assert text not in str(entry.detail)


def test_a_revocation_leaves_one_entry(alice: Cast) -> None:
    key = shop(alice)
    assert revoke_api_key(key, actor_id="staff-7", reason="leaked")
    assert not revoke_api_key(key, actor_id="staff-8", reason="leaked")
    entry = AuditEntry.objects.for_agency(alice.agency).get(action="api_key.revoked")
    assert (entry.target, entry.actor_id, entry.reason) == (str(key.pk), "staff-7", "leaked")
    assert entry.detail == {"mode": "live", "prefix": key.prefix}


def test_a_third_that_works_is_refused_and_nothing_is_changed(alice: Cast) -> None:
    old = shop(alice)
    new, _text = rotate_api_key(old, DAY)
    for key in (old, new):
        with pytest.raises(TwoKeysActive) as refused:
            rotate_api_key(key, DAY)
    assert refused.value.code == "two_keys_active"
    assert AuditEntry.objects.filter(action="api_key.rotated").count() == 1
    new.refresh_from_db()
    assert new.expires_at is None and ApiKey.objects.filter(name="shop").count() == 2


@pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
def test_once_one_has_ended_the_other_is_replaced(alice: Cast, ended: str) -> None:
    old = shop(alice)
    new, text = rotate_api_key(old, DAY)
    ApiKey.objects.filter(pk=old.pk).update(**{ended: timezone.now()})
    _newer, newer_text = rotate_api_key(new, DAY)
    assert authenticate_api_key(text) and authenticate_api_key(newer_text)


def test_without_an_overlap_there_are_never_three(alice: Cast) -> None:
    old = shop(alice)
    new, text = rotate_api_key(old, DAY)
    newer, _text = rotate_api_key(new, AT_ONCE)
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(text)
    with pytest.raises(TwoKeysActive):
        rotate_api_key(newer, DAY)


def test_keys_of_another_name_mode_or_agency_do_not_count(alice: Cast, charlie: Cast) -> None:
    mine = shop(alice)
    for agency, mode, name in (
        (alice.agency, Mode.LIVE, "other"),
        (alice.agency, Mode.TEST, "shop"),
        (charlie.agency, Mode.LIVE, "shop"),
    ):
        issue_api_key(agency=agency, mode=mode, name=name)
    assert rotate_api_key(mine, DAY)
