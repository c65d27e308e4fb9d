"""Creates with an Idempotency-Key, and what came of them."""

import json
from typing import Any

from django.test import Client

from accounts.choices import EntryKind, Mode
from accounts.idempotency import Key
from accounts.models import IdempotentAnswer, LedgerEntry
from projects.models import Generation
from tests.conftest import Cast
from tests.projects.test_dropin_refusals import GENERATE, body

KEY = "3f0c8a52-7f0e-4c5e-8f7e-0d7c4a4b1f11"


def create(
    cast: Cast, key: str = KEY, *, path: str = GENERATE, api_key: str = "", **changes: Any
) -> Any:
    headers = {"x-api-key": api_key or cast.api_key, "idempotency-key": key}
    text = json.dumps(body(cast, **changes))
    return Client().post(path, text, content_type="application/json", headers=headers)


def is_replayed(answer: Any) -> bool:
    return answer.headers.get("Idempotency-Replayed") == "true"


def key_at_the_door(cast: Cast) -> Key:
    """As the view makes it of KEY."""
    return Key(cast.agency.pk, Mode.LIVE, GENERATE, KEY)


def counts(cast: Cast) -> tuple[int, int, int]:
    """Generations, holds, keys."""
    holds = LedgerEntry.objects.filter(agency=cast.agency, kind=EntryKind.HOLD)
    keys = IdempotentAnswer.objects.filter(agency=cast.agency)
    return Generation.objects.filter(agency=cast.agency).count(), holds.count(), keys.count()
