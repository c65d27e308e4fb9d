"""The main job from a shell: photo and mask in, picture out, through the real pipeline."""

import logging
import os
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import transaction

from accounts.choices import Mode
from accounts.exceptions import NoPhotosLeft
from accounts.models import Membership
from accounts.selectors import owner_of
from integrations.doors import http
from integrations.doors.images import ImageProblem, NormalisedImage, read_mask, read_photo
from projects import services, sweeper
from projects.choices import RoomType, Source, Status
from projects.exceptions import NotAccepted
from projects.models import Generation

POLL_S = 0.25
MAX_TITLE = 150  # of a project; a file's name may be longer
BAR = 30
# How far along each status is, for the progress bar: the phases that are known, no guess.
PROGRESS = {
    Status.QUEUED: 0.1,
    Status.SUBMITTING: 0.2,
    Status.UNCONFIRMED: 0.2,
    Status.PROCESSING: 0.5,
    Status.ARCHIVING: 0.9,
}


class Command(BaseCommand):
    help = "Make a picture of PHOTO with a terrace, pool or pétanque court in the zone of MASK."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photo", type=Path)
        parser.add_argument("mask", type=Path, help="white where to build, of the photo's size")
        parser.add_argument("--room-type", choices=RoomType.values, required=True)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--agency", default="", help="name of the agency that pays")
        parser.add_argument("--timeout", type=int, default=600, help="seconds to wait")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        # Its line for each queued hint would break the progress bar.
        logging.getLogger("django-q").setLevel(logging.WARNING)
        _check_out(options["out"])
        photo = _read(options["photo"], read_photo)
        size = (photo.width, photo.height)
        mask = _read(options["mask"], lambda data: read_mask(data, size=size))
        member = owner_of(options["agency"])
        if member is None:
            raise CommandError("No such agency. `manage.py create_agency` makes one.")
        _check_web()
        try:
            generation = _accept(member, options, photo, mask)
        except (NoPhotosLeft, NotAccepted, OSError) as problem:
            told = str(problem).rstrip(".")
            raise CommandError(f"Not started: {told}. No photo was used.") from None
        self._wait(generation, options["timeout"])
        self._save(generation, options["out"])

    def _wait(self, generation: Generation, timeout: int) -> None:
        start = time.monotonic()
        while not generation.is_terminal:
            passed = time.monotonic() - start
            if passed > timeout:
                raise CommandError(f"\n{generation.pk} is still {generation.status}: it goes on.")
            self._show(Status(generation.status), passed)
            time.sleep(POLL_S)
            generation.refresh_from_db()
        self.stdout.write("")

    def _show(self, status: Status, passed: float) -> None:
        filled = round(PROGRESS[status] * BAR)
        line = f"\r[{'#' * filled}{'.' * (BAR - filled)}] {passed:5.1f} s  {status.label}"
        if passed > 5 and not sweeper.is_running():
            line += "  (no worker is running: start `make demo` or `manage.py qcluster`)"
        self.stdout.write(line.ljust(100), ending="")
        self.stdout.flush()

    def _save(self, generation: Generation, out: Path) -> None:
        if generation.status != Status.SUCCEEDED:
            code = f"{generation.failure_code} {generation.failure_detail}".strip()
            told = generation.get_failure_code_display()
            raise CommandError(f"{code}: {told} The photo was given back.")
        picture = generation.pictures.get(position=0)
        try:
            with picture.file.open("rb") as stored:
                out.write_bytes(stored.read())
        except OSError as problem:
            raise CommandError(
                f"{problem}. The picture is made and charged: it is kept in the project."
            ) from None
        self.stdout.write(f"{out}: {picture.width}×{picture.height}, {generation.pk}")


def _check_out(out: Path) -> None:
    """Told before a photo is used for a picture that could not be written."""
    folder = out.parent
    if out.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise CommandError(f"--out {out}: give a file in a folder that exists and can be written.")


def _read(path: Path, judge: Callable[[bytes], NormalisedImage]) -> NormalisedImage:
    try:
        return judge(path.read_bytes())
    except ImageProblem as problem:
        raise CommandError(f"{path}: {problem.message} ({problem.code})") from None
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror}") from None


def _check_web() -> None:
    """iacrea fetches the photo from our web process: without it the job can only fail."""
    timeout = http.Timeout(connect=2, idle=5, total=5)
    url = f"{settings.PUBLIC_BASE_URL}/healthz"
    try:
        http.request("GET", url, policy=http.operator_policy(), timeout=timeout, max_bytes=10_000)
    except http.DoorError as error:
        raise CommandError(
            f"No web process answers at {url} ({error.code}). Start `make demo` first."
        ) from None


def _accept(
    member: Membership, options: dict[str, Any], photo: NormalisedImage, mask: NormalisedImage
) -> Generation:
    """Project and job together or neither."""
    title = options["photo"].stem[:MAX_TITLE]
    with transaction.atomic():
        project = services.start_project(
            agency=member.agency, mode=Mode.LIVE, author=member, title=title, photo=photo
        )
        assert project.photo is not None, "it was started with one"
        try:
            return services.create_generation(
                project=project,
                author=member,
                source=Source.COMMAND,
                room_type=RoomType(options["room_type"]),
                photo=project.photo,
                zone=services.Zone(image=mask),
            )
        except Exception:
            # Its row goes with the transaction, its file here.
            project.photo.file.delete(save=False)
            raise
