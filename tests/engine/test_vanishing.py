"""Segments that point to a vanishing point, and photos made small to look at."""

import cv2
import numpy as np
import pytest

from integrations.engine.rasters import floats, shrunk
from integrations.engine.segments import Segments
from integrations.engine.vanishing import _matches


def segment(degrees):
    """One at (400, 300), turned by so much from the direction to (600, 300)."""
    turn = np.deg2rad(degrees)
    direction = floats([[np.cos(turn), np.sin(turn)]])
    return Segments(floats([[400, 300]]), direction, floats([1]))


@pytest.mark.parametrize(
    ("degrees", "share"), [(0, 1.0), (0.5, 0.78), (1, 0.37), (-1, 0.37), (2, 0.03), (90, 0.0)]
)
@pytest.mark.parametrize("weight", [1.0, 1e-3], ids=["near", "in homogeneous pixels"])
def test_a_segment_counts_the_less_the_more_it_points_beside(degrees, share, weight):
    point = floats([[600 * weight, 300 * weight, weight]])
    assert _matches(segment(degrees), point)[0, 0] == pytest.approx(share, abs=0.015)


def test_a_vanishing_point_at_infinity_is_a_direction():
    assert _matches(segment(0), floats([[1, 0, 0]]))[0, 0] == pytest.approx(1)
    assert _matches(segment(0), floats([[0, 1, 0]]))[0, 0] < 1e-6


@pytest.mark.parametrize("size", [(480, 360), (200, 150), (120, 90)])
@pytest.mark.parametrize("shape", [(768, 1024, 3), (555, 741, 3), (384, 512)])
def test_a_photo_is_made_small_by_its_mean(shape, size):
    noise = np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)
    photo = cv2.GaussianBlur(noise, (0, 0), 5)
    small, mean = shrunk(photo, size), cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    off = np.abs(small.astype(int) - mean)
    assert small.shape == mean.shape
    assert off.mean() < 1.5
    assert off.max() <= 8
