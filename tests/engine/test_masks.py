"""Odd masks give a typed error or a sound picture, never a crash."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from integrations.engine import EngineError, Hints, MaskAboveHorizon, RoomType, render
from tests.engine.scenes import SIZE, garden, pixels, zone

WIDTH, HEIGHT = SIZE


def blank():
    return np.zeros((HEIGHT, WIDTH), np.uint8)


def one_pixel():
    mask = blank()
    mask[180, 150] = 255
    return mask


def line(width, vertical=False):
    mask = blank()
    if vertical:
        mask[120:230, 150 : 150 + width] = 255
    else:
        mask[180 : 180 + width, 20:300] = 255
    return mask


def rectangle(top, bottom, left, right):
    mask = blank()
    mask[top:bottom, left:right] = 255
    return mask


def several():
    return np.maximum(rectangle(150, 200, 20, 120), rectangle(150, 220, 180, 300))


def ring():
    mask = rectangle(130, 225, 60, 280)
    mask[160:185, 130:200] = 0
    return mask


def ellipse():
    image = Image.new("L", SIZE)
    ImageDraw.Draw(image).ellipse((60, 130, 270, 220), fill=255)
    return np.asarray(image)


def checked():
    return np.where(np.indices((HEIGHT, WIDTH)).sum(axis=0) % 2, 255, 0).astype(np.uint8)


def noise():
    return np.where(np.random.default_rng(1).random((HEIGHT, WIDTH)) > 0.5, 255, 0).astype(np.uint8)


MASKS = {
    "empty": blank(),
    "one pixel": one_pixel(),
    "nine-pixel line": line(9),
    "two-pixel line": line(2),
    "upright line": line(3, vertical=True),
    "whole image": rectangle(0, HEIGHT, 0, WIDTH),
    "top half": rectangle(0, HEIGHT // 2, 0, WIDTH),
    "top rows": rectangle(0, 20, 0, WIDTH),
    "bottom half": rectangle(HEIGHT // 2, HEIGHT, 0, WIDTH),
    "bottom rows": rectangle(HEIGHT - 6, HEIGHT, 0, WIDTH),
    "left border": rectangle(130, 220, 0, 90),
    "right border": rectangle(130, 220, 230, WIDTH),
    "corner": rectangle(190, HEIGHT, 0, 60),
    "several": several(),
    "ring": ring(),
    "ellipse": ellipse(),
    "checked": checked(),
    "noise": noise(),
    "small square": rectangle(200, 212, 150, 162),
}
EXPECTED = {
    "empty": {"mask_empty"},
    "one pixel": {"mask_too_small"},
    "top rows": {"mask_above_horizon"},
    "two-pixel line": {"mask_too_thin"},
}
REFUSED = {"mask_too_thin", "mask_too_small", "nothing_changed"}
SOUND = {"bottom half", "several", "ring", "ellipse", "whole image", "left border", "right border"}


@pytest.mark.parametrize("room_type", list(RoomType), ids=str)
@pytest.mark.parametrize("name", MASKS)
def test_an_odd_mask_is_refused_or_drawn_soundly(name, room_type):
    mask, photo = MASKS[name], garden()
    try:
        result = render(photo, Image.fromarray(mask), room_type, seed=2)
    except EngineError as error:
        assert error.code in EXPECTED.get(name, REFUSED)
        assert name not in SOUND
        assert len(str(error)) > 20
        return
    assert name not in EXPECTED
    change = np.abs(pixels(result.image) - pixels(photo)).max(axis=2)
    assert change[mask == 0].max(initial=0) == 0
    assert np.count_nonzero(change) >= 32


def test_both_parts_of_a_terrace_are_built():
    photo, mask = garden(), several()
    result = render(photo, Image.fromarray(mask), RoomType.TERRACE, seed=2, style="ipe")
    change = np.abs(pixels(result.image) - pixels(photo)).max(axis=2) > 12
    for columns in (slice(40, 100), slice(200, 280)):
        assert change[165:190, columns].mean() > 0.8


def test_a_hole_in_a_terrace_stays_a_hole():
    photo, mask = garden(), ring()
    result = render(photo, Image.fromarray(mask), RoomType.TERRACE, seed=2, style="ipe")
    assert np.array_equal(pixels(result.image)[162:183, 132:198], pixels(photo)[162:183, 132:198])


def test_a_zone_that_reaches_the_sky_is_cut_and_says_so():
    result = render(
        garden(), Image.fromarray(rectangle(0, HEIGHT, 0, WIDTH)), RoomType.TERRACE, seed=2
    )
    assert "zone_cut" in {warning.code for warning in result.warnings}
    assert np.array_equal(pixels(result.image)[:40], pixels(garden())[:40])


def test_soft_masks_are_cut_at_half():
    soft = Image.fromarray(np.where(pixels(zone()) > 0, 120, 0).astype(np.uint8))
    with pytest.raises(EngineError, match="no white pixel"):
        render(garden(), soft, RoomType.TERRACE, seed=1)


def test_the_ground_beside_a_pool_is_left_alone_even_inside_the_zone():
    """A pool takes the larger of two parts: the other keeps the photo's pixels, grain and all."""
    photo, mask = garden(), several()
    mask[150:220, 180:300] = 255
    result = render(photo, Image.fromarray(mask), RoomType.POOL, seed=2)
    assert np.array_equal(pixels(result.image)[155:195, 25:115], pixels(photo)[155:195, 25:115])


@pytest.mark.parametrize("room_type", list(RoomType), ids=str)
def test_a_zone_painted_on_the_sky_is_refused(room_type):
    """Also one so shaped that a horizon still higher would make a rectangle of it."""
    sky = zone([(110, 10), (215, 10), (262, 55), (60, 55)])
    with pytest.raises(MaskAboveHorizon):
        render(garden(), sky, room_type, seed=2)


@pytest.mark.parametrize("room_type", [RoomType.POOL, RoomType.PETANQUE], ids=str)
def test_a_hole_in_a_zone_is_edged_like_its_outside(room_type):
    mask = rectangle(130, 232, 20, 300)
    mask[165:195, 120:200] = 0
    hints = Hints(horizon_row=90)
    result = render(garden(), Image.fromarray(mask), room_type, seed=2, hints=hints)
    picture = pixels(result.image)
    beside_hole = picture[176:184, 110:116].reshape(-1, 3).mean(axis=0)
    field = picture[176:184, 65:85].reshape(-1, 3).mean(axis=0)
    assert np.abs(beside_hole - field).max() > 20


def test_a_pool_in_the_larger_of_two_parts_says_that_the_other_was_left():
    mask = Image.fromarray(several())
    codes = {w.code for w in render(garden(), mask, RoomType.POOL, seed=2).warnings}
    assert "zone_partly_built" in codes
    codes = {w.code for w in render(garden(), mask, RoomType.TERRACE, seed=2).warnings}
    assert "zone_partly_built" not in codes
