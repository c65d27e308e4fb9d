"""Photos as phones take them: the zone lies where it was seen to lie, whatever the file is."""

import io
import json
import re
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.easel import Easel
from tests.browser.window import Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]
ORIENTATION = 0x0112
TURN = Image.Transpose
# How an upright photo is turned to be stored, so that its tag turns it back.
STORED = {
    2: TURN.FLIP_LEFT_RIGHT, 3: TURN.ROTATE_180, 4: TURN.FLIP_TOP_BOTTOM, 5: TURN.TRANSPOSE,
    6: TURN.ROTATE_90, 7: TURN.TRANSVERSE, 8: TURN.ROTATE_270,
}  # fmt: skip
SIZE = (640, 480)
# In parts of the upright photo, on whole blocks of a JPEG, whose edges a file keeps sharp. No way
# of turning the photo puts it on itself.
PATCH = (64 / 640, 64 / 480, 224 / 640, 208 / 480)
Mask = NDArray[np.bool_]


def upright(size: tuple[int, int] = SIZE) -> Image.Image:
    """Green, with a red patch near the corner that is seen at the top left."""
    image = Image.new("RGB", size, (90, 130, 60))
    left, top, right, bottom = PATCH
    width, height = size
    box = (left * width, top * height, right * width - 1, bottom * height - 1)
    ImageDraw.Draw(image).rectangle(box, fill=(230, 20, 20))
    return image


def jpeg(image: Image.Image, orientation: int = 1) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[ORIENTATION] = orientation
    turned = image.transpose(STORED[orientation]) if orientation > 1 else image
    turned.save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()


def heic(image: Image.Image) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, quality=90)
    return out.getvalue()


def red(image: Image.Image) -> Mask:
    """What is nearer to the patch's colour than to the lawn's: a blurred edge stays in place."""
    r, g, _b = np.moveaxis(np.asarray(image.convert("RGB")).astype(int), 2, 0)
    return r - g > 85


def choose(page: Page, data: bytes, name: str) -> None:
    kind = "image/heic" if name.endswith("heic") else "image/jpeg"
    photo: Any = {"name": name, "mimeType": kind, "buffer": data}
    page.goto("/projets/nouveau")
    page.locator("#id_photo").set_input_files(photo)
    expect(page.locator("mask-editor")).to_be_visible()


def box_over_the_patch(page: Page) -> Easel:
    """A rectangle from corner to corner of the patch, which is seen to be there."""
    easel = Easel(page)
    easel.choose("rectangle")
    easel.editor.scroll_into_view_if_needed()
    first, last = PATCH[:2], PATCH[2:]
    meant = [easel.at(first), easel.at(last)]
    assert np.abs(np.subtract(meant, seen_corners(easel))).max() < 2, "pixels of the screen"
    easel.drag([first, last, last])
    assert easel.kinds == "f"
    return easel


def seen_corners(easel: Easel) -> list[tuple[float, float]]:
    """Of what is red on the screen."""
    rows, columns = np.nonzero(red(Image.open(io.BytesIO(easel.editor.screenshot()))))
    box = easel.editor.bounding_box()
    assert box
    left, top = box["x"] + int(columns.min()), box["y"] + int(rows.min())
    return [(left, top), (left + int(np.ptp(columns)) + 1, top + int(np.ptp(rows)) + 1)]


def ask(window: Window) -> str:
    """The id of the project."""
    window.page.get_by_text("Piscine", exact=True).click()
    window.press("Créer l’image")
    expect(window.page.locator("section.running, [data-compare]").first).to_be_visible()
    return window.path.split("/")[2]


def stored(stack: Stack, projects: list[str]) -> dict[str, tuple[Image.Image, Mask]]:
    """Working image and mask of each, as the server has them."""
    jobs = f"Generation.objects.filter(project__in={projects!r})"
    rows = f"{{str(j.project_id): (j.photo.file.path, j.mask.file.path) for j in {jobs}}}"
    paths = json.loads(stack.read(f"__import__('json').dumps({rows})"))
    return {
        project: (Image.open(photo), np.asarray(Image.open(mask)) > 127)
        for project, (photo, mask) in paths.items()
    }


def lies_on_the_patch(photo: Image.Image, mask: Mask) -> None:
    """Give or take a pixel at one of its edges."""
    patch = red(photo)
    assert mask.shape == patch.shape
    assert patch.mean() == pytest.approx(0.075, abs=0.001)
    assert (mask & patch).sum() / (mask | patch).sum() >= 0.99


def test_in_all_eight_orientations_the_zone_is_on_the_patch(
    open_window: Open, stack: Stack
) -> None:
    window = open_window("olga")
    projects: dict[str, int] = {}
    for orientation in range(1, 9):
        choose(window.page, jpeg(upright(), orientation), f"photo-{orientation}.jpg")
        box_over_the_patch(window.page)
        projects[ask(window)] = orientation
    found = stored(stack, list(projects))
    assert len(found) == 8
    for project, (photo, mask) in found.items():
        assert photo.size == SIZE, projects[project]
        assert ORIENTATION not in photo.getexif(), projects[project]
        lies_on_the_patch(photo, mask)


def test_a_heic_is_drawn_on_as_soon_as_the_server_has_read_it(
    open_window: Open, stack: Stack
) -> None:
    window = open_window("olga")
    choose(window.page, heic(upright()), "IMG_0042.heic")
    box_over_the_patch(window.page)
    (found,) = stored(stack, [ask(window)]).values()
    assert found[0].size == SIZE
    lies_on_the_patch(*found)


def test_a_photo_of_48_megapixels_travels_small(open_window: Open, stack: Stack) -> None:
    window = open_window("olga")
    page, data = window.page, jpeg(upright((8000, 6000)))
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        choose(page, data, "48mp.jpg")
        assert Easel(page).size == (8000, 6000)
        box_over_the_patch(page)
    assert int(answer.value.request.all_headers()["content-length"]) < len(data) / 2
    (found,) = stored(stack, [ask(window)]).values()
    assert found[0].size == (4096, 3072)
    lies_on_the_patch(*found)


def test_on_a_slow_connection_the_photo_tells_how_far_it_is(open_window: Open) -> None:
    """And the zone can be drawn before it has arrived."""
    page = open_window("olga").page
    page.goto("/projets/nouveau")
    page.evaluate(WATCH)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    photo: Any = {"name": "12mp.jpg", "mimeType": "image/jpeg", "buffer": jpeg(lawn())}
    page.locator("#id_photo").set_input_files(photo)
    expect(page.locator("[data-progress]")).to_have_text("La photo est arrivée.")
    told: list[tuple[str, bool]] = page.evaluate("told")
    shares = [(int(found[1]), drawing) for text, drawing in told if (found := PERCENT.search(text))]
    percents = [percent for percent, _drawing in shares]
    assert percents == sorted(percents) and len(set(percents)) > 3, percents
    assert any(drawing and percent < 90 for percent, drawing in shares), shares


def lawn() -> Image.Image:
    """Of 12 megapixels and some megabytes: not so many that it would be made smaller."""
    image = upright((4000, 3000))
    image.paste(Image.effect_noise((4000, 800), 40), (0, 2200))
    return image


SLOW = {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": 500_000}
PERCENT = re.compile(r"La photo part\s: (\d+)\s%")
# What the page tells, and whether there is something to draw on then.
WATCH = """() => {
  const progress = document.querySelector("[data-progress]");
  window.told = [];
  const note = () =>
    told.push([progress.textContent, Boolean(document.querySelector("mask-editor"))]);
  new MutationObserver(note).observe(progress, { childList: true });
}"""
