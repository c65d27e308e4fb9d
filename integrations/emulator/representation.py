"""The body of `get`, which the webhook carries too."""

import sqlite3
from typing import Any

from integrations.emulator import jobs, results
from integrations.emulator.jobs import Job
from integrations.emulator.settings import Settings


def body_of(db: sqlite3.Connection, job: Job, origin: str, settings: Settings) -> dict[str, Any]:
    """The caller owns the transaction: a picture's address may be made here."""
    body: dict[str, Any] = {"status": job.status}
    if job.status == jobs.SUCCEEDED:
        body["urls"] = [results.url(db, job.generation_id, origin, settings.result_seconds)]
    return {**body, "variationNumber": jobs.variations(db, job.project_id).count(jobs.SUCCEEDED)}
