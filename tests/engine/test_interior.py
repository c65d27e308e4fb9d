"""The field's inner part is drawn without looking for edges: nobody may see where it begins."""

import numpy as np
import pytest

from integrations.engine import RoomType, filling, interior, render
from integrations.engine.raycasting import Part
from tests.engine.scenes import garden, pixels, zone


@pytest.fixture
def shares(monkeypatch):
    """Of the pixels asked for, how many were drawn as the field's inner part, strip by strip."""
    told, fill = [], filling.fill

    def told_fill(strip, inner, wanted, density, out):
        done = fill(strip, inner, wanted, density, out)
        told.append(done.sum() / wanted.sum())
        return done

    monkeypatch.setattr("integrations.engine.sampling.fill", told_fill)
    return told


@pytest.mark.parametrize("room_type", RoomType, ids=str)
def test_looking_at_every_pixel_closely_shows_the_same(room_type, shares, monkeypatch):
    quick = pixels(render(garden(), zone(), room_type, seed=5).image)
    assert max(shares) > 0.1
    monkeypatch.setattr(interior, "AWAY", 1e6)
    close = pixels(render(garden(), zone(), room_type, seed=5).image)
    assert shares[-1] == 0
    step = np.abs(quick - close)[np.asarray(zone()) > 0]
    assert step.mean() < 0.5 and np.quantile(step, 0.99) <= 6


def test_open_ground_is_told_from_the_field():
    part = np.full((8, 8), Part.GROUND, np.uint8)
    part[2:7, 2:7] = Part.FIELD
    cells = np.zeros((8, 8), np.float32)
    inner = interior.Interior((30, 32), part, cells, cells)
    field = inner.pixels(Part.FIELD)
    assert field.shape == (30, 32) and field[12:24, 12:24].all() and field.sum() == 12 * 12
    assert not (field & inner.pixels(Part.GROUND)).any()
