"""What a page makes a browser fetch is counted, and limited."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from deploy import scripts
from deploy.tree import ROOT


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """It imports one of 1 kB at once and one later."""
    heavy = "".join(f"{n * n * 7919:x}" for n in range(500))
    (tmp_path / "soon.js").write_text(f'export const text = "{heavy}";\n')
    (tmp_path / "later.js").write_text('import "./soon.js";\n')
    entry = tmp_path / "entry.js"
    entry.write_text('import {\n  text,\n} from "./soon.js";\nawait import("./later.js");\n')
    return entry


def test_a_script_is_counted_with_all_that_it_imports(entry: Path) -> None:
    files = scripts.at_once([entry])
    assert {file.name for file in files} == {"entry.js", "soon.js"}
    assert {file.name for file in scripts.named(scripts.LATER, entry)} == {"later.js"}
    assert scripts.weight(files) > 1000


def test_the_pages_that_draw_are_among_those_that_are_counted() -> None:
    found = {name: scripts.at_once(files) for name, files in scripts.pages()}
    drawing = {name for name, files in found.items() if scripts.EDITOR in files}
    assert drawing == {"templates/projects/new.html", "templates/projects/zone.html"}
    assert "templates/account/login.html" in found, "by the frame of its frame"


def test_no_page_is_too_heavy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(scripts.too_heavy()) == []
    monkeypatch.setattr(scripts, "MOST", 3000)
    assert "templates/projects/detail.html" in {line.split(":")[0] for line in scripts.too_heavy()}


def test_scripts_are_served_small_and_zipped(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    written, served = ROOT / "static/js/live.js", tmp_path / "js/live.js"
    assert 0 < served.stat().st_size < 0.9 * written.stat().st_size
    assert gzip.decompress((tmp_path / "js/live.js.gz").read_bytes()) == served.read_bytes()
