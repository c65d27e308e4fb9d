"""The geometry against cameras that are known. Each check fails for a horizon a little off."""

import numpy as np
import pytest

from integrations.engine import Hints, RoomType, render
from integrations.engine.camera import apply_homography
from integrations.engine.horizon import estimate_horizon
from integrations.engine.plan import make_plan
from integrations.engine.rasters import floats
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


@pytest.mark.parametrize("row", [150.0, 200.0, 240.0])
def test_the_horizon_of_a_tiled_ground_is_found(row):
    seen_by = camera((640, 480), row)
    photo = checkerboard(seen_by)
    painted = np.asarray(zone([(200, 330), (430, 330), (520, 430), (110, 430)], (640, 480)))
    found = estimate_horizon(photo, painted, seen_by.focal)
    assert found.row == pytest.approx(row, abs=6)
    assert found.confidence > 0.3


@pytest.mark.parametrize("degrees", [-3.0, 2.0])
def test_a_camera_held_askew_is_noticed(degrees):
    seen_by = camera((640, 480), 200.0, np.deg2rad(degrees))
    painted = np.asarray(zone([(200, 330), (430, 330), (520, 430), (110, 430)], (640, 480)))
    found = estimate_horizon(checkerboard(seen_by), painted, seen_by.focal)
    assert found.roll_degrees == pytest.approx(degrees, abs=0.6)
    assert found.row == pytest.approx(200, abs=10)


def board_pitch(horizon_used, seed):
    """Board pitch in metres from the strongest frequency of brightness over ground depth."""
    seen_by = camera((1024, 768), 300.0)
    u, v, _ = seen_by.project(floats([-1.5, 1.5, 1.5, -1.5]), 0.0, floats([3.2, 3.2, 7, 7]))
    painted = zone(np.stack([u, v], 1), (1024, 768))
    drawn = render(
        garden((1024, 768), 300),
        painted,
        RoomType.TERRACE,
        seed=seed,
        style="pine",
        hints=Hints(horizon_row=horizon_used),
    )
    brightness = np.asarray(drawn.image.convert("L")).astype(float)[:, 480:544].mean(axis=1)
    depth = np.arange(3.6, 6.0, 0.005)
    _, row, _ = seen_by.project(np.zeros(depth.size), 0.1, floats(depth))
    profile = np.interp(row, np.arange(brightness.size), brightness)
    profile -= np.convolve(profile, np.ones(61) / 61, mode="same")
    window = (profile * np.hanning(profile.size))[30:-30]
    spectrum = np.abs(np.fft.rfft(window, 16384))
    frequency = np.fft.rfftfreq(16384, 0.005)
    band = (frequency > 4) & (frequency < 12)
    return 1 / frequency[band][np.argmax(spectrum[band])]


ACROSS_THE_VIEW = 3  # a seed whose boards lie across the view: only those have a pitch in depth


def test_boards_are_as_wide_in_the_distance_as_they_should():
    assert board_pitch(300.0, ACROSS_THE_VIEW) == pytest.approx(0.145, rel=0.02)


def test_the_measure_of_boards_notices_a_wrong_horizon():
    assert board_pitch(280.0, ACROSS_THE_VIEW) != pytest.approx(0.145, rel=0.04)


@pytest.mark.parametrize("row", [60.0, 96.0, 120.0])
def test_the_end_of_a_lawn_tells_the_horizon_roughly(row):
    """No straight line at all: a plain lawn under a plain sky."""
    photo = np.asarray(garden(horizon=row))
    found = estimate_horizon(photo, np.asarray(zone()), camera().focal)
    assert found.row == pytest.approx(row, abs=24)
    assert found.row < 135
