"""The photo pasted back: its own pixels outside the zone, the picture in it, no seam between."""

import io
from itertools import pairwise

import pytest
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from deploy.tree import ROOT
from integrations.doors.outside import changed_outside
from integrations.doors.restoring import feather_of, restored
from integrations.emulator.pictures import Made, with_a_window
from integrations.engine import RoomType, render
from tests.doors.test_outside import encoded

SAMPLES = ROOT / "static" / "samples"
PHOTO, MASK = ((SAMPLES / name).read_bytes() for name in ("garden.jpg", "garden-mask.png"))


@pytest.fixture(scope="module")
def made() -> bytes:
    """A terrace of the embedded engine, and a window that nobody asked for."""
    terrace = render(PHOTO, MASK, RoomType.TERRACE, seed=3).image
    return with_a_window(Made(encoded(terrace), None)).png


def opened(data: bytes, mode: str = "RGB") -> Image.Image:
    return Image.open(io.BytesIO(data)).convert(mode)


def zone(size: tuple[int, int]) -> Image.Image:
    return opened(MASK, "L").resize(size).point(lambda value: 255 if value > 127 else 0)


def differs(one: Image.Image, other: Image.Image, where: Image.Image) -> bool:
    black = Image.new("RGB", one.size)
    return Image.composite(ImageChops.difference(one, other), black, where).getbbox() is not None


def test_every_pixel_outside_is_the_photos(made: bytes) -> None:
    found, photo = opened(restored(PHOTO, MASK, made)), opened(PHOTO)
    near = zone(photo.size).filter(ImageFilter.MaxFilter(2 * feather_of(photo.size) + 1))
    assert differs(opened(made), photo, ImageChops.invert(near)), "the window is there"
    assert not differs(found, photo, ImageChops.invert(near))
    assert changed_outside(PHOTO, MASK, restored(PHOTO, MASK, made)) == 0


def test_every_pixel_inside_is_the_pictures(made: bytes) -> None:
    found = opened(restored(PHOTO, MASK, made))
    assert not differs(found, opened(made), zone(found.size))


def test_there_is_no_seam(made: bytes) -> None:
    """A picture that is paler all over passes into the photo by small steps."""
    flat, paler = (Image.new("RGB", (400, 300), (value,) * 3) for value in (100, 140))
    mask = Image.new("L", (400, 300))
    mask.paste(255, (100, 100, 300, 200))
    found = opened(restored(encoded(flat), encoded(mask), encoded(paler)), "L")
    row = [found.getpixel((x, 150)) for x in range(400)]
    assert (row[0], row[200]) == (100, 140) and row[:200] == sorted(row[:200])
    assert max(b - a for a, b in pairwise(row[:200])) <= 20


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_another_size_and_the_same_format(kind: str, made: bytes) -> None:
    """The picture's own of both; what comes as JPEG loses what JPEG loses."""
    smaller = encoded(ImageEnhance.Color(opened(made).resize((640, 480))).enhance(0.9), kind)
    found = restored(PHOTO, MASK, smaller)
    image = Image.open(io.BytesIO(found))
    assert (image.format, image.size) == (kind, (640, 480))
    share = changed_outside(PHOTO, MASK, found)
    assert share is not None and share < 0.005
