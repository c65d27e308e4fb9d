"""Photos, masks and pictures: judged by decoding them, and made safe to keep and to show.

Whatever comes in is somebody else's file. What goes on is upright, sRGB and without metadata.
"""

import hashlib
import io
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pillow_heif
from django.conf import settings
from PIL import Image, ImageCms, ImageOps

from integrations.doors.jpeg import has_more_scans
from integrations.doors.raster import filled_polygon

pillow_heif.register_heif_opener()
# Blocks above 32 MB go back to the system when they are free. Pillow's own, of 16 MB, stay with the
# thread that had them: each thread of a web process would keep three quarters of a gigabyte.
Image.core.set_block_size(64 * 2**20)  # type: ignore[attr-defined]  # as its documentation says
logger = logging.getLogger(__name__)

MAX_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 64_000_000
MIN_EDGE = 64
MAX_SCANS = 100  # of a JPEG: progressive ones of cameras and editors have some ten
PICTURE_FORMATS = ("JPEG", "PNG", "WEBP")
INPUT_FORMATS = (*PICTURE_FORMATS, "HEIF")
PICTURE_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # Pillow's word for one with a second picture behind the first
    "PNG": "image/png",
    "WEBP": "image/webp",
}
# A mask of nearly the photo's shape was made for a reduced copy of it: it is scaled, not refused.
RATIO_TOLERANCE = 0.01
WHITE = 127
SRGB = ImageCms.createProfile("sRGB")

Size = tuple[int, int]


class ImageProblem(Exception):
    """A file that cannot be used; `code` is stable, `message` is for people who read English."""

    MESSAGES = {
        "image_empty": "The file is empty.",
        "image_not_decodable": "The file is no JPEG, PNG, WebP or HEIC picture, or it is damaged.",
        "image_too_large": "The file is above 40 MB or the picture above 64 megapixels.",
        "image_too_small": "The picture is smaller than 64 pixels.",
        "mask_size_mismatch": "The mask has another shape than the photo.",
        "mask_empty": "The mask has no white pixel: paint the zone in white.",
    }

    def __init__(self, code: str) -> None:
        self.code = code
        self.message = self.MESSAGES[code]
        super().__init__(f"{code}: {self.message}")


@dataclass(frozen=True)
class NormalisedImage:
    """A photo (JPEG, RGB) or mask (PNG, 8-bit grey) as the product keeps it; size in pixels."""

    data: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class PictureFacts:
    """What a finished picture is; size in pixels."""

    content_type: str
    width: int
    height: int


def read_photo(data: bytes) -> NormalisedImage:
    """The working image of a photo: long edge at most WORKING_IMAGE_MAX_EDGE.

    Raises ImageProblem: image_empty, image_not_decodable, image_too_large, image_too_small.
    """
    edge = settings.WORKING_IMAGE_MAX_EDGE
    with judging():
        image = _opened(data, INPUT_FORMATS)
        image.draft("RGB", (edge, edge))  # a JPEG far larger than needed is decoded smaller
        ImageOps.exif_transpose(image, in_place=True)
        image = without_alpha(in_srgb(image), "white", "RGB")  # what it was made from is let go
        image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        _require_edge(image)  # a strip has none left
    return _encoded(image, "JPEG", quality=92, subsampling=0)


def read_mask(data: bytes, *, size: Size | None = None) -> NormalisedImage:
    """A mask of exactly `size` (width, height), or as large as it comes: white where to build,
    transparency is black.

    Raises ImageProblem: those of read_photo, mask_size_mismatch, mask_empty.
    """
    with judging():
        image = _opened(data, INPUT_FORMATS)
        ImageOps.exif_transpose(image, in_place=True)
        mask = without_alpha(_eight_bits(image), "black", "L")
    size = size or mask.size
    if not _same_shape(mask.size, size):
        raise ImageProblem("mask_size_mismatch")
    if mask.size != size:
        mask = mask.resize(size, Image.Resampling.BILINEAR)
    if mask.getextrema()[1] <= WHITE:  # type: ignore[operator]  # one band: (low, high)
        raise ImageProblem("mask_empty")
    return _encoded(mask, "PNG")  # to look for the smallest takes half as long again


def rasterise_polygon(points: Sequence[tuple[float, float]], size: Size) -> bytes:
    """A mask (PNG) of a polygon in pixels, as the editor makes it."""
    return _encoded(Image.frombytes("L", size, filled_polygon(points, size)), "PNG").data


def polygon_mask(points: Sequence[tuple[float, float]], size: Size) -> NormalisedImage:
    """The mask of a polygon in pixels; what is outside the photo is left out. Raises ImageProblem:
    mask_empty."""
    width, height = size
    inside = [(min(max(x, 0), width), min(max(y, 0), height)) for x, y in points]
    return read_mask(rasterise_polygon(inside, size), size=size)


def inspect_picture(data: bytes) -> PictureFacts:
    """Decode a finished picture to its last pixel. Raises ImageProblem."""
    with judging():
        image = _opened(data, PICTURE_FORMATS)
        image.load()
    return PictureFacts(PICTURE_TYPES[str(image.format)], *image.size)


def thumbnail(data: bytes, edge: int) -> bytes:
    """A JPEG with a long edge of at most `edge` pixels. Raises ImageProblem."""
    with judging():
        image = _opened(data, PICTURE_FORMATS)
        image.draft("RGB", (edge, edge))
        small = without_alpha(image, "white", "RGB")
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return _encoded(small, "JPEG", quality=82, optimize=True, progressive=True).data


@contextmanager
def judging() -> Iterator[None]:
    """Whatever a decoder says of a bad file, it is one of our codes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise ImageProblem("image_too_large") from None
    except ImageProblem:
        raise
    except Exception as error:  # Pillow's decoders raise anything: TypeError, struct.error, …
        logger.info("a file is not decodable: %s", type(error).__name__)
        raise ImageProblem("image_not_decodable") from None


def _opened(data: bytes, formats: tuple[str, ...]) -> Image.Image:
    """The header only: sizes are judged before a pixel is decoded."""
    if not data:
        raise ImageProblem("image_empty")
    if len(data) > MAX_BYTES:
        raise ImageProblem("image_too_large")
    image = Image.open(io.BytesIO(data), formats=formats)
    if image.width * image.height > MAX_PIXELS:
        raise ImageProblem("image_too_large")
    _require_edge(image)
    if image.format in ("JPEG", "MPO") and has_more_scans(data, MAX_SCANS):
        raise ImageProblem("image_not_decodable")
    return image


def _require_edge(image: Image.Image) -> None:
    if min(image.size) < MIN_EDGE:
        raise ImageProblem("image_too_small")


def in_srgb(image: Image.Image) -> Image.Image:
    """Colours as the photo's profile means them; a profile that lies is not believed."""
    profile = image.info.get("icc_profile")
    image = _eight_bits(image)
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def _eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey is scaled: Pillow's own conversion would cut everything above 255 to white."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value / 256).convert("L")


def without_alpha(image: Image.Image, background: str, mode: str) -> Image.Image:
    """Of 64 megapixels each copy is 256 MB: what shines through is pasted, not composited."""
    if image.has_transparency_data:
        rgba = image if image.mode == "RGBA" else image.convert("RGBA")
        image = Image.new("RGB", rgba.size, background)
        image.paste(rgba, mask=rgba.getchannel("A"))
        del rgba
    return image if image.mode == mode else image.convert(mode)  # a conversion to itself is a copy


def _same_shape(found: Size, wanted: Size) -> bool:
    ratio = (found[0] / found[1]) / (wanted[0] / wanted[1])
    return abs(ratio - 1) <= RATIO_TOLERANCE


def _encoded(image: Image.Image, kind: str, **options: object) -> NormalisedImage:
    """Metadata stays behind: nothing of `image.info` is handed on."""
    image.info = {}
    out = io.BytesIO()
    image.save(out, kind, **options)
    return NormalisedImage(out.getvalue(), *image.size)
