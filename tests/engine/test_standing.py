"""What stands in the zone stays as it is; what lies on the ground, and shadows, do not."""

import numpy as np
import pytest
from PIL import Image

from integrations.engine import Hints, RoomType, render
from integrations.engine.colour import encoded, linear, luminance
from integrations.engine.matte import matte_of
from integrations.engine.occluders import find_occluders
from integrations.engine.sun import Sun
from tests.engine.scenes import camera, garden, pixels
from tests.engine.standing import (
    HORIZON,
    POST,
    SIZE,
    TYRES,
    painted,
    textured,
    with_car,
    with_post,
    with_yellow_patch,
)

HINTS = Hints(horizon_row=HORIZON)


def drawn(photo, room_type=RoomType.TERRACE, style=None):
    return render(photo, painted(), room_type, seed=2, style=style, hints=HINTS).image


def found(photo):
    seen_by = camera(SIZE, HORIZON)
    sun = Sun((1.0, 0.0), 1.0)
    return find_occluders(np.asarray(photo), np.asarray(painted()), seen_by, sun)


def core(part, margin=4):
    rows, columns = part
    return np.s_[
        rows.start + margin : rows.stop - margin, columns.start + margin : columns.stop - margin
    ]


@pytest.mark.parametrize("room_type", list(RoomType), ids=str)
def test_a_dark_grey_post_on_a_lawn_stays_to_the_pixel(room_type):
    photo = with_post()
    picture = drawn(photo, room_type)
    assert np.array_equal(pixels(picture)[core(POST)], pixels(photo)[core(POST)])
    beside = np.s_[300:340, 335:375]
    assert np.abs(pixels(picture)[beside] - pixels(photo)[beside]).max(axis=2).mean() > 12


def test_a_car_keeps_its_tyres_though_they_are_as_grey_as_the_ground():
    photo = with_car()
    picture = drawn(photo, style="pine")
    for tyre in TYRES:
        assert np.array_equal(pixels(picture)[core(tyre)], pixels(photo)[core(tyre)])


def test_what_stands_goes_over_into_the_new_ground_without_a_rim_of_grass():
    """Just beside the post no pixel is left as green as the lawn was."""
    picture = pixels(drawn(with_post(), RoomType.PETANQUE, "grey"))
    rim = picture[300:340, 325:329].reshape(-1, 3)
    assert np.median(rim[:, 1] - rim[:, 0]) < 12


@pytest.mark.parametrize("strength", [0.15, 0.3, 0.5])
def test_a_shadow_is_no_thing_that_stands(strength):
    photo = np.array(garden(SIZE, HORIZON))
    photo[300:330, 60:600] = encoded(linear(photo[300:330, 60:600]) * strength).astype(np.uint8)
    assert found(Image.fromarray(photo)) is None


def test_a_dry_patch_is_built_over_and_does_not_shine_through():
    plain, patched = garden(SIZE, HORIZON), with_yellow_patch()
    assert found(patched) is None
    light = [
        luminance(linear(np.asarray(drawn(p, RoomType.PETANQUE, "grey")))) for p in (plain, patched)
    ]
    middle, around = np.s_[325:345, 290:350], np.s_[370:400, 250:390]
    ratio = [part[middle].mean() / part[around].mean() for part in light]
    assert ratio[1] == pytest.approx(ratio[0], rel=0.08)


def test_bright_grass_that_reaches_into_the_zone_is_built_over():
    photo = np.array(garden(SIZE, HORIZON))
    photo[240:300, 300:330] = textured((60, 30), (177, 200, 82))
    assert found(photo) is None


def test_nothing_stands_in_an_empty_garden():
    assert found(garden(SIZE, HORIZON)) is None


def whole(matte, size):
    share = np.zeros((size[1], size[0]))
    share[matte.rows, matte.columns] = matte.share
    return share


def test_the_matte_is_whole_within_nothing_without_and_between_at_the_edge():
    photo, standing = with_post(), found(with_post())
    matte = whole(matte_of(np.asarray(photo), standing), SIZE)
    assert matte[core(POST)][140:].min() == 1
    assert matte[300:340, 340:400].max() == 0
    assert matte[300:340, 100:280].max() == 0
