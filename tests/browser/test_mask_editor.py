"""The editor of a zone, by mouse, fingers and pen: what is drawn is what is sent."""

import random
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.easel import Easel, ring
from tests.browser.window import PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.looks]
SQUARE = [(0.3, 0.5), (0.7, 0.5), (0.7, 0.9), (0.3, 0.9)]


@pytest.fixture
def window(open_window: Open) -> Window:
    opened = open_window("alice")
    opened.sample_project()
    return opened


@pytest.fixture
def easel(window: Window) -> Easel:
    return Easel(window.page)


@pytest.fixture
def touched(open_window: Open) -> Easel:
    phone = open_window("alice", viewport=PHONE, has_touch=True, is_mobile=True)
    phone.sample_project()
    return Easel(phone.page)


def test_going_round_fills(easel: Easel) -> None:
    easel.drag(ring())
    (operation,) = easel.operations
    assert operation["t"] == "f" and len(operation["p"]) < 100, "simplified"
    expect(easel.page.locator("[data-state]")).to_contain_text("de la photo")
    easel.is_exact()


def test_a_click_is_no_lasso_and_is_told(easel: Easel) -> None:
    easel.click((0.5, 0.5))
    assert easel.operations == []
    expect(easel.page.locator("[data-state]")).to_contain_text("sans lâcher")


def test_going_round_twice_leaves_no_hole(easel: Easel) -> None:
    easel.drag(ring() + ring())
    easel.is_exact()
    assert easel.editor.evaluate("e => e.coverage") > 0.1


def test_each_tool_draws_what_it_says(easel: Easel) -> None:
    easel.choose("quad")
    easel.click(*SQUARE)
    assert easel.kinds == "f" and len(easel.operations[0]["p"]) == 8
    easel.choose("rectangle")
    easel.drag([(0.1, 0.1), (0.2, 0.2)])
    easel.click((0.75, 0.1), (0.9, 0.2))
    assert easel.kinds == "fff"
    easel.choose("polygon")
    easel.click((0.1, 0.4), (0.2, 0.4), (0.2, 0.6), (0.1, 0.4))
    assert easel.kinds == "ffff" and len(easel.operations[-1]["p"]) == 6
    easel.choose("brush")
    easel.drag([(0.1, 0.9), (0.2, 0.8), (0.25, 0.95)])
    easel.choose("eraser")
    easel.drag([(0.5, 0.45), (0.5, 0.95)])
    assert easel.kinds == "ffffss" and easel.operations[-1]["x"] == 1
    easel.is_exact()
    easel.press("invert")
    easel.is_exact()


def test_a_dot_is_a_whole_disc(easel: Easel) -> None:
    easel.choose("brush")
    easel.click((0.5, 0.5))
    assert len(easel.operations[0]["p"]) == 2
    easel.is_exact(least=0.98)
    assert easel.editor.evaluate("e => e.coverage") > 0.001


def test_the_other_button_erases_with_any_tool(easel: Easel) -> None:
    easel.drag(ring())
    easel.drag(ring(across=0.1, down=0.05), button="right")
    assert [operation.get("x") for operation in easel.operations] == [None, 1]
    easel.is_exact()


def test_a_ring_of_the_brush_can_be_filled(easel: Easel) -> None:
    easel.choose("brush")
    easel.drag(ring())
    easel.page.get_by_role("button", name="Remplir l’intérieur").click()
    assert easel.kinds == "sf"
    easel.is_exact()
    expect(easel.page.locator("[data-act=fill]")).to_be_hidden()


def test_a_corner_can_be_put_elsewhere(easel: Easel) -> None:
    easel.choose("quad")
    easel.click(*SQUARE)
    before = easel.operations
    easel.drag([SQUARE[2], (0.8, 0.92), (0.9, 0.95)])
    assert easel.kinds == "f" and easel.operations != before
    assert easel.operations[0]["p"][4] == pytest.approx(0.9 * easel.size[0], abs=3)
    easel.press("undo")
    assert easel.operations == []


def test_zoomed_and_moved_it_is_the_same_zone(easel: Easel) -> None:
    for _ in range(3):
        easel.press("closer")
    easel.choose("hand")
    easel.drag([(0.5, 0.5), (0.47, 0.43)])
    easel.choose("lasso")
    assert easel.editor.evaluate("e => e.view.zoom") > 3
    easel.drag(ring(0.52, 0.55, 0.08, 0.05))
    easel.is_exact(least=0.995)
    points = easel.operations[0]["p"]
    assert min(points[::2]) == pytest.approx(0.436 * easel.size[0], abs=6)


def test_a_turned_phone_changes_nothing(touched: Easel) -> None:
    touched.finger(ring())
    before = touched.png()
    touched.page.set_viewport_size({"width": PHONE["height"], "height": PHONE["width"]})
    touched.editor.scroll_into_view_if_needed()
    touched.finger(ring(0.3, 0.3, 0.1, 0.1))
    assert touched.kinds == "ff"
    touched.is_exact()
    touched.press("undo")
    assert touched.png() == before


def test_a_finger_goes_round(touched: Easel) -> None:
    touched.finger(ring())
    assert touched.kinds == "f"
    touched.is_exact()


def test_two_fingers_zoom_and_leave_nothing(touched: Easel) -> None:
    left, right = touched.at((0.4, 0.5)), touched.at((0.6, 0.5))
    touched.touch("Start", left)
    touched.touch("Move", (left[0] - 2, left[1]))
    touched.touch("Start", left, right)
    for step in range(1, 10):
        touched.touch("Move", (left[0] - 8 * step, left[1]), (right[0] + 8 * step, right[1]))
    touched.touch("End")
    assert touched.operations == []
    assert touched.editor.evaluate("e => e.view.zoom") > 1.5


def test_two_fingers_that_tap_undo(touched: Easel) -> None:
    touched.finger(ring())
    touched.touch("Start", touched.at((0.4, 0.5)), touched.at((0.6, 0.5)))
    touched.touch("End")
    assert touched.operations == []


def test_a_second_finger_late_in_a_stroke_keeps_it(touched: Easel) -> None:
    places = [touched.at(place) for place in ring()]
    touched.touch("Start", places[0])
    for place in places[1:]:
        touched.touch("Move", place)
    touched.page.wait_for_timeout(300)
    touched.touch("Start", places[-1], touched.at((0.9, 0.1)))
    touched.touch("End")
    assert touched.kinds == "f"


def test_a_call_that_comes_in_loses_nothing(touched: Easel) -> None:
    places = [touched.at(place) for place in ring()]
    touched.touch("Start", places[0])
    for place in places[1:]:
        touched.touch("Move", place)
    touched.touch("Cancel")
    assert touched.kinds == "f"


def test_where_there_is_a_pen_a_palm_paints_nothing(touched: Easel) -> None:
    touched.pen(ring())
    assert touched.kinds == "f"
    touched.is_exact()
    touched.finger(ring(0.3, 0.3, 0.1, 0.1))
    assert touched.kinds == "f"


@pytest.mark.parametrize("seed", range(4))
def test_any_way_through_the_history(easel: Easel, seed: int) -> None:
    """Fifty sequences each, against two lists."""
    chance = random.Random(seed)
    for _ in range(50):
        done: list[Any] = []
        undone: list[Any] = []
        steps = [chance.choice(["add", "undo", "redo", "clear"]) for _ in range(30)]
        for number, step in enumerate(steps):
            fresh = {"t": "c"} if step == "clear" else {"t": "s", "r": 5, "p": [number, seed]}
            if step == "undo" and done:
                undone.append(done.pop())
            elif step == "redo" and undone:
                done.append(undone.pop())
            elif step == "add" or (step == "clear" and done):
                done, undone = [*done, fresh], []
        assert easel.editor.evaluate(REPLAY, [steps, seed]) == done
        easel.editor.evaluate("editor => editor.operations.restore([])")


REPLAY = """(editor, [steps, seed]) => {
  steps.forEach((step, number) => {
    if (step === "add") editor.add({ t: "s", r: 5, p: [number, seed] });
    else editor[step]();
  });
  return editor.operations.list;
}"""


def test_after_a_reload_the_zone_is_there(window: Window, easel: Easel) -> None:
    easel.drag(ring())
    window.page.wait_for_timeout(600)
    before = easel.operations
    window.page.reload()
    assert Easel(window.page).operations == before


def test_what_is_stored_from_elsewhere_breaks_nothing(window: Window, easel: Easel) -> None:
    with window.page.expect_response("**/brouillon"):
        easel.drag(ring())
    before = easel.operations
    for text in ["[", "7", '[{"t": "f"}]', '9:[{"t": "f", "p": ["a", 1]}]', '9:8:7:[{"t": "f"}]']:
        window.page.evaluate(
            "text => Object.keys(localStorage).forEach(key => localStorage.setItem(key, text))",
            text,
        )
        window.page.reload()
        assert Easel(window.page).operations == before, "as the server has it"
