"""The WSGI application that gunicorn serves."""

import os
import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_wsgi_application()

BOUNDARY = re.compile(r""";\s*boundary\s*=\s*(?:"[^"]*"|[^\s;]+)""", re.IGNORECASE)
# Only software sends in chunks, and what it sends is JSON: a body above this is refused anyway.
MAX_CHUNKED_BYTES = 2 * 2**20


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    environ["CONTENT_TYPE"] = without_charset(environ.get("CONTENT_TYPE", ""))
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        _measure(environ)
    return django_application(environ, start_response)


def without_charset(content_type: str) -> str:
    """All text is UTF-8, whatever is said of it: Django believes it, and Python knows charsets that
    take minutes for a megabyte (punycode) and some that make no text at all (zlib)."""
    kind = content_type.partition(";")[0]
    boundary = BOUNDARY.search(content_type)
    return kind + boundary[0] if boundary else kind


def _measure(environ: dict[str, Any]) -> None:
    """Django takes a body without a Content-Length for an empty one."""
    body = environ["wsgi.input"].read(MAX_CHUNKED_BYTES + 1)
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
