"""The secrets of a link, and what its addresses carry of a visit.

A share page sets no cookie and keeps nothing in the browser. What must last from one page to the
next stands in the address, signed for this one link: that the code was typed (`opened`, for half a
day), and what its visitor may take back (`mine`, as long as the link lives)."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.core.signing import BadSignature, Signer, TimestampSigner
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode

from projects.models import ShareLink

TOKEN_BYTES = 24
DIGITS = 6
OPEN_FOR_S = 12 * 3600
# Of an address, which browsers and mails cut off somewhere.
MOST_MINE = 60


def new_token() -> str:
    """192 bits, as 32 letters, digits, - and _."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def is_code(link: ShareLink, typed: str) -> bool:
    """Spaces between the digits are as they are read out."""
    digits = "".join(typed.split())[: 2 * DIGITS]
    return constant_time_compare(digits, link.code)


@dataclass(frozen=True)
class Visit:
    """What the address of a page says of who reads it. `mine` are "a12" for an approval and "c7"
    for a comment."""

    link: ShareLink
    opened: str = ""
    mine: tuple[str, ...] = ()

    @classmethod
    def of(cls, link: ShareLink, fields: Mapping[str, str]) -> "Visit":
        """What was not signed for this link is as if it were not there."""
        opened = fields.get("opened", "")
        return cls(link, opened if _is_pass(link, opened) else "", _read(link, fields))

    @property
    def may_look(self) -> bool:
        return bool(self.opened) or not self.link.code

    def opening(self) -> "Visit":
        return replace(self, opened=_passes(self.link).sign("1"))

    def having(self, said: str) -> "Visit":
        kept = [each for each in self.mine if each != said]
        return replace(self, mine=tuple([*kept, said][-MOST_MINE:]))

    def query(self, **more: str) -> str:
        """With its `?`; empty when there is nothing to say."""
        mine = _receipts(self.link).sign(".".join(self.mine)) if self.mine else ""
        fields = {"opened": self.opened, "mine": mine, **more}
        text = urlencode({name: value for name, value in fields.items() if value})
        return f"?{text}" if text else ""


def _is_pass(link: ShareLink, text: str) -> bool:
    try:
        return _passes(link).unsign(text, max_age=OPEN_FOR_S) == "1"
    except BadSignature:
        return False


def _read(link: ShareLink, fields: Mapping[str, str]) -> tuple[str, ...]:
    try:
        return tuple(_receipts(link).unsign(fields.get("mine", "")).split("."))
    except BadSignature:
        return ()


def _passes(link: ShareLink) -> TimestampSigner:
    return TimestampSigner(salt=f"projects.share.opened.{link.pk}.{link.code}")


def _receipts(link: ShareLink) -> Signer:
    return Signer(salt=f"projects.share.mine.{link.pk}")
