"""What counts as a change outside the zone, and what does not."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageEnhance

from deploy.tree import ROOT
from integrations.doors.outside import changed_outside, changes_outside, drawn

Change = Callable[[Image.Image], Image.Image]
SAMPLES = ROOT / "static" / "samples"


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@cache
def garden() -> Image.Image:
    return Image.open(SAMPLES / "garden.jpg").convert("RGB")


def mask() -> Image.Image:
    """Of the sample garden, its lower middle."""
    zone = Image.new("L", garden().size, 0)
    width, height = zone.size
    ImageDraw.Draw(zone).ellipse((width * 0.2, height * 0.5, width * 0.8, height * 0.9), fill=255)
    return zone


def built() -> Image.Image:
    """With something in the zone, and nothing else changed."""
    picture = garden().copy()
    picture.paste((120, 80, 40), mask=mask())
    return picture


def share(picture: bytes, zone: Image.Image | None = None) -> float | None:
    return changed_outside(encoded(garden(), "JPEG", quality=92), encoded(zone or mask()), picture)


def painted(left: float, top: float, right: float, bottom: float) -> Image.Image:
    picture = built()
    width, height = picture.size
    box = (width * left, height * top, width * right, height * bottom)
    ImageDraw.Draw(picture).rectangle(box, fill=(200, 60, 50))
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        encoded(built()),
        encoded(built(), "JPEG", quality=60),
        encoded(built(), "WEBP", quality=70),
        encoded(built().resize((640, 480)), "JPEG"),
        encoded(built().resize((2560, 1920))),
        encoded(ImageEnhance.Brightness(built()).enhance(1.15), "JPEG"),
        encoded(ImageEnhance.Contrast(built()).enhance(1.15), "JPEG"),
        encoded(ImageEnhance.Color(built()).enhance(0.85), "JPEG"),
        encoded(ImageChops.offset(built(), 3, 2).crop((3, 2, 1280, 960)).resize((1280, 960))),
    ],
    ids=["same", "jpeg", "webp", "half", "double", "brighter", "contrast", "paler", "slid"],
)
def test_nothing_is_said_to_have_changed(picture: bytes) -> None:
    found = share(picture)
    assert found is not None and found < 0.005


@pytest.mark.parametrize(
    ("picture", "least", "most"),
    [
        (painted(0.05, 0.1, 0.2, 0.3), 0.03, 0.05),
        (painted(0.85, 0.0, 1.0, 0.5), 0.07, 0.12),
        (painted(0.0, 0.0, 1.0, 0.4), 0.35, 0.6),
        (Image.new("RGB", (1280, 960), "gray"), 0.3, 1.0),
    ],
    ids=["a window", "a tree", "the sky", "another picture"],
)
def test_what_changed_is_measured(picture: Image.Image, least: float, most: float) -> None:
    found = share(encoded(picture))
    assert found is not None and least < found < most


def test_what_lies_in_the_zone_does_not_count() -> None:
    assert share(encoded(painted(0.4, 0.6, 0.6, 0.8))) == 0


def test_a_zone_that_is_all_of_it_leaves_nothing_to_compare() -> None:
    assert share(encoded(built()), Image.new("L", garden().size, 255)) is None


def test_where_it_changed_is_shown() -> None:
    """In its colour, ringed; the rest is pale and grey."""
    photo, picture = encoded(garden(), "JPEG", quality=92), encoded(painted(0.05, 0.1, 0.2, 0.3))
    changes = changes_outside(photo, encoded(mask()), picture)
    assert changes and changes.share == share(picture)
    shown = Image.open(io.BytesIO(drawn(changes, picture))).convert("RGB")
    assert shown.size == (1024, 768)
    red, green, blue = at(shown, 0.12, 0.2)
    assert red > 180 and green < 90 and blue < 90
    grey = at(shown, 0.5, 0.7)
    assert max(grey) - min(grey) < 12 and min(grey) > 140


def at(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    pixel = image.getpixel((round(x * image.width), round(y * image.height)))
    assert isinstance(pixel, tuple)
    return pixel[0], pixel[1], pixel[2]
