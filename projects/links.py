"""Links that open without signing in. Nobody can guess one, and each dies by itself."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from projects.models import Picture, Upload

SALT = "parterre.result"


def input_url(upload: Upload) -> str:
    """Where iacrea fetches a photo or mask: stable, without query or redirect."""
    path = reverse("media:input", args=[upload.token, upload.file_name])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def result_url(picture: Picture) -> str:
    """A fresh link to a picture, good for RESULT_LINK_S from now."""
    token = signing.dumps(str(picture.pk), salt=SALT)
    name = f"{picture.position + 1}.{picture.extension}"
    return f"{settings.PUBLIC_BASE_URL}{reverse('media:result', args=[token, name])}"


def picture_id(token: str) -> UUID:
    """The picture that a result link is for; signing.BadSignature when it is forged or too old."""
    return UUID(signing.loads(token, salt=SALT, max_age=settings.RESULT_LINK_S))


def callback_url(token: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{reverse('media:callback', args=[token])}"
