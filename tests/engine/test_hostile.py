"""Whatever comes in: a typed error with a sentence, or a picture that is sound; never a crash."""

import subprocess
import sys
from itertools import cycle

import numpy as np
import pytest
from PIL import Image

from integrations.engine import (
    EmbeddedRenderer,
    EngineError,
    Hints,
    HintsOutOfRange,
    RoomType,
    compositing,
    render,
)
from tests.engine import hostile
from tests.engine.checks import outside_is_untouched, refused_for_people
from tests.engine.scenes import pixels

TYPES = list(RoomType)
MOST_MEGABYTES = 1000
LARGEST = """
from pathlib import Path
from PIL import Image
from integrations.engine import RoomType, render
from tests.engine.scenes import garden
size = (4096, 4096)
photo = garden().resize(size, Image.Resampling.BILINEAR)
render(photo, Image.new("L", size, 255), RoomType.TERRACE, seed=1)
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))
"""
ODD_MASKS = ("a thick ring", "a star", "large dots", "the left half", "across the horizon")
ALL_TYPES_PHOTOS = ("noise", "grey", "overexposed", "at night", "one colour")


def with_types(things):
    """Each with one type, in turn: all of them with all would only take longer."""
    return [pytest.param(thing, kind, id=f"{thing}-{kind}")
            for thing, kind in zip(things, cycle(TYPES), strict=False)]  # fmt: skip


def survived(photo, mask, room_type, **more):
    """The result, or None if it was refused in a way that helps."""
    try:
        result = EmbeddedRenderer().render(photo, mask, room_type, seed=4, **more)
    except EngineError as error:
        refused_for_people(error)
        return None
    assert result.image.mode == "RGB"
    return result


@pytest.mark.parametrize(("name", "room_type"), with_types(hostile.MASKS))
def test_a_hostile_mask(name, room_type):
    photo, mask = hostile.photo(), hostile.MASKS[name]
    result = survived(photo, mask, room_type)
    if result:
        outside_is_untouched(result, photo, mask)


@pytest.mark.parametrize(("name", "room_type"), with_types(hostile.PHOTOS))
def test_a_hostile_photo(name, room_type):
    photo, mask = hostile.PHOTOS[name], hostile.painted()
    result = survived(photo, mask, room_type)
    if result and "orientation" not in name and photo.mode not in ("I;16", "F", "I"):
        outside_is_untouched(result, photo, mask)


@pytest.mark.parametrize(("size", "room_type"), with_types(hostile.SIZES))
def test_an_odd_size(size, room_type):
    photo, mask = hostile.photo(size), hostile.painted(size)
    result = survived(photo, mask, room_type)
    if result:
        assert result.image.size == size
        outside_is_untouched(result, photo, mask)
    survived(photo, Image.new("L", size, 255), room_type)


@pytest.mark.parametrize("room_type", TYPES, ids=str)
@pytest.mark.parametrize("photo", ALL_TYPES_PHOTOS)
@pytest.mark.parametrize("mask", ODD_MASKS)
def test_outside_the_mask_nothing_changes_at_all(photo, mask, room_type):
    """On every photo, type and odd mask; the horizon is told, so that most of them are drawn."""
    picture, zone = hostile.PHOTOS[photo], hostile.MASKS[mask]
    result = survived(picture, zone, room_type, hints=Hints(horizon_row=40))
    if result:
        outside_is_untouched(result, picture, zone)


@pytest.mark.parametrize("room_type", TYPES, ids=str)
def test_that_check_sees_a_compositing_that_is_broken(room_type, monkeypatch):
    """The zone's whole frame is mixed anew, and what is mixed is a grey level off."""
    encoded = compositing.encoded
    monkeypatch.setattr(compositing, "encoded", lambda light: encoded(light) + 1)
    monkeypatch.setattr(
        compositing, "_feather", lambda *zone_and_box: np.ones(zone_and_box[:2:-1], np.float32)
    )
    photo, mask = hostile.photo(), hostile.painted()
    result = EmbeddedRenderer().render(photo, mask, room_type, seed=4)
    with pytest.raises(AssertionError):
        outside_is_untouched(result, photo, mask)


@pytest.mark.parametrize("name", ["horizon_row", "roll_degrees", "focal_35mm", "camera_height"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), -1e9, 1e9])
def test_hints_of_no_sense(name, value):
    with pytest.raises(HintsOutOfRange) as caught:
        Hints(**{name: value})
    refused_for_people(caught.value)


@pytest.mark.parametrize(
    "hints",
    [
        {"horizon_row": -20_000.0},
        {"horizon_row": 60.0, "roll_degrees": 30.0},
        {"horizon_row": 20.0, "roll_degrees": -30.0, "camera_height": 30.0},
        {"focal_35mm": 8.0, "camera_height": 0.3},
        {"focal_35mm": 300.0},
        {"horizon_row": 69.9},
    ],
    ids=str,
)
def test_hints_at_their_limits(hints):
    photo, mask = hostile.photo(), hostile.painted()
    for room_type in TYPES:
        result = survived(photo, mask, room_type, hints=Hints(**hints))
        if result:
            outside_is_untouched(result, photo, mask)


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "CMYK", "I", "F"])
def test_a_mask_of_another_mode_is_the_same_mask(mode):
    mask = hostile.painted()
    kinds = {"P": mask.quantize(2)} if mode == "P" else {}
    first, second = (
        render(hostile.photo(), given, RoomType.TERRACE, seed=4).image
        for given in (mask, kinds.get(mode) or mask.convert(mode))
    )
    assert np.array_equal(pixels(first), pixels(second))


def test_the_largest_picture_takes_less_than_a_gigabyte():
    """All of it is the zone; in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LARGEST], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) / 1024 < MOST_MEGABYTES
