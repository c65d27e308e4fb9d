"""The geometry against cameras that are known. Each check fails for a horizon a little off."""

import cv2
import numpy as np
import pytest

from integrations.engine.camera import apply_homography
from integrations.engine.horizon import estimate_horizon
from integrations.engine.plan import make_plan
from integrations.engine.rasters import floats
from tests.engine.boards import TRUE_PITCH, drawn_pitch
from tests.engine.crops import deck_zone
from tests.engine.scenes import camera, checkerboard, garden, zone


@pytest.mark.parametrize("roll", [0.0, 0.06])
@pytest.mark.parametrize("level", [0.0, 0.1])
def test_ground_to_picture_and_back(roll, level):
    seen_by = camera(roll=roll)
    x, z = floats([-1.2, 0.0, 2.0]), floats([3.0, 4.5, 12.0])
    u, v, depth = seen_by.project(x, level, z)
    back_x, back_z, _ = apply_homography(seen_by.ground_from_pixel(level), u, v)
    assert np.all(depth > 0)
    assert np.allclose(back_x, x, atol=1e-3)
    assert np.allclose(back_z, z, atol=1e-3)


@pytest.mark.parametrize("roll", [0.0, 0.06])
def test_directions_and_the_pixels_where_they_vanish(roll):
    seen_by = camera(horizon=140.0, roll=roll)
    assert np.allclose(seen_by.pixel_from_world @ seen_by.world_from_pixel, np.eye(3), atol=1e-9)


def test_the_ground_meets_the_horizon_far_away_and_the_feet_near():
    """Straight from the definition: depth = height / tan(angle below the horizon)."""
    seen_by = camera(horizon=119.5)  # looking level: the horizon is the middle row
    _, z, _ = apply_homography(seen_by.ground_from_pixel(), floats([159.5]), floats([219.5]))
    assert z[0] == pytest.approx(1.6 * 256 / 100, rel=1e-4)


def test_the_plan_keeps_metres():
    seen_by = camera()
    plan = make_plan(np.asarray(zone()), seen_by)
    s, t = floats([0.0, 3.0]), floats([0.0, 4.0])
    x, z = plan.to_ground(s, t)
    assert np.hypot(np.diff(x), np.diff(z))[0] == pytest.approx(5.0, rel=1e-4)
    u, v, _ = plan.to_picture(s + 1, t + 1, 0.05)
    back_s, back_t, _ = apply_homography(plan.from_pixel(0.05), u, v)
    assert np.allclose(back_s, s + 1, atol=2e-3)
    assert np.allclose(back_t, t + 1, atol=2e-3)


def painted_rectangle(seen_by):
    """What a person paints who means 3 m by 4 m of ground, in the camera's picture."""
    u, v, _ = seen_by.project(floats([-1.5, 1.5, 1.5, -1.5]), 0.0, floats([3, 3, 7, 7]))
    return np.asarray(zone(np.stack([u, v], 1), (seen_by.width, seen_by.height)))


@pytest.mark.parametrize("row", [150.0, 200.0, 240.0])
def test_the_horizon_of_a_tiled_ground_is_found(row):
    seen_by = camera((640, 480), row)
    photo = checkerboard(seen_by)
    found = estimate_horizon(photo, painted_rectangle(seen_by), seen_by.focal)
    assert found.row == pytest.approx(row, abs=6)
    assert found.confidence > 0.3


@pytest.mark.parametrize("degrees", [-3.0, 2.0])
def test_a_camera_held_askew_is_noticed(degrees):
    seen_by = camera((640, 480), 200.0, np.deg2rad(degrees))
    found = estimate_horizon(checkerboard(seen_by), painted_rectangle(seen_by), seen_by.focal)
    assert found.roll_degrees == pytest.approx(degrees, abs=0.6)
    assert found.row == pytest.approx(200, abs=10)


def pitch_drawn_for(horizon_row):
    seen_by = camera((1024, 768), 300.0)
    photo = np.asarray(garden((1024, 768), 300))
    return drawn_pitch(photo, deck_zone(seen_by), seen_by, horizon_row).metres


def test_boards_are_as_wide_in_the_distance_as_they_should():
    assert pitch_drawn_for(300.0) == pytest.approx(TRUE_PITCH, rel=0.02)


def test_the_measure_of_boards_notices_a_wrong_horizon():
    assert pitch_drawn_for(280.0) != pytest.approx(TRUE_PITCH, rel=0.04)


def lawn(row):
    """No straight line at all: tufts of grass under a plain sky, averaged as a lens does."""
    fine = camera((4 * 320, 4 * 240), 4 * row + 1.5)
    v, u = np.mgrid[0 : fine.height, 0 : fine.width].astype(np.float32)
    x, z, w = apply_homography(fine.ground_from_pixel(), u, v)
    tufts = np.random.default_rng(7).normal(0, 24, (512, 512)).astype(np.float32)
    shade = cv2.remap(tufts, (x * 12) % 511, (z * 12) % 511, cv2.INTER_LINEAR)[:, :, None]
    ground = np.clip(floats([92, 128, 60]) + shade, 0, 255)
    photo = np.where(w[:, :, None] > 0, ground, floats([168, 196, 226]))
    return cv2.resize(photo, (320, 240), interpolation=cv2.INTER_AREA).astype(np.uint8)


@pytest.mark.parametrize("row", [60.0, 96.0, 120.0])
def test_the_end_of_a_lawn_tells_the_horizon_roughly(row):
    turn = np.linspace(0, 2 * np.pi, 30)
    round_zone = (2 * np.cos(turn), 0.0, 5 + 2 * np.sin(turn))  # without a corner
    u, v, _ = camera(horizon=row).project(*map(floats, round_zone))
    found = estimate_horizon(lawn(row), np.asarray(zone(np.stack([u, v], 1))), camera().focal)
    # Where the sky ends, trees and houses are expected to stand before the horizon.
    assert row - 6 < found.row < row + 30
