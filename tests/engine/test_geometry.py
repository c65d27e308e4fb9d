"""A slice of `python -m tests.engine.geometry`: real photos whose cameras are known."""

import hashlib

import numpy as np
import pytest

from integrations.engine.horizon import estimate_horizon
from tests.engine.boards import CLEAR, TRUE_PITCH, drawn_pitch
from tests.engine.crops import BUILT, LAWNS, PANORAMAS, WILD, crops, deck_zone
from tests.engine.geometry import FOCAL, told

SEED = 11
SQUARE, LAWN = "potsdamer_platz", "park"


@pytest.fixture(scope="module")
def measured():
    return {scene: [told(crop) for crop in crops(scene, 3, SEED)] for scene in (SQUARE, LAWN)}


def median(results, name):
    return np.median([getattr(one, name) for one in results])


def test_the_panoramas_are_those_whose_origin_is_told():
    sums = dict(reversed(line.split()) for line in (PANORAMAS / "SHA256SUMS").open())
    files = {path.name: path.read_bytes() for path in PANORAMAS.glob("*.jpg")}
    assert {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} == sums
    assert set(sums) == {f"{scene}.jpg" for scene in BUILT + LAWNS + WILD}
    credits = (PANORAMAS / "README.md").read_text()
    assert all(f"| {name} |" in credits for name in sums)
    assert max(map(len, files.values())) < 150_000


def test_the_horizon_among_houses_is_found(measured):
    assert median(measured[SQUARE], "error") < 1.0
    assert median(measured[SQUARE], "error") < 0.5 * median(measured[SQUARE], "prior_error")


def test_the_horizon_of_a_lawn_is_found(measured):
    assert median(measured[LAWN], "error") < 2.0


def test_a_shifted_horizon_would_not_pass(measured):
    """The negative control: the same bounds hold off what is 3 degrees wrong."""
    assert median(measured[SQUARE], "wrong_error") > 2.0
    assert median(measured[LAWN], "wrong_error") > 2.0


def test_the_photo_tells_the_horizon_and_not_the_zone_alone():
    """Another photo under the same zone: what was found before is not found again."""
    first, second = crops(SQUARE, 2, SEED)
    swapped = estimate_horizon(np.ascontiguousarray(second.photo[:, ::-1]), first.zone, FOCAL)
    told_by_its_own = first.error(estimate_horizon(first.photo, first.zone, FOCAL).row)
    assert told_by_its_own < 1.0
    assert first.error(swapped.row) > told_by_its_own + 1.0


def test_a_tilted_camera_is_noticed_and_its_horizon_found():
    results = [told(crop) for crop in crops(SQUARE, 3, SEED, rolled=True)]
    assert median(results, "roll_error") < 0.5
    assert median(results, "roll_error") < 0.5 * median(results, "level_error")
    assert median(results, "error") < 1.2


def test_it_is_sure_among_houses_and_less_so_on_a_lawn(measured):
    assert median(measured[SQUARE], "confidence") > median(measured[LAWN], "confidence")


def test_boards_in_a_photo_have_their_true_width():
    (crop,) = crops(SQUARE, 1, SEED)
    camera, zone = crop.camera, deck_zone(crop.camera)
    pitch = drawn_pitch(crop.photo, zone, camera, camera.horizon_row)
    assert pitch.clearness > CLEAR
    assert pitch.metres == pytest.approx(TRUE_PITCH, rel=0.03)
    lower = camera.horizon_row + camera.focal * np.tan(np.deg2rad(1))
    assert drawn_pitch(crop.photo, zone, camera, lower).metres != pytest.approx(0.145, rel=0.05)
