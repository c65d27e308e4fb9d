"""The coping fits the pool: a small basin between wide stones looks like a paddling pool."""

import pytest

from integrations.engine.pool import SMALLEST, coping_width


def test_a_large_pool_has_a_coping_of_a_stones_width():
    assert coping_width(2.5) == coping_width(6.0) == pytest.approx(0.33)


def test_a_small_pool_is_mostly_water():
    for half_width in (SMALLEST, 1.1, 1.5):
        assert 0.1 < coping_width(half_width) <= 0.2 * half_width + 1e-6
