"""Noise that textures and grain are made of: by seed, as rough as it was asked for, no seam."""

import numpy as np
import pytest

from integrations.engine.noise import fractal_noise, tileable_noise, value_noise, white_noise
from integrations.engine.sensor import Sensor


def rng(seed=7):
    return np.random.default_rng(seed)


def test_white_noise_is_standard_normal_and_the_seeds_own():
    values = white_noise((400, 500), rng())
    assert values.mean() == pytest.approx(0, abs=0.02)
    assert values.std() == pytest.approx(1, abs=0.02)
    assert np.array_equal(values, white_noise((400, 500), rng()))
    assert abs(np.corrcoef(values.ravel(), white_noise((400, 500), rng(8)).ravel())[0, 1]) < 0.02


@pytest.mark.parametrize("scale", [(12.0, 12.0), (3.0, 40.0), (300.0, 6.0)], ids=str)
def test_value_noise_is_as_smooth_as_its_lattice(scale):
    """Alike within a fifth of a step, and unlike three steps away, each way for itself."""
    values = value_noise(600, 900, rng(), *scale)
    assert values.shape == (600, 900)
    assert np.array_equal(values, value_noise(600, 900, rng(), *scale))
    for axis, step in enumerate(scale):
        if 12 <= step < 100:
            near, far = (alike(values, round(share * step), axis) for share in (0.2, 3))
            assert near > 0.85
            assert abs(far) < 0.35


@pytest.mark.parametrize("finest", [6.0, 9.0, 16.0], ids=str)
def test_coarse_noise_is_the_same_made_on_a_smaller_raster(finest):
    """Alike within a fifth of its finest step, of unit variance, and of the size asked for."""
    values = fractal_noise(601, 907, rng(), ((4 * finest,) * 2, (finest,) * 2))
    assert values.shape == (601, 907)
    assert values.std() == pytest.approx(1, abs=0.25)
    for axis in (0, 1):
        assert alike(values, round(finest / 5), axis) > 0.9
        assert abs(alike(values, round(12 * finest), axis)) < 0.35


def alike(values, apart, axis):
    """Correlation of the values with those so many pixels beside them."""
    first = np.take(values, range(values.shape[axis] - apart), axis)
    second = np.take(values, range(apart, values.shape[axis]), axis)
    return np.corrcoef(first.ravel(), second.ravel())[0, 1]


def test_a_tile_has_its_waves_and_no_seam():
    tile = tileable_noise(128, rng(), 16, 2.0)
    assert tile.std() == pytest.approx(1, abs=1e-3)
    across = np.abs(tile[:, 0] - tile[:, -1]).mean()
    assert across < 1.3 * np.abs(np.diff(tile, axis=1)).mean()
    assert alike(tile, 4, 1) < -0.05 < 0.05 < alike(tile, 1, 1)  # half a wave, and much less


def test_grain_has_its_strength_in_every_colour_and_no_pattern():
    grain = Sensor(0, 3.0).grain_for(np.zeros((120, 160, 3), np.float32), rng())
    assert grain.shape == (120, 160, 3)
    assert grain.std() == pytest.approx(3 * np.hypot(0.9, 0.35), rel=0.05)
    assert 0.75 < np.corrcoef(grain[:, :, 0].ravel(), grain[:, :, 2].ravel())[0, 1] < 0.95
    assert abs(alike(grain[:, :, 1], 1, 0)) < 0.05 > abs(alike(grain[:, :, 1], 1, 1))
