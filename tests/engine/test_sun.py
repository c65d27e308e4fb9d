"""Shadows of what is built fall as the photo's own do, and only where the sun shines."""

import numpy as np
import pytest

from integrations.engine import Hints, RoomType, render
from integrations.engine.colour import linear, luminance
from integrations.engine.occluders import find_occluders
from integrations.engine.plan import make_plan
from integrations.engine.rasters import floats
from integrations.engine.shadows import thrown_inside, thrown_outside
from integrations.engine.shapes import shape_of
from integrations.engine.sun import SOFT, Sun, estimate_sun
from tests.engine.scenes import camera
from tests.engine.standing import HORIZON, SIZE, clouded, half_in_shade, painted, sunlit

HINTS = Hints(horizon_row=HORIZON)


def sun_of(photo):
    return estimate_sun(np.asarray(photo), np.asarray(painted()))


@pytest.mark.parametrize(("side", "sign"), [("left", -1), ("right", 1)])
def test_the_sun_stands_where_the_shadows_come_from(side, sign):
    sun = sun_of(sunlit(side))
    assert sun.strength > 0.7
    assert sign * sun.direction[0] > 0.5
    assert np.hypot(*sun.direction) == pytest.approx(1)


def test_under_clouds_there_is_no_sun():
    assert sun_of(clouded()).strength == 0


def test_the_sun_shines_on_a_court_that_lies_half_in_the_shade():
    """So that the court's sunny part is no thing that stands on it."""
    sun = sun_of(half_in_shade())
    assert sun.strength > 0.7
    seen = np.asarray(half_in_shade()), np.asarray(painted())
    assert find_occluders(*seen, camera(SIZE, HORIZON), sun) is None


def basin(photo):
    picture = render(photo, painted(), RoomType.POOL, seed=2, style="azure", hints=HINTS).image
    return luminance(linear(np.asarray(picture)))


def test_the_pools_floor_is_dark_on_the_suns_side():
    """The basin's wall hides the sun from the floor beside it; the water is the same in both."""
    left, right = basin(sunlit("left")), basin(sunlit("right"))
    left_part, right_part = np.s_[330:370, 195:260], np.s_[330:370, 385:450]
    assert left[left_part].mean() < 0.85 * right[left_part].mean()
    assert right[right_part].mean() < 0.85 * left[right_part].mean()


def square():
    """Four metres by four, and its middle."""
    plan = make_plan(np.asarray(painted()), camera(SIZE, HORIZON))
    s, t = plan.shape[1] * plan.cell / 2, plan.shape[0] * plan.cell / 2
    corners = floats([[s - 1, t - 1], [s + 1, t - 1], [s + 1, t + 1], [s - 1, t + 1]])
    return shape_of(plan, [corners]), s, t


def test_a_shadow_on_the_ground_is_as_long_as_the_thing_is_high_over_the_suns_height():
    shape, s, t = square()
    sun = Sun((1.0, 0.0), 1.0, height=0.5)
    away = floats([-0.05, 0.08, 0.16, 0.30])
    left = thrown_outside(shape, (1.0, 0.0), sun, 0.10, s - 1 - away, np.full_like(away, t))
    assert left[2] == pytest.approx(sun.shade, abs=0.02)
    assert left[3] == 1
    towards = thrown_outside(
        shape, (1.0, 0.0), sun, 0.10, s + 1 + away[1:], np.full(3, t, np.float32)
    )
    assert towards.min() == 1


def test_the_edging_throws_its_shadow_on_the_field_from_the_suns_side():
    shape, s, t = square()
    sun = Sun((1.0, 0.0), 1.0, height=0.5)
    from_edging = floats([0.08, 0.30])
    middle = np.full_like(from_edging, t)
    near_sun = thrown_inside(shape, (1.0, 0.0), sun, 0.07, 0.12, s + 0.88 - from_edging, middle)
    far = thrown_inside(shape, (1.0, 0.0), sun, 0.07, 0.12, s - 0.88 + from_edging, middle)
    assert near_sun[0] == pytest.approx(sun.shade, abs=0.02)
    assert near_sun[1] == 1
    assert far.min() == 1


def test_under_clouds_nothing_throws_a_shadow():
    shape, s, t = square()
    points = floats([s - 1.02]), floats([t])
    assert thrown_outside(shape, (1.0, 0.0), SOFT, 0.10, *points)[0] == 1
