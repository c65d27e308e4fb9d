"""T1b and T6: fetch a job's photo and mask, once, and judge them before anything is sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings

from accounts.choices import Mode
from integrations.doors import http
from integrations.doors.clock import database_now
from integrations.doors.images import (
    ImageProblem,
    NormalisedImage,
    polygon_mask,
    read_mask,
    read_photo,
)
from integrations.iacrea import strikes
from projects import lifecycle
from projects.choices import Status, UploadKind
from projects.models import Generation, Upload
from projects.pipeline.dispatch import hint_now
from projects.services import discard_upload, store_upload

MAX_BYTES = 40 * 1024 * 1024
# Same shape: width/height may differ by this much, then the file's own size counts.
RATIO_TOLERANCE = 0.01
# Beyond what fetching both may take: to judge and store them.
MARGIN_S = 40


class UnusableInput(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def prepare(generation: Generation) -> None:
    """Make the inputs ours, or end the job as FAILED with the photo given back."""
    if generation.status != Status.QUEUED or generation.inputs_ready_at or not _claim(generation):
        return
    if strikes.begin(generation.pk, "inputs"):
        with strikes.counted(generation.pk, "inputs"):
            _prepare(generation)


def _prepare(generation: Generation) -> None:
    try:
        photo = None if generation.photo else _fetch_photo(generation)
        mask = _mask_for(generation, photo or generation.photo)
    except UnusableInput as problem:
        lifecycle.refuse_inputs(generation, problem.code)
        return
    if _keep(generation, photo, mask):
        hint_now(generation)


def _keep(
    generation: Generation, photo: NormalisedImage | None, mask: NormalisedImage | None
) -> bool:
    """Store what was fetched, once both are known to be good; a job that was canceled meanwhile
    leaves no file."""
    made: list[Upload] = []
    ready = False
    try:
        for kind, image in ((UploadKind.PHOTO, photo), (UploadKind.MASK, mask)):
            if image:
                made.append(_store(generation, kind, image))
        ready = lifecycle.mark_inputs_ready(generation, **_fields(made))
    finally:
        if not ready:
            for upload in made:
                discard_upload(upload)
    return ready


def _store(generation: Generation, kind: UploadKind, image: NormalisedImage) -> Upload:
    mode = Mode(generation.mode)
    return store_upload(agency=generation.agency, mode=mode, kind=kind, image=image)


def _fields(made: list[Upload]) -> dict[str, Any]:
    """What changes in the generation: its uploads, and the size of a photo that was fetched."""
    fields: dict[str, Any] = {str(upload.kind): upload for upload in made}
    if photo := fields.get(UploadKind.PHOTO):
        fields |= {"width": photo.width, "height": photo.height}
    return fields


def _claim(generation: Generation) -> bool:
    """A given URL may answer only once, so two workers never fetch the same one. One that died is
    replaced when its time is over."""
    now = database_now()
    until = now + timedelta(seconds=2 * settings.INPUT_FETCH_S + MARGIN_S)
    mine = Generation.objects.filter(
        pk=generation.pk, status=Status.QUEUED, due_at=generation.due_at, due_at__lte=now
    )
    return bool(mine.update(due_at=until))


def _fetch_photo(generation: Generation) -> NormalisedImage:
    image = fetch(generation.image_url, "image", read_photo)
    _check_shape(generation, image)
    return image


def _mask_for(
    generation: Generation, photo: NormalisedImage | Upload | None
) -> NormalisedImage | None:
    """None where the job has one that fits."""
    assert photo is not None, "a job has a photo or the URL of one"
    size = (photo.width, photo.height)
    if generation.mask:
        return _refitted(generation.mask, size)
    if generation.polygon:
        return _draw_mask(generation, size)
    if not generation.mask_url:
        return None  # a variation of a job that was taken over: iacrea has its mask
    return fetch(generation.mask_url, "mask", lambda data: read_mask(data, size=size))


def _refitted(mask: Upload, size: tuple[int, int]) -> NormalisedImage | None:
    """An uploaded mask of a photo that was fetched only now, and was reduced."""
    if (mask.width, mask.height) == size:
        return None
    try:
        with mask.file.open() as stored:
            return read_mask(stored.read(), size=size)
    except ImageProblem as problem:
        raise UnusableInput(problem.code) from None


def _draw_mask(generation: Generation, size: tuple[int, int]) -> NormalisedImage:
    """The corners are told in the caller's width and height; the photo may have been reduced."""
    assert generation.width and generation.height, "they came with the polygon"
    across, down = size[0] / generation.width, size[1] / generation.height
    points = [(x * across, y * down) for x, y in generation.polygon or ()]
    try:
        return polygon_mask(points, size)
    except ImageProblem as problem:
        raise UnusableInput(problem.code) from None


def fetch(url: str, name: str, read: Callable[[bytes], NormalisedImage]) -> NormalisedImage:
    limit = settings.INPUT_FETCH_S
    timeout = http.Timeout(connect=min(5, limit), idle=limit, total=limit)
    try:
        answer = http.request(
            "GET", url, policy=http.public_policy(), timeout=timeout, max_bytes=MAX_BYTES,
            redirects=3,
        )  # fmt: skip
    except http.DoorError as error:
        why = "too_large" if error.code == "too_large" else "unreachable"
        raise UnusableInput(f"{name}_{why}") from None
    if answer.status != 200:
        raise UnusableInput(f"{name}_unreachable")
    try:
        return read(answer.body)
    except ImageProblem as problem:
        raise UnusableInput(_code(name, problem.code)) from None


def _code(name: str, code: str) -> str:
    """`image_too_large` said of the mask is `mask_too_large`; but `mask_empty` is a mask without a
    white pixel, and a file without a byte is no picture."""
    if name == "mask" and code == "image_empty":
        return "mask_not_decodable"
    return code.replace("image_", f"{name}_", 1)


def _check_shape(generation: Generation, image: NormalisedImage) -> None:
    if not generation.width or not generation.height:
        return
    told, found = generation.width / generation.height, image.width / image.height
    if abs(told / found - 1) > RATIO_TOLERANCE:
        raise UnusableInput("image_size_mismatch")
