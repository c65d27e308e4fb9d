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

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.audit import record
from accounts.choices import Mode, NotificationKind, Scope
from accounts.exceptions import InvalidApiKey, TwoKeysActive
from accounts.models import Agency, ApiKey
from accounts.notifications import notify_owners

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_CHARACTERS = 43
CHECKSUM_CHARACTERS = 6
VISIBLE_CHARACTERS = len("prt_live_") + 6
FORM = re.compile(r"^(prt_(?:live|test)_[0-9A-Za-z]{43})([0-9A-Za-z]{6})$")
# A write on every call would make each read a writer; this is precise enough for "last used".
LAST_USED_EVERY = timedelta(minutes=5)


@transaction.atomic
def issue_api_key(
    *,
    agency: Agency,
    mode: Mode,
    name: str = "",
    scopes: list[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key with the given scopes (all when None); the text is returned this once. The owners
    are told."""
    body = f"prt_{mode}_" + "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    text = body + _checksum(body)
    key = ApiKey.objects.create(
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


def authenticate_api_key(text: str) -> ApiKey:
    """The active key with its agency, or InvalidApiKey."""
    form = FORM.match(text)
    if not form or _checksum(form[1]) != form[2]:
        raise InvalidApiKey
    key = ApiKey.objects.select_related("agency").filter(key_hash=_hash(text)).first()
    if key is None or not key.is_active:
        raise InvalidApiKey
    _touch(key)
    return key


@transaction.atomic
def rotate_api_key(
    key: ApiKey,
    overlap: timedelta,
    *,
    expires_at: datetime | None = None,
    actor_id: str = "",
    reason: str = "",
) -> tuple[ApiKey, str]:
    """A second key like it; the first works for the overlap, or until it would have expired.

    Raises InvalidApiKey for one that does not work any more, TwoKeysActive when a third of its name
    would work.
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
