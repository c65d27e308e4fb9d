"""API keys: form, scopes, expiry, revocation, last use."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import Mode, Scope
from accounts.exceptions import InvalidApiKey
from accounts.keys import authenticate_api_key, issue_api_key, revoke_api_key
from accounts.models import ApiKey
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def test_a_key_is_recognised_and_kept_as_a_hash(alice: Cast) -> None:
    key, text = issue_api_key(agency=alice.agency, mode=Mode.LIVE)
    assert text.startswith("prt_live_") and len(text) == len("prt_live_") + 49
    assert authenticate_api_key(text).agency == alice.agency
    stored = ApiKey.objects.filter(pk=key.pk).values_list()[0]
    assert text not in [str(value) for value in stored]
    assert set(key.scopes) == set(Scope)


@pytest.mark.parametrize("wrong", ["", "prt_live_x", "prt_live_" + "a" * 49, "é" * 58])
def test_what_is_no_key_is_refused_without_asking_the_database(
    alice: Cast, wrong: str, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0), pytest.raises(InvalidApiKey):
        authenticate_api_key(wrong)


def test_one_wrong_character_fails_the_checksum(alice: Cast, django_assert_num_queries) -> None:
    other = "b" if alice.api_key[20] != "b" else "c"
    wrong = alice.api_key[:20] + other + alice.api_key[21:]
    with django_assert_num_queries(0), pytest.raises(InvalidApiKey):
        authenticate_api_key(wrong)


def test_revoked_and_expired_keys_are_refused_at_once(alice: Cast) -> None:
    key, text = issue_api_key(agency=alice.agency, mode=Mode.LIVE)
    revoke_api_key(key)
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(text)
    ApiKey.objects.filter(prefix__startswith="prt_test_").update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(alice.test_api_key)


def test_the_last_use_is_written_at_most_every_five_minutes(
    alice: Cast, django_assert_num_queries
) -> None:
    authenticate_api_key(alice.api_key)
    with django_assert_num_queries(1):
        authenticate_api_key(alice.api_key)
