"""Jobs at iacrea with a doorbell each, in the database of the product under test."""

import hashlib
import secrets
from datetime import timedelta

from integrations.doors.clock import database_now
from projects.choices import Status
from projects.models import Attempt
from tests.bench.rows import jobs


def tokens(count: int) -> list[str]:
    """Nothing is due: a call makes it so."""
    later = database_now() + timedelta(days=1)
    waiting = jobs("http://127.0.0.1:9", count, status=Status.PROCESSING, due_at=later)
    made = {job.pk: secrets.token_urlsafe(32) for job in waiting}
    Attempt.objects.bulk_create(
        Attempt(
            generation_id=pk,
            number=1,
            token_sha256=hashlib.sha256(token.encode()).hexdigest(),
            opened_at=later,
            lease_until=later,
        )
        for pk, token in made.items()
    )
    return list(made.values())
