"""What is built follows the zone: to its corners, and on beyond the picture's frame."""

import numpy as np
import pytest
from PIL import Image

from integrations.engine import Hints, RoomType, render
from integrations.engine.framing import continued
from integrations.engine.mitres import light_in_mitres, mitres_of
from integrations.engine.plan import make_plan
from integrations.engine.rasters import floats
from integrations.engine.shapes import corners_of, shape_of
from integrations.engine.tracing import outline_in_plan
from tests.engine.scenes import camera, garden, pixels, zone

SIZE, HORIZON = (640, 480), 190
HINTS = Hints(horizon_row=HORIZON)
ZONES = {
    "in the middle": [(220, 270), (430, 270), (524, 410), (120, 410)],
    "skewed": [(200, 280), (470, 262), (560, 400), (90, 430)],
    "six corners": [(200, 270), (330, 262), (450, 280), (540, 380), (330, 440), (110, 400)],
    "beyond the left border": [(0, 300), (300, 262), (520, 330), (330, 470), (0, 400)],
    "beyond the foot": [(230, 280), (440, 280), (600, 479), (60, 479)],
}


@pytest.mark.parametrize("name", ZONES)
def test_a_deck_covers_its_zone_to_the_corners(name):
    photo, mask = garden(SIZE, HORIZON), zone(ZONES[name], SIZE)
    drawn = render(photo, mask, RoomType.TERRACE, seed=2, style="ipe", hints=HINTS).image
    changed = np.abs(pixels(drawn) - pixels(photo)).max(axis=2)[pixels(mask) > 0] > 10
    assert changed.mean() > 0.9


@pytest.mark.parametrize(
    ("name", "border"),
    [("beyond the left border", np.s_[:, 0]), ("beyond the foot", np.s_[-1])],
    ids=["left", "foot"],
)
def test_a_deck_that_the_frame_cuts_has_no_edge_along_the_frame(name, border):
    photo, mask = garden(SIZE, HORIZON), zone(ZONES[name], SIZE)
    drawn = render(photo, mask, RoomType.TERRACE, seed=2, style="ipe", hints=HINTS).image
    change = np.abs(pixels(drawn) - pixels(photo)).max(axis=2)[border]
    assert np.mean(change[pixels(mask)[border] > 0] > 10) > 0.85


def test_a_side_that_meets_the_frame_goes_on_in_its_own_direction():
    polygon = floats([[0, 300], [300, 200], [300, 400], [0, 420]])
    moved = continued(polygon, (480, 640), 40)
    for inner, outer in ((1, 0), (2, 3)):
        before = polygon[outer] - polygon[inner]
        after = moved[outer] - polygon[inner]
        assert moved[outer, 0] < -30
        assert before[0] * after[1] == pytest.approx(before[1] * after[0])
    assert np.array_equal(moved[1:3], polygon[1:3])


def test_a_zone_over_the_whole_frame_goes_on_on_every_side():
    moved = continued(floats([[0, 0], [639, 0], [639, 479], [0, 479]]), (480, 640), 40)
    assert np.array_equal(moved, [[-40, -40], [679, -40], [679, 519], [-40, 519]])


def test_a_small_second_part_that_a_pool_leaves_is_told_of():
    mask = np.maximum(pixels(zone(ZONES["in the middle"], SIZE)), 0).astype(np.uint8)
    mask[300:360, 560:630] = 255
    results = {
        kind: render(garden(SIZE, HORIZON), Image.fromarray(mask), kind, seed=2, hints=HINTS)
        for kind in (RoomType.POOL, RoomType.TERRACE)
    }
    told = {kind: {w.code for w in result.warnings} for kind, result in results.items()}
    assert "zone_partly_built" in told[RoomType.POOL]
    assert "zone_partly_built" not in told[RoomType.TERRACE]


def test_the_sides_of_a_free_form_do_not_waver():
    """Round a convex outline one turns once: whatever it turns more are waves along its sides."""
    size = (1024, 768)
    mask = zone([(102, 507), (563, 507), (635, 706), (20, 706)], size)
    plan = make_plan(np.asarray(mask), camera(size, 373))
    outline = outline_in_plan(plan.inside(np.asarray(mask)), plan, 1.0, one_part=True)[0]
    side = np.roll(outline, -1, axis=0) - outline
    heading = np.arctan2(side[:, 1], side[:, 0])
    turns = np.angle(np.exp(1j * (np.roll(heading, -1) - heading)))
    assert np.abs(turns).sum() < 1.2 * 2 * np.pi


def square():
    plan = make_plan(np.asarray(zone(ZONES["in the middle"], SIZE)), camera(SIZE, HORIZON))
    return plan, floats([[1, 1], [3, 1], [3, 3], [1, 3]])


def test_corners_are_told_from_curves():
    _, corners = square()
    assert len(corners_of([corners])) == 4
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    assert corners_of([floats(np.stack([np.cos(turn), np.sin(turn)], 1))]) == ()


def test_the_courses_of_an_edging_meet_on_the_diagonal():
    plan, corners = square()
    mitres = mitres_of(shape_of(plan, [corners]), 0.3)
    assert len(mitres) == 4
    s, t, spot = floats([1.1, 1.2, 1.2]), floats([1.1, 1.2, 1.1]), floats([0.002] * 3)
    light = light_in_mitres(mitres, 0.5, s, t, spot)
    assert light[:2].max() < 0.6
    assert light[2] == 1
