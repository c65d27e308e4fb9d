"""Rows that earn each word of the health page, and who reads it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from projects.choices import Status
from projects.desk import health
from projects.desk.signs import Level, signs
from projects.models import Generation, GenerationEvent
from tests.conftest import Cast
from tests.garden import processing_generation

PAGE = "/admin/sante"
READS = ("projects.view_generation", "iacrea.view_iacreaaccount")


def staff(*permissions: str, email: str = "rita@example.org") -> Client:
    user = User.objects.create_user(email, "a password", is_staff=True)
    for name in permissions:
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        user.user_permissions.add(found)
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def ago(**time: float) -> Any:
    return timezone.now() - timedelta(**time)


def told(name: str) -> tuple[str, Level]:
    sign = next(sign for sign in signs(health.read()) if sign.name == name)
    return sign.told, sign.level


def ended(cast: Cast, code: str = "", seconds: float = 30, **fields: Any) -> Generation:
    """A job that took so long and has just ended: well, or with this code."""
    job = processing_generation(cast, uuid4().hex)
    now = timezone.now()
    times = {"created_at": now - timedelta(seconds=seconds), "ended_at": now, "due_at": None}
    status = Status.FAILED if code else Status.SUCCEEDED
    Generation.objects.filter(pk=job.pk).update(
        status=status, failure_code=code, **{**times, **fields}
    )
    GenerationEvent.objects.create(generation=job, kind=status.lower())
    return job


def many(job: Generation, count: int, **fields: Any) -> None:
    """As many more like it, with their line of the story."""
    kept = {f.attname: getattr(job, f.attname) for f in Generation._meta.concrete_fields}
    rows = [
        Generation(**{**kept, "id": uuid4(), "upstream_id": "", **fields}) for _ in range(count)
    ]
    Generation.objects.bulk_create(rows)
    begun = {"created_at": fields.get("created_at", job.created_at)}
    Generation.objects.filter(pk__in=[row.pk for row in rows]).update(**begun)
    kind = str(fields.get("status", job.status)).lower()
    GenerationEvent.objects.bulk_create(GenerationEvent(generation=row, kind=kind) for row in rows)


def stuck(cast: Cast, name: str = "upstream-1") -> Generation:
    job = processing_generation(cast, name)
    Generation.objects.filter(pk=job.pk).update(
        status_since=ago(hours=1), due_at=timezone.now() + timedelta(minutes=9)
    )
    return job
