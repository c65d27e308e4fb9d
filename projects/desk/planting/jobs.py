"""Jobs as they are after this or that happened to them, by the lifecycle's own transitions. None
moves again by itself: the sweep looks at each a day later."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import F
from django.urls import reverse
from PIL import Image

from accounts.choices import Mode
from accounts.models import Membership
from integrations.doors.clock import database_now
from integrations.doors.images import NormalisedImage, read_mask, read_photo
from projects import lifecycle, services
from projects.choices import RoomType, Source
from projects.models import Attempt, Generation, GenerationEvent
from projects.pipeline.archive import keep
from projects.sharing.tokens import hashed

A_DAY = timedelta(days=1)
SIZE = (960, 720)


@dataclass(frozen=True)
class Garden:
    """What is asked for, and in which project."""

    author: Membership
    title: str
    room_type: RoomType = RoomType.TERRACE


def asked(garden: Garden) -> Generation:
    """Accepted, with its photos held."""
    project = services.start_project(
        agency=garden.author.agency, mode=Mode.LIVE, author=garden.author, title=garden.title,
        photo=_photo(),
    )  # fmt: skip
    return _put_off(
        services.create_generation(
            project=project, author=garden.author, source=Source.DASHBOARD,
            room_type=garden.room_type, photo=project.photo, zone=services.Zone(image=_zone()),
        )
    )  # fmt: skip


def asked_again(job: Generation) -> Generation:
    """The same photo and zone a moment later, as by a second click."""
    assert job.author and job.photo and job.mask, "it was asked for here"
    return _put_off(
        services.create_generation(
            project=job.project, author=job.author, source=Source.DASHBOARD,
            room_type=RoomType(job.room_type), photo=job.photo,
            zone=services.Zone(upload=job.mask),
        )
    )  # fmt: skip


def sent(job: Generation) -> Attempt:
    attempt = lifecycle.open_attempt(job, hashed(secrets.token_urlsafe(32)))
    assert attempt, "nobody else could see it yet"
    return attempt


def taken(job: Generation) -> Generation:
    """By an upstream that has forgotten it: no id of the emulator's begins so."""
    assert lifecycle.bind(sent(job), f"forgotten-{secrets.token_hex(8)}", {"accepted": True})
    return _put_off(_again(job))


def ready(job: Generation, picture: bytes) -> Generation:
    """With this picture, and charged."""
    job = taken(job)
    assert lifecycle.found_result(job, ["https://results.iacrea.example/1.jpg"])
    keep(_again(job), 0, picture)
    assert lifecycle.succeed(_again(job))
    return _again(job)


def in_doubt(job: Generation) -> Generation:
    assert lifecycle.doubt(sent(job), {"code": "read_timeout"})
    return _put_off(_again(job))


def lost(job: Generation) -> Generation:
    """Made, and never fetched."""
    job = taken(job)
    assert lifecycle.found_result(job, ["https://results.iacrea.example/gone.jpg"])
    assert lifecycle.expire(_again(job))
    return _again(job)


def backdate(job: Generation, hours: int) -> None:
    """All but the books, which nobody writes twice: they keep the hour of the planting."""
    ago = timedelta(hours=hours)
    times = ("created_at", "status_since", "inputs_ready_at")
    Generation.objects.filter(pk=job.pk).update(**{name: F(name) - ago for name in times})
    for each in ("opened_at", "lease_until", "ended_at"):
        Attempt.objects.filter(generation=job).update(**{each: F(each) - ago})
    GenerationEvent.objects.filter(generation=job).update(created_at=F("created_at") - ago)


def forget_token(job: Generation) -> None:
    """Its callback knocks at a door that is not there any more, and no poll comes for a day."""
    Attempt.objects.filter(generation=job).update(token_sha256=hashed(secrets.token_urlsafe(32)))
    _put_off(job)


def address_of(job: Generation) -> str:
    """Of its page, as a browser shows it."""
    path = reverse("projects:detail", args=[job.project_id])
    return f"{settings.PUBLIC_BASE_URL}{path}?image={job.pk}"


def good_picture() -> bytes:
    return _sample("garden-terrace.jpg")


def grey_picture() -> bytes:
    """A file that opens, and shows nothing."""
    out = BytesIO()
    Image.new("RGB", SIZE, (128, 128, 128)).save(out, "JPEG")
    return out.getvalue()


@cache
def _photo() -> NormalisedImage:
    return read_photo(_sample("garden.jpg"))


@cache
def _zone() -> NormalisedImage:
    photo = _photo()
    return read_mask(_sample("garden-mask.png"), size=(photo.width, photo.height))


def _sample(name: str) -> bytes:
    found = finders.find(f"samples/{name}")
    assert isinstance(found, str), "it comes with the product"
    return Path(found).read_bytes()


def _put_off(job: Generation) -> Generation:
    """No worker and no sweep takes it before; `job` still says that it is due."""
    Generation.objects.filter(pk=job.pk).update(due_at=database_now() + A_DAY)
    return job


def _again(job: Generation) -> Generation:
    return Generation.objects.get(pk=job.pk)
