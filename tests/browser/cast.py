"""The people of the browser tests, and how they come in."""

import secrets

from playwright.sync_api import Browser, StorageState

from tests.browser.window import Window
from tests.stack import JOB_S, PASSWORD, Stack, wait_until

LOCALES = {"fr": "fr-FR", "en": "en-GB"}
# Nadia, Emma and Vera are new here, Paul counts, Charlie has no photos, Lou no agency, Dana and
# Gina are support. Ines programs for Rosa's agency. Hugo is told what told.py says, Rosa's
# projects are those of scenes.py.
PHOTOS = {"Alice": 50, "Nadia": 10, "Emma": 10, "Vera": 10, "Rosa": 20, "Olga": 30,
          "Paul": 30, "Hugo": 5, "Charlie": 0}  # fmt: skip
CAST = f"""
from accounts.choices import Role
from accounts.models import Agency, User
from accounts.services import add_member
from integrations.iacrea.onboarding import open_agency
for name, photos in {PHOTOS}.items():
    open_agency(
        name=f"Jardins {{name}}", owner_email=f"{{name.lower()}}@example.org", owner_name=name,
        password={PASSWORD!r}, photos=photos, iacrea_api_key="{secrets.token_hex(4)}" + name,
    )
rosa = Agency.objects.get(name="Jardins Rosa")
ines = User.objects.create_user("ines@example.org", {PASSWORD!r}, name="Ines")
add_member(agency=rosa, user=ines, role=Role.INTEGRATOR)
User.objects.create_user("lou@example.org", {PASSWORD!r}, name="Lou")
for name in ("Dana", "Gina"):
    User.objects.create_superuser(f"{{name.lower()}}@example.org", {PASSWORD!r}, name=name)
"""


def signed_in(browser: Browser, stack: Stack, who: str) -> StorageState:
    context = browser.new_context(base_url=stack.url, locale=LOCALES["fr"])
    window = Window(context)
    window.page.goto("/comptes/login/")
    window.sign_in(f"{who}@example.org")
    state = context.storage_state()
    context.close()
    return state


def let_end(stack: Stack, who: str) -> None:
    """What an earlier test asked for: if it fails, its photo comes back while ours are counted."""
    agency = f"agency__name='Jardins {who.title()}'"
    under_way = f"Generation.objects.filter({agency}, ended_at=None).count()"
    wait_until(lambda: stack.read(under_way) == "0", JOB_S, stack.logs)
