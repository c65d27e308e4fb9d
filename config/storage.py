"""Where photos and pictures are kept: this machine's disk, or S3 by STORAGE_URL."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import env

BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
OPTIONS = {"endpoint": "endpoint_url", "region": "region_name"}
EXPECTED = (
    "STORAGE_URL: expected s3://bucket, or s3://bucket?endpoint=https://host&region=name; "
    "the credentials go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)


def backends(storage_url: str, var: Path) -> dict[str, dict[str, Any]]:
    """Django's STORAGES. Credentials for S3 come from the usual AWS_* variables."""
    return {
        "default": _s3(storage_url) if storage_url else _disk(var),
        "staticfiles": {"BACKEND": "config.static_files.SmallStaticFiles"},
    }


def _disk(var: Path) -> dict[str, Any]:
    options = {"location": var / "media", "file_permissions_mode": 0o600}
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


def _s3(storage_url: str) -> dict[str, Any]:
    parts = urlsplit(storage_url)
    # The value is not repeated: somebody may have written their credentials into it.
    if parts.scheme != "s3" or not BUCKET.fullmatch(parts.netloc) or parts.path.strip("/"):
        raise ImproperlyConfigured(f"{EXPECTED}.")
    options = {"bucket_name": parts.netloc, **_options(parts)}
    return {"BACKEND": "config.s3.S3", "OPTIONS": options}


def _options(parts: SplitResult) -> dict[str, str]:
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = given.keys() - OPTIONS.keys()
    if unknown:
        raise ImproperlyConfigured(f"{EXPECTED}. It knows no {sorted(unknown)[0]!r}.")
    if not all(given.values()) or not env.is_origin(given.get("endpoint", "https://default")):
        raise ImproperlyConfigured(f"{EXPECTED}. The endpoint is an origin, without a path.")
    return {OPTIONS[name]: value for name, value in given.items()}
