"""T12: bring the pictures home, check them, and only then charge the photo."""

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts import kept_bytes
from integrations.doors import http
from integrations.doors.clock import database_now
from integrations.doors.images import ImageProblem, PictureFacts, inspect_picture, thumbnail
from integrations.iacrea import strikes
from projects import comparison, effects, lifecycle, sizes
from projects.choices import Source, Status
from projects.models import Generation, Picture

logger = logging.getLogger(__name__)
Found = TypeVar("Found")
# For all pictures of a job together: a worker's task may last 150 s.
FETCH_S = 90
MAX_BYTES = 64 * 1024 * 1024
THUMBNAIL_EDGE = 640
# Longer than one archiving may take.
CLAIM = timedelta(seconds=150)
# Until the next try: a quarter of the time that it has taken so far, within these.
RETRY_MIN, RETRY_MAX = timedelta(seconds=15), timedelta(minutes=5)
# Then somebody is told.
DELAYED = timedelta(minutes=5)
# Failures that a second call of the same link will not mend.
DEAD = frozenset({"address_refused", "too_large", "too_many_redirects", "url_refused"})


class NotStored(Exception):
    """A picture is not in our hands yet; nothing was charged, and it is tried again."""


class LinkDead(NotStored):
    """Tried again with a fresh link: what is behind this one is no picture."""


def archive(generation: Generation) -> None:
    """Fetch, check and keep each picture; then the job has succeeded."""
    if generation.status != Status.ARCHIVING or not _claim(generation):
        return
    if strikes.begin(generation.pk, "archive"):
        with strikes.counted(generation.pk, "archive"):
            _archive(generation)


def _archive(generation: Generation) -> None:
    try:
        _keep_all(generation)
    except (NotStored, OSError) as problem:
        logger.warning("generation %s is not archived yet: %s", generation.pk, problem)
        _retry_later(generation, links_dead=isinstance(problem, LinkDead))
        return
    if lifecycle.succeed(generation) and generation.source == Source.DASHBOARD:
        _tried("reduced", generation, partial(_make_sizes, generation))


def _make_sizes(generation: Generation) -> None:
    """Somebody waits in front of an open page, which asks for one of them within a moment."""
    for picture in generation.pictures.all():
        sizes.make(picture)


def _claim(generation: Generation) -> bool:
    """For one worker: two would store the same picture twice."""
    now = database_now()
    mine = Generation.objects.filter(
        pk=generation.pk, status=Status.ARCHIVING, due_at=generation.due_at, due_at__lte=now
    )
    return bool(mine.update(due_at=now + CLAIM))


def _retry_later(generation: Generation, *, links_dead: bool) -> None:
    now = database_now()
    due = now + _pause(generation.status_since, now)
    mine = Generation.objects.filter(pk=generation.pk, status=Status.ARCHIVING)
    # No worker has it any more: hinted_at would say that one does.
    mine.update(due_at=due, hinted_at=None, links_dead=links_dead)
    if now - generation.status_since >= DELAYED:
        effects.alert_once(generation, "archive_delayed")


def _pause(since: datetime, now: datetime) -> timedelta:
    return min(max((now - since) / 4, RETRY_MIN), RETRY_MAX)


def _keep_all(generation: Generation) -> None:
    end = time.monotonic() + FETCH_S
    for position, url in enumerate(generation.result_urls):
        if not generation.pictures.filter(position=position).exists():
            keep(generation, position, _download(generation, url, end - time.monotonic()))


def _download(generation: Generation, url: str, seconds: float) -> bytes:
    if seconds <= 0:
        raise NotStored("no time left")
    timeout = http.Timeout(connect=5, idle=30, total=seconds)
    policy = http.public_policy(generation.upstream_origin)
    try:
        answer = http.request(
            "GET", url, policy=policy, timeout=timeout, max_bytes=MAX_BYTES, redirects=3
        )
    except http.DoorError as error:
        raise _failed(error.code in DEAD, error.code) from None
    if answer.status != 200:
        raise _failed(answer.status < 500 and answer.status != 429, f"status {answer.status}")
    return answer.body


def _failed(for_good: bool, why: str) -> NotStored:
    return LinkDead(why) if for_good else NotStored(why)


def keep(generation: Generation, position: int, data: bytes) -> None:
    """Store a picture and its thumbnail, and see that they are there."""
    try:
        facts = inspect_picture(data)
        restored = _restored(generation, data)
        small = thumbnail(restored or data, THUMBNAIL_EDGE)
    except ImageProblem as problem:
        raise LinkDead(problem.code) from None
    picture = _picture(generation, position, facts, data)
    picture.outside_changed = _outside(generation, data)
    try:
        _store(picture, data, small, restored)
    except BaseException:
        _discard_files(picture)  # each try has its own names: they would fill the disk
        raise


def _outside(generation: Generation, picture: bytes) -> float | None:
    """What iacrea changed that it was not asked to."""
    return _tried("compared", generation, partial(comparison.share_changed, generation, picture))


def _restored(generation: Generation, picture: bytes) -> bytes | None:
    """With the photo pasted back outside the zone, where the agency wants that."""
    if not generation.agency.restore_outside:
        return None
    work = partial(comparison.with_the_photo_outside, generation, picture)
    return _tried("restored", generation, work)


def _tried(done: str, generation: Generation, work: Callable[[], Found]) -> Found | None:
    """What is beside the picture itself: a failure is told, and holds nothing up."""
    try:
        return work()
    except FileNotFoundError:
        return None  # the photo was erased meanwhile
    except Exception:
        logger.exception("generation %s: the picture was not %s", generation.pk, done)
        return None


def _store(picture: Picture, data: bytes, small: bytes, restored: bytes | None) -> None:
    picture.file.save(f"{picture.pk.hex}.{picture.extension}", ContentFile(data), save=False)
    picture.thumbnail.save(f"{picture.pk.hex}.jpg", ContentFile(small), save=False)
    _read_back(picture)
    if restored:
        _tried("restored", picture.generation, partial(_store_restored, picture, restored))
    try:
        with transaction.atomic():
            picture.save(force_insert=True)
            kept_bytes.count(picture.agency_id, picture.size)
    except IntegrityError:
        raise NotStored("another worker has stored it") from None


def _store_restored(picture: Picture, restored: bytes) -> None:
    name = f"{picture.pk.hex}-restored.{picture.extension}"
    picture.restored.save(name, ContentFile(restored), save=False)


def _discard_files(picture: Picture) -> None:
    for stored in (picture.file, picture.thumbnail, picture.restored):
        try:
            if stored:
                stored.delete(save=False)
        except OSError as error:
            logger.error("%s is left behind: %s", stored.name, error)


def _picture(generation: Generation, position: int, facts: PictureFacts, data: bytes) -> Picture:
    return Picture(
        agency_id=generation.agency_id,
        mode=generation.mode,
        generation=generation,
        position=position,
        content_type=facts.content_type,
        width=facts.width,
        height=facts.height,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _read_back(picture: Picture) -> None:
    """A store that lies is found out before the photo is charged."""
    with default_storage.open(str(picture.file.name)) as stored:
        if hashlib.sha256(stored.read()).hexdigest() != picture.sha256:
            raise NotStored("stored bytes differ")
