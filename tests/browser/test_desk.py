"""The desk in a browser: from an id that was pasted to a refund, and its pages for whoever reads
them by other means."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.window import DESKTOP, PHONE
from tests.stack import Stack

pytestmark = pytest.mark.browser
WHY = "la cour est toute grise"
# A picture that was charged, in an agency of its own, and a proposal that Dana may confirm.
PLANTED = """
import json
from uuid import UUID
from accounts.models import Membership, User
from accounts.staff import proposals
from accounts.staff.command import Press, command_named
from accounts.staff_roles import give_role
from integrations.iacrea.onboarding import open_agency
from tests.conftest import Cast
from tests.garden import succeeded_generation
opened = open_agency(
    name="Paysages Dubois", owner_email="dubois@example.org", owner_name="Dubois", photos=20,
    iacrea_api_key="of-dubois",
)
owner = Membership.objects.select_related("agency", "user").get(agency_id=UUID(opened.agency_id))
job = succeeded_generation(Cast(owner.agency, owner, "", ""), "upstream-of-dubois")
erin = User.objects.create_user("erin@parterre.example", name="Erin")
give_role(erin, "senior", actor_id="", reason="a test")
command = command_named("grant_photos")
form = command.form_class(
    {"photos": "60", "mode": "live", "code": "courtesy", "reason": "x", "once": str(job.pk)}
)
assert form.is_valid()
proposals.propose(command, job.agency, Press(str(erin.pk), "une panne", form.cleaned_data))
print("PLANTED", json.dumps({"id": str(job.pk), "agency": job.agency.name}))
"""


@pytest.fixture(scope="module")
def planted(stack: Stack, sessions: dict[str, Any]) -> dict[str, str]:
    """In the stack, of which other tests need that nothing waits or fails in it."""
    printed = stack.manage("shell", "--no-imports", "-c", PLANTED)
    found: dict[str, str] = json.loads(printed.partition("PLANTED ")[2])
    return found


@pytest.fixture
def desk(open_window: Open, planted: dict[str, str]) -> Iterator[Page]:
    window = open_window("dana", language="en")
    window.page.goto("/admin/")
    yield window.page


def available(page: Page, agency: str) -> int:
    """As the agency's own page says it."""
    page.goto("/admin/chercher?q=" + agency)
    page.get_by_role("link", name=agency).first.click()
    table = page.locator("h2:text-is('Photos') + table")
    return int(table.locator("tbody tr", has_text="Live").locator("td").first.inner_text())


def test_from_a_pasted_id_to_a_refund(desk: Page, planted: dict[str, str]) -> None:
    before = available(desk, planted["agency"])
    desk.goto("/admin/")
    acted = 0
    expect(desk.locator("#find")).to_be_focused()
    desk.keyboard.insert_text(planted["id"][:8])
    desk.keyboard.press("Enter")
    acted += 1
    desk.get_by_role("link", name="Give the charged photos back").click()
    acted += 1
    expect(desk.locator(".effects")).to_contain_text(f"{before} → {before + 1}")
    desk.locator("#id_code").select_option("outage")
    acted += 1
    desk.locator("#id_reason").fill(WHY)
    acted += 1
    desk.get_by_role("button", name="Give the charged photos back").click()
    acted += 1
    expect(desk.locator(".messagelist")).to_contain_text("done")
    expect(desk.locator(".story")).to_contain_text("Dana gave its photos back.")
    assert acted <= 5 and available(desk, planted["agency"]) == before + 1


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["360", "1280"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.looks
def test_nobody_is_kept_out(
    open_window: Open, planted: dict[str, str], viewport: dict[str, int], language: str
) -> None:
    window = open_window("dana", language=language, viewport=viewport)
    page = window.page
    job = planted["id"]
    pages = {
        "search": "/admin/chercher?q=paysages",
        "generation": f"/admin/projects/generation/{job}/change/",
        "command": f"/admin/commande/retry_free/{job}",
        "proposals": "/admin/propositions",
    }
    for name, address in pages.items():
        page.goto(address)
        assert window.problems == [], name
        assert violations(page) == [], name
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], name
