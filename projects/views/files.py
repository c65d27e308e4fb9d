"""Answers that are files. Every file of the product leaves through here."""

import logging
from collections.abc import Callable
from typing import IO

from django.core.files.base import File
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

logger = logging.getLogger(__name__)
# What never changes under its address.
PRIVATE = "private, max-age=31536000, immutable"
# The same for whoever has the address, with or without an account.
PUBLIC = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "private, max-age=3600"
# What is made anew each time.
NOT_KEPT = "private, no-store"


def answer(
    open_file: Callable[[], File[bytes] | IO[bytes]],
    content_type: str,
    cache: str,
    download_as: str = "",
) -> HttpResponseBase:
    """What `open_file` gives: 404 when it is not there, 503 when the storage fails."""
    try:
        body = open_file()
    except FileNotFoundError:
        raise Http404 from None
    except OSError:
        logger.exception("a file cannot be given")
        return _try_again()
    headers = {"Cache-Control": cache, "X-Content-Type-Options": "nosniff"}
    response = FileResponse(
        body,
        content_type=content_type,
        headers=headers,
        as_attachment=bool(download_as),
        filename=download_as,
    )
    if not download_as:
        # Without the stored file's name, which would win over the `download` of a page's link.
        response["Content-Disposition"] = "inline"
    return response


def _try_again() -> HttpResponse:
    """For the machine that fetches, and for the browser that shows a broken picture meanwhile."""
    text = "The file cannot be read at the moment. Try again.\n"
    headers = {"Cache-Control": "no-store", "Retry-After": "10"}
    return HttpResponse(text, status=503, content_type="text/plain", headers=headers)
