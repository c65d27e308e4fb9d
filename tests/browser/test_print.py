"""A project's page on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.scenes import with_job
from tests.browser.window import DESKTOP

pytestmark = [pytest.mark.browser, pytest.mark.looks]
CHROME = ".top, .foot, .back, .side, .skip, button, .button, .positions, .handle, [data-before]"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_has_the_name_and_the_picture(open_window: Open, scheme: str) -> None:
    maker = open_window("alice", java_script_enabled=False)
    project = with_job(maker, "Famille Leroy", "POOL", "[data-compare]")
    page = open_window("alice", color_scheme=scheme, viewport=DESKTOP).page
    page.goto(project)
    expect(page.locator("[data-compare].on")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Famille Leroy")).to_be_visible()
    expect(page.locator("img[data-after], [data-after] img")).to_be_visible()
    assert [seen for seen in page.locator(CHROME).all() if seen.is_visible()] == []
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
