"""Secrets at rest: MultiFernet over ENCRYPTION_KEYS, newest first."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

# Version 0x80 and the first bytes of a time, in base64.
BEGINNING = "gAAAAA"


class KeyGone(Exception):
    """No key in ENCRYPTION_KEYS opens this text: put the old key back at the list's end."""


def encrypt(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text; KeyGone rather than ever the ciphertext."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken:
        raise KeyGone from None


def decrypt_or_plain(kept: str) -> str:
    """Of what was kept in clear once: a token of Fernet begins like no text of ours."""
    return decrypt(kept) if kept.startswith(BEGINNING) else kept


def _fernet() -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
    except ValueError as error:
        raise ImproperlyConfigured(f"ENCRYPTION_KEYS: {error}") from None


class EncryptedTextField(models.TextField[str, str]):
    """Text that only the application can read; it cannot be searched."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return decrypt(value) if value else value
