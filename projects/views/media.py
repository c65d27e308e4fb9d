"""Files: what iacrea fetches, what result links open, and the pictures of our own pages.

Every file passes through here, also when it is stored on S3, so that revoking really works.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.signing import BadSignature
from django.db import DatabaseError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    UnreadablePostError,
)
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from projects import callbacks, links, selectors
from projects.models import Picture
from projects.views.access import member_required, workplace
from projects.views.lookup import or_404

logger = logging.getLogger(__name__)
PRIVATE = "private, max-age=31536000, immutable"


@require_safe
def input_file(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """A photo or mask under its unguessable path, for iacrea; dead 30 days after its last job."""
    upload = or_404(selectors.input_file, token)
    used = upload.last_used_at or upload.created_at
    if name != upload.file_name or used + timedelta(seconds=settings.INPUT_LINK_S) < timezone.now():
        raise Http404
    return _answer(upload.file, upload.content_type, "private, max-age=3600")


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
    return _answer(picture.file, picture.content_type, "private, max-age=3600")


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
@member_required
def upload_file(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    place = workplace(request)
    upload = or_404(selectors.upload_of, place.agency, place.mode, upload_id)
    return _answer(upload.file, upload.content_type, PRIVATE)


@require_safe
@member_required
def picture_file(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    picture = _picture(request, picture_id)
    return _answer(picture.file, picture.content_type, PRIVATE)


@require_safe
@member_required
def thumbnail_file(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    return _answer(_picture(request, picture_id).thumbnail, "image/jpeg", PRIVATE)


def _picture(request: HttpRequest, picture_id: UUID) -> Picture:
    place = workplace(request)
    return or_404(selectors.picture_of, place.agency, place.mode, picture_id)


def _answer(stored: File[bytes], content_type: str, cache: str) -> HttpResponseBase:
    try:
        body = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    except OSError:
        logger.exception("the storage cannot give %s", stored.name)
        return _try_again()
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    response = FileResponse(body, content_type=content_type, headers=headers)
    # Without the stored file's name, which would win over the `download` of a page's link.
    response["Content-Disposition"] = "inline"
    return response


def _try_again() -> HttpResponse:
    """For the machine that fetches, and for the browser that shows a broken picture meanwhile."""
    text = "The file cannot be read at the moment. Try again.\n"
    headers = {"Cache-Control": "no-store", "Retry-After": "10"}
    return HttpResponse(text, status=503, content_type="text/plain", headers=headers)
