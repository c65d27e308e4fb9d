"""API keys: form, scopes, expiry, revocation, last use."""

import math
import random
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.choices import Mode, Scope
from accounts.exceptions import InvalidApiKey
from accounts.keys import (
    authenticate_api_key,
    issue_api_key,
    revoke_api_key,
    rotate_api_key,
)
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


def test_a_key_expires_by_itself(alice: Cast) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    key, text = issue_api_key(agency=alice.agency, mode=Mode.LIVE, expires_at=soon)
    assert authenticate_api_key(text).pk == key.pk
    ApiKey.objects.filter(pk=key.pk).update(expires_at=soon - timedelta(minutes=1))
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(text)


def test_a_revoked_key_is_refused_by_the_very_next_call(alice: Cast, client: Client) -> None:
    def call() -> int:
        fields = {"user_id": alice.user_id}
        return client.post(
            "/api/account/credit", fields, "application/json", headers=alice.headers
        ).status_code

    assert call() == 200
    revoke_api_key(ApiKey.objects.get(agency=alice.agency, mode=Mode.LIVE))
    assert call() == 401


def test_the_last_use_is_written(alice: Cast) -> None:
    before = timezone.now()
    key = authenticate_api_key(alice.api_key)
    key.refresh_from_db()
    assert key.last_used_at and key.last_used_at >= before
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=before - timedelta(minutes=6))
    authenticate_api_key(alice.api_key)
    key.refresh_from_db()
    assert key.last_used_at >= before


def test_two_keys_work_while_one_replaces_the_other(alice: Cast) -> None:
    old, old_text = issue_api_key(
        agency=alice.agency, mode=Mode.TEST, name="shop", scopes=[Scope.QUOTA_READ]
    )
    new, new_text = rotate_api_key(old, timedelta(days=1))
    assert (new.agency, new.mode, new.name, new.scopes) == (
        old.agency, old.mode, "shop", ["quota:read"],
    )  # fmt: skip
    assert authenticate_api_key(old_text).pk == old.pk
    assert authenticate_api_key(new_text).pk == new.pk
    ApiKey.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(old_text)
    assert authenticate_api_key(new_text).pk == new.pk


def test_without_an_overlap_the_first_ends_at_once(alice: Cast) -> None:
    old, old_text = issue_api_key(agency=alice.agency, mode=Mode.LIVE)
    _new, new_text = rotate_api_key(old, timedelta(0))
    with pytest.raises(InvalidApiKey):
        authenticate_api_key(old_text)
    assert authenticate_api_key(new_text)


def test_an_overlap_lengthens_no_life(alice: Cast) -> None:
    soon = timezone.now() + timedelta(hours=1)
    old, _text = issue_api_key(agency=alice.agency, mode=Mode.LIVE, expires_at=soon)
    later = timezone.now() + timedelta(days=90)
    new, _text = rotate_api_key(old, timedelta(days=1), expires_at=later)
    old.refresh_from_db()
    assert (old.expires_at, new.expires_at) == (soon, later)


@pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
def test_a_key_that_has_ended_is_not_replaced(alice: Cast, ended: str) -> None:
    old, _text = issue_api_key(agency=alice.agency, mode=Mode.LIVE)
    ApiKey.objects.filter(pk=old.pk).update(**{ended: timezone.now()})
    before = ApiKey.objects.count()
    with pytest.raises(InvalidApiKey):
        rotate_api_key(old, timedelta(days=1))
    assert ApiKey.objects.count() == before


@pytest.mark.parametrize("mode", Mode)
def test_a_key_says_its_mode_and_shows_its_first_characters(alice: Cast, mode: Mode) -> None:
    key, text = issue_api_key(agency=alice.agency, mode=mode)
    assert text.startswith(f"prt_{mode}_") and authenticate_api_key(text).mode == mode
    assert text.startswith(key.prefix) and str(key) == f"prt_{mode}_{text[9:15]}…"


def test_a_key_has_at_least_190_random_bits(alice: Cast) -> None:
    """Counted from what is seen at each place of a hundred keys; no seed brings one back."""
    texts = []
    for _ in range(100):
        random.seed(4)
        texts.append(issue_api_key(agency=alice.agency, mode=Mode.LIVE)[1])
    secret = [text.removeprefix("prt_live_")[:-6] for text in texts]
    assert len(set(secret)) == 100
    assert sum(math.log2(len(set(place))) for place in zip(*secret, strict=True)) >= 190


def test_the_scopes_are_the_published_ones() -> None:
    assert set(Scope.values) == {
        "generations:read", "generations:write", "projects:write", "quota:read", "members:read",
        "members:write", "webhooks:write",
    }  # fmt: skip
