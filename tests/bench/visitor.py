"""Somebody at a phone in front of the whole product: a real Chromium, signed in, and the lab in
which the pages' budgets count."""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.bench.bench import unique
from tests.browser.cast import signed_in
from tests.chromium import LAUNCH_ARGS, MISSING, find_chromium
from tests.stack import PASSWORD, ROOT, Stack

# What most landscapers hold, and a phone of the Moto G's class: a quarter of this processor, and a
# slow 4G.
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3}
MOTO_G = {"viewport": {"width": 412, "height": 823}, "device_scale_factor": 1.75}
BYTES_PER_S = 1_600_000 / 8
SLOW_4G = {
    "offline": False, "latency": 150, "downloadThroughput": BYTES_PER_S,
    "uploadThroughput": BYTES_PER_S,
}  # fmt: skip
FINGER = {"has_touch": True, "is_mobile": True, "locale": "fr-FR"}
OPEN = """
from integrations.iacrea.onboarding import open_agency
open_agency(
    name={name!r}, owner_email={email!r}, owner_name="Bench", password={password!r},
    photos=100_000, iacrea_api_key={name!r},
)
"""


@dataclass(frozen=True)
class Visitor:
    """One who has signed in, and whatever Chromium takes along."""

    name: str
    stack: Stack
    browser: Browser
    session: StorageState

    @contextmanager
    def phone(self, device: Mapping[str, Any] = PHONE) -> Iterator[Page]:
        """With an empty cache. What it asks for is on this machine, and quick."""
        options = {**device, **FINGER, "base_url": self.stack.url, "storage_state": self.session}
        context = self.browser.new_context(**options)
        try:
            yield context.new_page()
        finally:
            context.close()


@contextmanager
def visitor(stack: Stack) -> Iterator[Visitor]:
    name = unique("visitor")
    fields = {"name": name, "email": f"{name}@example.org", "password": PASSWORD}
    stack.manage("shell", "--no-imports", "-c", OPEN.format(**fields))
    with chromium() as browser:
        yield Visitor(name, stack, browser, signed_in(browser, stack, name))


@contextmanager
def chromium() -> Iterator[Browser]:
    """While it is open the database cannot be asked from here: Playwright has a loop of its own."""
    path = find_chromium()
    if path is None:
        sys.exit(MISSING.format(reason="None was found."))
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=LAUNCH_ARGS) as browser,
    ):
        yield browser


def slow_down(page: Page, times: int) -> None:
    """From here on, the processor so many times, and the network."""
    lab = page.context.new_cdp_session(page)
    lab.send("Emulation.setCPUThrottlingRate", {"rate": times})
    lab.send("Network.enable")
    lab.send("Network.emulateNetworkConditions", SLOW_4G)


@cache
def phone_photo(size: tuple[int, int]) -> bytes:
    """As large as a phone's file: the sample garden, with the grain that a camera adds."""
    garden = Image.open(ROOT / "static" / "samples" / "garden.jpg").convert("RGB")
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), 16).resize(size)
    photo = ImageChops.add(garden.resize(size), grain.convert("RGB"), offset=-128)
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=80)
    return out.getvalue()


def file_of(photo: bytes) -> Any:
    """As a file field takes it."""
    return {"name": "jardin.jpg", "mimeType": "image/jpeg", "buffer": photo}


def load() -> str:
    """Of the machine, for whoever reads a time."""
    return f"load {os.getloadavg()[0]:.0f}"
