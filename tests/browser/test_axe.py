"""Nothing on any page is a known barrier, and each keeps to the content policy."""

import pytest

from tests.browser.axe import LOOKS, Look, turns, violations
from tests.browser.conftest import Open
from tests.browser.scenes import Projects, Scene, make_projects
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.looks]
# `pytest -k` finds a scene by its name.
TURNS = [pytest.param(scene, look, id=f"{scene.name}-{look}") for scene, look in turns()]


@pytest.fixture(scope="package")
def kept() -> list[Projects]:
    return []


@pytest.fixture
def projects(stack: Stack, open_window: Open, kept: list[Projects]) -> Projects:
    if not kept:
        kept.append(make_projects(stack, open_window("rosa", java_script_enabled=False)))
    return kept[0]


@pytest.mark.parametrize(("scene", "look"), TURNS)
def test_axe_finds_nothing_and_it_fits(
    open_window: Open, projects: Projects, scene: Scene, look: Look
) -> None:
    """A breach of the policy and another host are problems of the window."""
    window = open_window(scene.who, language=look.language, **look.options)
    scene.show(window, projects)
    window.is_sound()
    assert violations(window.page) == []


def test_all_looks_are_there() -> None:
    assert {look for _, look in turns()} == set(LOOKS)


def test_axe_would_find_a_barrier(open_window: Open) -> None:
    window = open_window()
    window.page.goto("/comptes/login/")
    window.page.evaluate("document.documentElement.removeAttribute('lang')")
    window.page.evaluate("document.querySelector('#id_login').style.height = '8px'")
    assert any(found.startswith("html-has-lang") for found in violations(window.page))
