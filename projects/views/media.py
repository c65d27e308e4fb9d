"""Files: what iacrea fetches, what result links open, and the pictures of our own pages.

Every file passes through here, also when it is stored on S3, so that revoking really works.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.signing import BadSignature
from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    UnreadablePostError,
)
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from projects import callbacks, comparison, downloads, labels, links, selectors, sizes
from projects.choices import UploadKind
from projects.models import Picture, Upload
from projects.views.access import sees_projects, workplace
from projects.views.files import FOR_AN_HOUR, PRIVATE, answer
from projects.views.lookup import or_404

logger = logging.getLogger(__name__)


@require_safe
def input_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A photo or mask under its unguessable path, for iacrea; dead 30 days after its last job."""
    upload = or_404(selectors.input_file, token)
    used = upload.last_used_at or upload.created_at
    if name != upload.file_name or used + timedelta(seconds=settings.INPUT_LINK_S) < timezone.now():
        raise Http404
    return _answer(upload.file, upload.content_type, FOR_AN_HOUR)


@require_safe
def result_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A picture by a signed link that lives RESULT_LINK_S."""
    try:
        picture_id = links.picture_id(token)
    except BadSignature:
        raise Http404 from None
    picture = or_404(selectors.result_picture, picture_id)
    if picture.generation.erased_at:
        raise Http404
    return _answer(picture.file, picture.content_type, FOR_AN_HOUR)


@csrf_exempt
@require_POST
def iacrea_callback(request: HttpRequest, token: str) -> HttpResponse:
    """iacrea's webhook: a doorbell. The same answer for a token that nobody knows."""
    try:
        callbacks.ring(token, _bounded_body(request))
    except DatabaseError:
        logger.exception("a callback could not be stored; iacrea is asked to call again")
        return HttpResponse(status=503)
    except callbacks.Flooded:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(status=204)


def _bounded_body(request: HttpRequest) -> bytes:
    """As much as may hold an id; one byte more tells that it is too long to."""
    try:
        return request.read(callbacks.MAX_BODY + 1)
    except UnreadablePostError:
        return b""  # the caller hung up in the middle: it has rung


@require_safe
@sees_projects
def upload_file(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    upload = _upload(request, upload_id)
    return _answer(upload.file, upload.content_type, PRIVATE)


@require_safe
@sees_projects
def upload_size(request: HttpRequest, upload_id: UUID, width: int, kind: str) -> HttpResponseBase:
    upload = _upload(request, upload_id)
    if upload.kind != UploadKind.PHOTO:
        raise Http404
    return _sized(request, upload, width, kind)


@require_safe
@sees_projects
def picture_file(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    """In its full size and format."""
    picture = _picture(request, picture_id)
    return _honest(request, picture.content_type, partial(downloads.whole, picture, picture.shown))


@require_safe
@sees_projects
def picture_size(request: HttpRequest, picture_id: UUID, width: int, kind: str) -> HttpResponseBase:
    return _sized(request, _picture(request, picture_id), width, kind)


@require_safe
@sees_projects
def picture_as_it_came(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    """What the upstream made, where the pages show one with the photo pasted back."""
    picture = _picture(request, picture_id)
    return _honest(request, picture.content_type, partial(downloads.whole, picture, picture.file))


@require_safe
@sees_projects
def picture_changes(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    """Where it differs from the photo outside the zone. Few look: it is made each time."""
    picture = _picture(request, picture_id)
    return _honest(request, "image/jpeg", partial(comparison.drawn_changes, picture))


@require_safe
@sees_projects
def thumbnail_file(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    picture = _picture(request, picture_id)
    return _honest(request, "image/jpeg", partial(downloads.small, picture))


def _upload(request: HttpRequest, upload_id: UUID) -> Upload:
    place = workplace(request)
    return or_404(selectors.upload_of, place.agency, place.mode, upload_id)


def _picture(request: HttpRequest, picture_id: UUID) -> Picture:
    place = workplace(request)
    return or_404(selectors.picture_of, place.agency, place.mode, picture_id)


def _sized(request: HttpRequest, row: Picture | Upload, width: int, kind: str) -> HttpResponseBase:
    if width not in sizes.WIDTHS or kind not in sizes.KINDS:
        raise Http404
    return _honest(request, sizes.KINDS[kind], partial(sizes.sized, row, width, kind))


def _honest(
    request: HttpRequest, content_type: str, make: Callable[[str], bytes]
) -> HttpResponseBase:
    """What `make` gives for the label that is owed to this member. A policy can change: what has a
    label stays in the browser for an hour only."""
    label = labels.owed(workplace(request).membership)
    return answer(lambda: _content(make(label)), content_type, FOR_AN_HOUR if label else PRIVATE)


def _content(data: bytes) -> File[bytes]:
    return ContentFile(data)


def _answer(stored: File[bytes], content_type: str, cache: str) -> HttpResponseBase:
    return answer(lambda: stored.open("rb"), content_type, cache)
