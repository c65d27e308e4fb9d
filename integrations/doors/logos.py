"""Agencies' logos: judged by decoding them, and kept as a small PNG of our own making."""

import io

from PIL import Image, ImageOps

from integrations.doors.images import ImageProblem, NormalisedImage, in_srgb, judging
from integrations.doors.jpeg import has_more_scans

FORMATS = ("PNG", "JPEG")
MAX_BYTES = 2**20
# A megabyte holds far more pixels than a logo has: one with alpha takes 64 MB while it is decoded.
MAX_PIXELS = 16_000_000
MIN_EDGE, LEAST_EDGE = 16, 4  # as it comes, and within BOX
BOX = (600, 240)  # twice as large as pages show it
MAX_SCANS = 100


def read_logo(data: bytes) -> NormalisedImage:
    """The first picture of a PNG or JPEG, upright, sRGB, within BOX; transparency is kept, metadata
    and whatever hangs behind the picture are not.

    Raises ImageProblem: image_empty, image_not_decodable, image_too_large, image_too_small.
    """
    with judging():
        image = _opened(data)
        ImageOps.exif_transpose(image, in_place=True)
        image = _without_profile(image)
        image.thumbnail(BOX, Image.Resampling.LANCZOS)
        _require_edge(image, LEAST_EDGE)  # of a line nothing is left
    out = io.BytesIO()
    image.info = {}
    image.save(out, "PNG", optimize=True)
    return NormalisedImage(out.getvalue(), *image.size)


def _opened(data: bytes) -> Image.Image:
    """The header only: sizes are judged before a pixel is decoded."""
    if not data:
        raise ImageProblem("image_empty")
    if len(data) > MAX_BYTES:
        raise ImageProblem("image_too_large")
    image = Image.open(io.BytesIO(data), formats=FORMATS)
    if image.width * image.height > MAX_PIXELS:
        raise ImageProblem("image_too_large")
    _require_edge(image, MIN_EDGE)
    if image.format != "PNG" and has_more_scans(data, MAX_SCANS):
        raise ImageProblem("image_not_decodable")
    return image


def _require_edge(image: Image.Image, least: int) -> None:
    if min(image.size) < least:
        raise ImageProblem("image_too_small")


def _without_profile(image: Image.Image) -> Image.Image:
    """RGBA where something shines through, else RGB; in sRGB."""
    if not image.has_transparency_data:
        return in_srgb(image).convert("RGB")
    rgba = image.convert("RGBA")
    alpha = rgba.getchannel("A")
    rgba = in_srgb(rgba.convert("RGB"))  # profiles are for colours without alpha
    rgba.putalpha(alpha)
    return rgba
