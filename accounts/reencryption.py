"""All secrets at rest under the newest of ENCRYPTION_KEYS, so that an old one may go."""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import transaction
from django.db.models import F, Model, TextField
from django.db.models.functions import Cast

from integrations.doors.crypto import (
    EncryptedTextField,
    decrypt,
    decrypt_or_plain,
    encrypt,
)

# What allauth keeps of a second factor, in `data` (accounts.adapter.SecondFactorAdapter).
SEEDS = ("secret", "seed")


def encrypt_anew() -> Iterator[tuple[str, int]]:
    """Each field, and how many rows of it were written. Raises KeyGone at a row that no key opens;
    what was written stays, and a second run goes on."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield f"{model._meta.label}.{field.name}", _field(model, field.name)
    yield Authenticator._meta.label, _seeds()


def _field(model: type[Model], name: str) -> int:
    """Each row by itself, and only if nobody has written it meanwhile."""
    rows = model._default_manager.annotate(as_kept=Cast(F(name), TextField())).exclude(as_kept="")
    done = 0
    for pk, kept in rows.values_list("pk", "as_kept").iterator():
        done += rows.filter(pk=pk, as_kept=kept).update(**{name: decrypt(kept)})
    return done


def _seeds() -> int:
    pks = list(Authenticator.objects.filter(type__in=("totp", "recovery_codes")).values_list("pk"))
    return sum(_seed(pk) for (pk,) in pks)


@transaction.atomic
def _seed(pk: int) -> bool:
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None:  # switched off meanwhile
        return False
    row.data = encrypted_anew(row.data)
    row.save(update_fields=["data"])
    return True


def encrypted_anew(data: dict[str, Any]) -> dict[str, Any]:
    """Those of before were kept in clear."""
    fresh = {name: encrypt(decrypt_or_plain(data[name])) for name in SEEDS if name in data}
    codes = {name: data[name] for name in ("migrated_codes",) if name in data}
    return data | fresh | {n: [encrypt(decrypt_or_plain(c)) for c in v] for n, v in codes.items()}
