"""Shadows of the photo fall on what is built; patches of another colour do not shine through."""

import numpy as np
import pytest
from PIL import Image

from integrations.engine import RoomType, render
from integrations.engine.colour import encoded, linear, luminance
from integrations.engine.light import estimate_light
from integrations.engine.sun import Sun
from tests.engine.scenes import garden, pixels, zone

SIZE = (640, 480)
POLYGON = [(220, 270), (430, 270), (524, 410), (120, 410)]
BAND = np.s_[270:410, 310:390]
LIT = np.s_[330:400, 200:270]
SUN = Sun((1.0, 0.0), 1.0)
SHADED = np.s_[330:400, 325:375]


def painted():
    return zone(POLYGON, SIZE)


def with_shadow(strength=0.3):
    photo = np.array(garden(SIZE, 190))
    photo[BAND] = encoded(linear(photo[BAND]) * strength).astype(np.uint8)
    return Image.fromarray(photo)


def with_patch(colour):
    photo = np.array(garden(SIZE, 190))
    photo[300:360, 290:370] = colour
    return Image.fromarray(photo)


def light_of(photo):
    return estimate_light(np.asarray(photo), np.asarray(painted()), SUN)


@pytest.mark.parametrize("room_type", list(RoomType), ids=str)
def test_a_shadow_on_the_lawn_falls_on_what_is_built(room_type):
    drawn = linear(np.asarray(render(with_shadow(), painted(), room_type, seed=5).image))
    plain = linear(np.asarray(render(garden(SIZE, 190), painted(), room_type, seed=5).image))
    shaded = luminance(drawn[SHADED]).mean() / luminance(plain[SHADED]).mean()
    lit = luminance(drawn[LIT]).mean() / luminance(plain[LIT]).mean()
    assert shaded < 0.6
    assert 0.85 < lit < 1.2


@pytest.mark.parametrize("colour", [(196, 190, 60), (98, 72, 50)], ids=["yellow grass", "soil"])
def test_a_patch_of_another_colour_is_no_light(colour):
    illumination = light_of(with_patch(colour)).illumination
    patch, around = illumination[315:345, 310:350], illumination[330:400, 200:270]
    assert patch.mean() == pytest.approx(around.mean(), rel=0.10)


def test_where_the_sun_reaches_a_corner_only_the_rest_lies_in_shade():
    photo = np.array(garden(SIZE, 190, (150, 144, 134)))
    photo[295:] = encoded(linear(photo[295:]) * 0.1).astype(np.uint8)
    light = light_of(photo)
    lit, shaded = light.illumination[218:226, 180:340], light.illumination[256:320, 180:300]
    assert lit.mean() == pytest.approx(1, abs=0.15)
    assert shaded.mean() < 0.4


def test_a_white_surface_is_brighter_than_the_lawn_and_no_brighter_than_the_sky_allows():
    light = light_of(garden(SIZE, 190))
    lawn = luminance(linear(np.asarray(garden(SIZE, 190)))[300:400]).mean()
    assert lawn < light.exposure.mean() < 1.5


def test_the_grain_of_the_photo_is_given_to_what_is_drawn():
    """The same drawing on a calm photo and on a grainy one: only the second gets grain."""
    calm = np.full((480, 640, 3), (92, 128, 60), np.uint8)
    calm[:190] = (168, 196, 226)
    noise = np.random.default_rng(3).normal(0, 4, (480, 640, 1))
    grainy = np.clip(calm + noise, 0, 255).astype(np.uint8)
    pictures = [
        render(Image.fromarray(photo), painted(), RoomType.PETANQUE, seed=5).image
        for photo in (calm, grainy)
    ]
    roughness = [np.abs(np.diff(pixels(p)[340:390, 200:400], axis=1)).mean() for p in pictures]
    assert roughness[1] > roughness[0] + 2


def test_a_blue_sky_and_a_lawn_do_not_tint_what_is_built():
    assert np.ptp(light_of(garden(SIZE, 190)).exposure) == 0


def test_warm_light_on_a_wall_does():
    photo = np.array(garden(SIZE, 190))
    photo[100:190, 100:500] = (236, 214, 180)
    red, green, blue = light_of(photo).exposure
    assert 1.05 * blue < green < red
