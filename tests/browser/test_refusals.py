"""When it does not go well: what the page says of it, of the photos, and of what to do."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cast import let_end
from tests.browser.conftest import Open
from tests.browser.window import PICTURE_MS, Window
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]


def ready_made_pool(window: Window) -> None:
    """On a zone page: a zone and a type, and nothing sent yet."""
    window.press("Toute faite")
    window.page.get_by_text("Piscine", exact=True).click()


def photos_left(page: Page) -> int:
    return int(page.locator("#photos-left").inner_text().split()[0])


def test_a_failed_picture_gives_its_photo_back(stack: Stack, open_window: Open) -> None:
    let_end(stack, "alice")
    stack.set_faults([{"call": "job", "action": "fail"}])
    window = open_window("alice")
    page = window.page
    window.sample_project()
    before = photos_left(page)
    ready_made_pool(window)
    window.press("Créer l’image")
    note = page.locator(".failed-note")
    expect(note).to_contain_text("Piscine · Échec", timeout=PICTURE_MS)
    expect(note).to_contain_text("1 photo rendue automatiquement.")
    expect(page.locator("#photos-left")).to_have_text(f"{before} photos restantes")
    window.is_sound()
    note.get_by_role("link", name="Redessiner la zone").click()
    expect(page.locator("mask-editor")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_two_clicks_make_one_picture(stack: Stack, open_window: Open, script: bool) -> None:
    """With JavaScript the second one is not sent; without, the server knows the form by its id."""
    window = open_window("alice", java_script_enabled=script)
    page = window.page
    project = window.sample_project().split("/")[2]
    if script:
        window.press("Toute faite")
    page.get_by_text("Piscine", exact=True).click()
    page.get_by_role("button", name="Créer l’image").dblclick()
    expect(page.locator(".generations li")).to_have_count(2)  # the photo and the job
    assert stack.read(f"Generation.objects.filter(project={project!r}).count()") == "1"


def test_without_photos_the_button_says_so(open_window: Open) -> None:
    window = open_window("charlie")
    window.sample_project()
    expect(window.page.locator("#price")).to_contain_text("Plus assez de photos")
    button = window.page.get_by_role("button", name="Demandez des photos au support")
    expect(button).to_be_disabled()
    window.is_sound()


def test_a_file_that_is_no_photo_is_refused_on_its_page(open_window: Open) -> None:
    """Without JavaScript; with it, tests/browser/test_connection.py."""
    window = open_window("alice", java_script_enabled=False)
    window.expected = {422}
    page = window.page
    page.goto("/projets/nouveau")
    quote = {"name": "devis.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.4"}
    page.locator("#id_photo").set_input_files(quote)
    page.locator("#id_title").fill("Famille Petit")
    window.press("Continuer")
    refusal = page.get_by_role("alert").first
    expect(refusal).to_contain_text("Le projet n’a pas été créé")
    expect(refusal).to_contain_text("Choisissez un fichier JPEG, PNG, WebP ou HEIC")
    expect(refusal).to_be_focused()
    expect(page.locator("#id_title")).to_have_value("Famille Petit")
    window.is_sound()


def test_without_a_zone_nothing_is_sent_and_the_way_is_shown(open_window: Open) -> None:
    window = open_window("alice")
    window.expected = {422}
    window.sample_project()
    window.page.get_by_text("Terrasse", exact=True).click()
    window.press("Créer l’image")
    refusal = window.page.get_by_role("alert").first
    expect(refusal).to_contain_text("L’image n’a pas été lancée")
    expect(refusal).to_contain_text("Aucune photo n’a été utilisée.")
    expect(window.page.locator("input[value=TERRACE]")).to_be_checked()
    refusal.get_by_role("link", name="Dessinez la zone").click()
    expect(window.page.locator("mask-editor")).to_be_in_viewport()
