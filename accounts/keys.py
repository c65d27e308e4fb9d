"""API keys: `prt_live_` or `prt_test_`, 43 random characters of base 62 (256 bits), 6 of checksum.

The checksum lets a typing error be refused without asking the database, and lets secret scanners
recognise a leaked key; the database holds a SHA-256 only, which is enough for a random secret.
"""

import hashlib
import re
import secrets
import zlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record
from accounts.choices import Mode, NotificationKind, Scope
from accounts.exceptions import InvalidApiKey, TwoKeysActive
from accounts.models import Agency, ApiKey
from accounts.notifications import notify_owners
from accounts.querysets import TenantQuerySet

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_CHARACTERS = 43
CHECKSUM_CHARACTERS = 6
VISIBLE_CHARACTERS = len("prt_live_") + 6
FORM = re.compile(r"^(prt_(?:live|test)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$")
# A write on every call would make each read a writer; this is precise enough for "last used".
LAST_USED_EVERY = timedelta(minutes=5)
# By hand, since each call asks.
BY_HASH = "SELECT * FROM accounts_apikey WHERE key_hash = %s"


@transaction.atomic
def issue_api_key(
    *,
    agency: Agency,
    mode: Mode,
    name: str = "",
    scopes: list[str] | None = None,
    expires_at: datetime | None = None,
    key_id: UUID | None = None,
) -> tuple[ApiKey, str]:
    """Make a key with the given scopes (all when None); the text is returned this once. The owners
    are told. IntegrityError: there is a key with this id."""
    body = f"prt_{mode}_" + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    text = body + _checksum(body)
    key = ApiKey.objects.create(
        pk=key_id or uuid4(),
        agency=agency,
        mode=mode,
        name=name,
        prefix=text[:VISIBLE_CHARACTERS],
        key_hash=_hash(text),
        scopes=list(Scope) if scopes is None else scopes,
        expires_at=expires_at,
    )
    facts = {"name": name, "prefix": key.prefix, "mode": str(mode)}
    notify_owners(agency, NotificationKind.KEY_CREATED, facts)
    return key, text


@transaction.atomic
def create_api_key(
    *,
    agency: Agency,
    mode: Mode,
    name: str,
    scopes: list[str],
    key_id: UUID,
    expires_at: datetime | None = None,
    actor_id: str = "",
) -> tuple[ApiKey, str]:
    """One that a person asks for, by a form whose own id the key gets: sent twice, it makes one.
    IntegrityError: it was sent before."""
    key, text = issue_api_key(
        agency=agency, mode=mode, name=name, scopes=scopes, expires_at=expires_at, key_id=key_id
    )
    detail = {"prefix": key.prefix, "name": name, "scopes": scopes}
    _record("api_key.created", key, actor_id, "", detail)
    return key, text


def keys_of(agency: Agency) -> TenantQuerySet[ApiKey]:
    """Of both modes, for people; the newest first."""
    live, test = (ApiKey.objects.for_agency(agency, mode) for mode in Mode)
    return (live | test).order_by("-created_at", "-pk")


def key_of(agency: Agency, key_id: UUID) -> ApiKey:
    """Someone else's raises DoesNotExist like one that never was."""
    return keys_of(agency).select_related("agency").get(pk=key_id)


def authenticate_api_key(text: str) -> ApiKey:
    """The active key, or InvalidApiKey. Of its agency no more than the id is read, which is all
    that most calls want of it; other fields come when they are asked for."""
    form = FORM.match(text)
    if not form or _checksum(form[1]) != form[2]:
        raise InvalidApiKey
    for key in ApiKey.objects.raw(BY_HASH, [_hash(text)]):
        if key.is_active:
            key.agency = Agency.from_db(connection.alias, ["id"], [key.agency_id])
            _touch(key)
            return key
    raise InvalidApiKey


@transaction.atomic
def rotate_api_key(
    key: ApiKey,
    overlap: timedelta,
    *,
    expires_at: datetime | None = None,
    key_id: UUID | None = None,
    actor_id: str = "",
    reason: str = "",
) -> tuple[ApiKey, str]:
    """A second key like it; the first works for the overlap, or until it would have expired.

    Raises InvalidApiKey for one that does not work any more, TwoKeysActive when a third of its name
    would work, IntegrityError when there is a key with the id that the new one shall have.
    """
    old, others = _locked(key)
    if others and overlap:
        raise TwoKeysActive
    ends = timezone.now() + overlap
    ApiKey.objects.filter(pk=old.pk).update(expires_at=min(old.expires_at or ends, ends))
    new, text = issue_api_key(
        agency=old.agency,
        mode=Mode(old.mode),
        name=old.name,
        scopes=old.scopes,
        expires_at=expires_at,
        key_id=key_id,
    )
    detail = {"prefix": new.prefix, "replaces": str(old.pk), "overlap_s": overlap.total_seconds()}
    _record("api_key.rotated", new, actor_id, reason, detail)
    return new, text


@transaction.atomic
def revoke_api_key(key: ApiKey, *, actor_id: str = "", reason: str = "") -> bool:
    """Effective at once: each call looks the key up. False: it was revoked before."""
    unrevoked = ApiKey.objects.filter(pk=key.pk, revoked_at=None)
    if not unrevoked.update(revoked_at=timezone.now()):
        return False
    _record("api_key.revoked", key, actor_id, reason, {"prefix": key.prefix})
    return True


def _locked(key: ApiKey) -> tuple[ApiKey, list[ApiKey]]:
    """The key, and the others of its name that work. Of two rotations at once, or beside a
    revocation, the second sees what the first has made of them."""
    named = ApiKey.objects.for_agency(key.agency_id, Mode(key.mode)).filter(name=key.name)
    rows = named.select_for_update().order_by("pk")
    active = {row.pk: row for row in rows if row.is_active}
    if key.pk not in active:
        raise InvalidApiKey
    return active.pop(key.pk), list(active.values())


def _record(action: str, key: ApiKey, actor_id: str, reason: str, detail: dict[str, Any]) -> None:
    record(
        agency=key.agency, action=action, target=str(key.pk), actor_id=actor_id, reason=reason,
        detail={"mode": key.mode, **detail},
    )  # fmt: skip


def _touch(key: ApiKey) -> None:
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - LAST_USED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = []
    for _ in range(CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)
