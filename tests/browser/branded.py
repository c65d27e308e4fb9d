"""An agency's branding as a person sets it, on its page."""

from io import BytesIO

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, expect

from integrations.doors.typeface import drawing_font
from tests.browser.window import Window


def logo() -> FilePayload:
    """A wordmark on nothing."""
    image = Image.new("RGBA", (900, 240), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 30, 200, 210), fill="#b4235a")
    draw.text((240, 120), "Jardins Olga", "#b4235a", drawing_font(100, bold=True), anchor="lm")
    out = BytesIO()
    image.save(out, "PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()}


def brand(window: Window, *, accent: str = "#ffcc00") -> None:
    """Chosen and saved; the page shows it then."""
    page = window.page
    page.goto("/marque")
    page.locator("#id_logo").set_input_files(logo())
    page.locator("#id_accent").fill(accent)
    page.locator("#id_contact").fill("Olga Marchand, 04 66 12 34 56")
    page.locator("#id_footer").fill("12, rue des Vignes, 30000 Nîmes\nSIRET 123 456 789 00012")
    page.locator("form:has(#id_logo) .actions button").click()
    expect(page.locator(".logo img")).to_be_visible()
