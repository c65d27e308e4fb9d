"""A variation reuses the horizon of its photo, and nothing of its picture depends on that."""

import numpy as np

from integrations.engine import EmbeddedRenderer, RoomType
from integrations.engine.recall import RecentHorizons, recent_horizons
from tests.engine.scenes import garden, zone

FOCAL = 256.0


def seen(horizon=96.0):
    return np.asarray(garden(horizon=horizon)), np.asarray(zone())


def test_the_same_photo_and_zone_are_looked_at_once():
    horizons, (photo, painted) = RecentHorizons(), seen()
    first = horizons.horizon(photo, painted, FOCAL)
    assert horizons.horizon(photo.copy(), painted.copy(), FOCAL) is first


def test_another_photo_zone_or_focal_length_is_looked_at_anew():
    horizons, (photo, painted) = RecentHorizons(), seen()
    first = horizons.horizon(photo, painted, FOCAL)
    elsewhere = np.roll(painted, 20, axis=0)
    for asked in ((255 - photo, painted, FOCAL), (photo, elsewhere, FOCAL), (photo, painted, 300)):
        assert horizons.horizon(*asked) is not first


def test_only_the_last_few_are_remembered():
    horizons, (photo, painted) = RecentHorizons(most=2), seen()
    first = horizons.horizon(photo, painted, FOCAL)
    for focal in (200.0, 210.0):
        horizons.horizon(photo, painted, focal)
    again = horizons.horizon(photo, painted, FOCAL)
    assert again is not first
    assert again == first


def test_a_picture_is_the_same_whether_its_horizon_was_known_or_not():
    def drawn(seed):
        return EmbeddedRenderer().render(garden(), zone(), RoomType.PETANQUE, seed=seed)

    recent_horizons.forget()
    cold, variation, warm = drawn(5), drawn(6), drawn(5)
    assert warm.image.tobytes() == cold.image.tobytes()
    assert variation.image.tobytes() != cold.image.tobytes()
    assert warm.horizon is variation.horizon is cold.horizon
