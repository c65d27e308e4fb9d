"""The sample garden: its mask is its zone, and it renders into what the demo shows."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from integrations.engine import RoomType, render
from tests.engine.scenes import pixels

SAMPLES = Path(__file__).parents[2] / "static" / "samples"
PHOTO, MASK = SAMPLES / "garden.jpg", SAMPLES / "garden-mask.png"


def polygon():
    zone = json.loads((SAMPLES / "garden-zone.json").read_text())
    return [tuple(corner) for corner in zone["polygon"]]


def test_the_mask_is_the_zone_in_white_on_black():
    with Image.open(MASK) as mask, Image.open(PHOTO) as photo:
        assert (mask.format, mask.mode, mask.size) == ("PNG", "L", photo.size)
        zone = Image.new("L", mask.size)
        ImageDraw.Draw(zone).polygon(polygon(), fill=255)
        differing = np.count_nonzero((pixels(mask) > 127) != (pixels(zone) > 127))
    assert differing < 0.01 * np.count_nonzero(pixels(zone))


def test_the_mask_is_small_enough_to_be_fetched_at_once():
    assert MASK.stat().st_size < 10_000


@pytest.mark.parametrize("room_type", list(RoomType), ids=str)
def test_the_sample_garden_is_transformed_in_its_zone_only(room_type):
    before, mask = pixels(Image.open(PHOTO)), pixels(Image.open(MASK))
    change = np.abs(pixels(render(PHOTO, MASK, room_type, seed=1).image) - before).max(axis=2)
    assert change[mask == 0].max() == 0
    assert np.mean(change[mask == 255] > 12) > 0.7
