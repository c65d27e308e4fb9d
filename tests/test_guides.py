"""Commands that a page of docs/ names are there, with the options that it gives them."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from deploy import bootstrap
from deploy.tree import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Up to where a shell, or a page, ends a command.
COMMAND = re.compile(r"manage\.py ([a-z_]+)((?: (?!&&|#|\\)[^\s`'|]+)*)")
SERVED = re.compile(r"systemctl (?:enable --now|start|stop|restart) ((?:parterre-[\w.]+ ?)+)")
GUIDES = [ROOT / "docs/upgrading.md", ROOT / "docs/operating.md"]


def words(paths: list[Path], pattern: re.Pattern[str]) -> list[tuple[str, ...]]:
    found = {match for path in paths for match in pattern.findall(path.read_text())}
    return sorted(match if isinstance(match, tuple) else (match,) for match in found)


@pytest.mark.parametrize("name", sorted({name for name, _rest in words(PAGES, COMMAND)}))
def test_each_command_exists(name: str) -> None:
    assert name in get_commands()


@pytest.mark.parametrize(("name", "rest"), words([ROOT / "docs/upgrading.md"], COMMAND), ids=str)
def test_the_upgrade_s_commands_take_their_options(name: str, rest: str) -> None:
    app = get_commands()[name]
    command = load_command_class(str(app), name)
    command.create_parser("manage.py", name).parse_args(shlex.split(rest))


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_each_unit_and_set_exists(page: Path) -> None:
    units = [name for (names,) in words([page], SERVED) for name in names.split()]
    assert len(units) >= 3
    for unit in units:
        file = unit if "." in unit else f"{unit}.service"
        assert (ROOT / "deploy/systemd" / file).is_file(), unit
    sets = re.findall(r"deploy/bootstrap\.py ((?:\w+ ?)+)", page.read_text())
    assert sets and all(bootstrap.requirements(name).is_file() for name in sets[0].split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_link_leads_to_a_page(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []
