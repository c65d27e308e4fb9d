"""How much the corners of a zone may say of the horizon."""

import numpy as np
import pytest

from integrations.engine.camera import Camera
from integrations.engine.squareness import corner_score
from tests.engine.scenes import zone

SIZE = WIDTH, HEIGHT = (640, 480)
ROWS = np.linspace(-40, 240, 57)


def score_by_row(polygon):
    cameras = [Camera(*SIZE, 0.8 * WIDTH, float(row)) for row in ROWS]
    return corner_score(cameras, np.asarray(zone(polygon, SIZE)))


def seen_rectangle(row, degrees):
    """3 m by 4 m of ground, turned, as a camera with that horizon sees it."""
    seen_by, turn = Camera(*SIZE, 0.8 * WIDTH, row), np.deg2rad(degrees)
    x, z = np.array([(-1.5, -2), (1.5, -2), (1.5, 2), (-1.5, 2)]).T
    turned = x * np.cos(turn) - z * np.sin(turn), x * np.sin(turn) + z * np.cos(turn) + 5
    u, v, _ = seen_by.project(turned[0].astype(np.float32), 0.0, turned[1].astype(np.float32))
    return np.stack([u, v], 1)


@pytest.mark.parametrize("row", [100.0, 180.0])
@pytest.mark.parametrize("degrees", [0, 30])
def test_a_rectangle_on_the_ground_tells_its_horizon(row, degrees):
    score = score_by_row(seen_rectangle(row, degrees))
    assert ROWS[np.argmax(score)] == pytest.approx(row, abs=15)
    assert score[np.abs(ROWS - row) > 90].max() < -0.5


def test_sides_that_converge_by_habit_do_not_outweigh_the_rest():
    """Drawn like a carpet in a picture book: the sides meet at 22 % of the height, on the roof."""
    carpet = [(0.30, 0.66), (0.78, 0.66), (0.90, 0.86), (0.20, 0.86)]
    score = score_by_row([(x * WIDTH, y * HEIGHT) for x, y in carpet])
    assert score[np.argmin(np.abs(ROWS - 0.45 * HEIGHT))] > -2.5
    assert ROWS[np.argmax(score)] < 0.3 * HEIGHT
