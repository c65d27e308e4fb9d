"""What a template needs to show a photo or a picture in the size that a screen wants."""

from django import template
from django.urls import reverse

from projects import sizes
from projects.models import Picture, Upload

register = template.Library()


@register.filter
def candidates(image: Picture | Upload, kind: str) -> str:
    """A `srcset` of one format; no candidate is wider than the picture."""
    found = [f"{_url(image, ask, kind)} {is_}w" for ask, is_ in sizes.widths_of(image)]
    return ", ".join(found)


@register.filter
def middling(image: Picture | Upload) -> str:
    """For a browser that knows no `srcset`: a JPEG of the second size."""
    return _url(image, sizes.WIDTHS[1], "jpg")


def _url(image: Picture | Upload, width: int, kind: str) -> str:
    name = "picture_size" if isinstance(image, Picture) else "photo_size"
    return reverse(f"media:{name}", args=[image.pk, width, kind])
