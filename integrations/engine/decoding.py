"""Safe decoding of photos and masks."""

import io
import os
import struct
import warnings
from numbers import Real
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from integrations.engine.errors import ImageNotDecodable, ImageTooLarge
from integrations.engine.types import HINT_RANGES

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 4096 * 4096
EXIF_IFD, FOCAL_35MM = 0x8769, 0xA405
# What Pillow raises for damaged data, and for damaged metadata around sound data.
DAMAGED = (OSError, ValueError, SyntaxError, MemoryError)
DAMAGED_METADATA = (*DAMAGED, TypeError, LookupError, struct.error)

Source = Image.Image | bytes | str | os.PathLike[str]


def decode_photo(source: Source) -> Image.Image:
    """The photo as RGB, upright.

    Raises `ImageNotDecodable` and `ImageTooLarge`; `OSError` for a path that cannot be read.
    """
    return _decoded(source).convert("RGB")


def decode_mask(source: Source) -> Image.Image:
    """The mask as 8-bit grey, upright; transparency counts as black.

    Raises as `decode_photo`.
    """
    mask = _decoded(source)
    if mask.has_transparency_data:
        mask = Image.alpha_composite(Image.new("RGBA", mask.size, "black"), mask.convert("RGBA"))
    return mask.convert("L")


def focal_35mm(photo: Image.Image) -> float | None:
    """The focal length in the photo's metadata, 35 mm equivalent, if it is a usable one."""
    try:
        value = photo.getexif().get_ifd(EXIF_IFD).get(FOCAL_35MM)
    except DAMAGED_METADATA:
        return None
    low, high = HINT_RANGES["focal_35mm"]
    return float(value) if isinstance(value, Real) and low <= float(value) <= high else None


def _decoded(source: Source) -> Image.Image:
    image = source if isinstance(source, Image.Image) else _opened(source)
    if image.width * image.height > MAX_PIXELS:
        raise ImageTooLarge
    try:
        image.load()
    except DAMAGED as error:
        raise ImageNotDecodable from error
    return _eight_bit(_upright(image))


def _opened(source: bytes | str | os.PathLike[str]) -> Image.Image:
    """Open the header only; the size is judged before a pixel is decoded."""
    stream = io.BytesIO(source if isinstance(source, bytes) else Path(source).read_bytes())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(stream, formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise ImageTooLarge from error
    except DAMAGED as error:
        raise ImageNotDecodable from error


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except DAMAGED_METADATA:  # a sound picture whose metadata tells no orientation
        return image


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit grey scaled to 8 bits: Pillow's own conversion clips it to white."""
    if not image.mode.startswith("I;16"):
        return image
    return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
