"""The drawing in docs/architecture.md shows each process that operators start, light and dark."""

import re
from xml.etree import ElementTree

from deploy.tree import ROOT

DRAWING = ROOT / "docs/pictures/architecture.svg"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_shows_it() -> None:
    assert f"](pictures/{DRAWING.name})" in (ROOT / "docs/architecture.md").read_text()


def test_each_process_is_drawn() -> None:
    tree = ElementTree.parse(DRAWING)
    texts = " ".join("".join(node.itertext()) for node in tree.iter(f"{SVG}text"))
    units = (ROOT / "deploy/systemd").glob("parterre-*.service")
    processes = {path.stem.removeprefix("parterre-") for path in units} - {"backup"}
    assert processes == {"web", "worker", "engine"}
    for name in (*processes, "PostgreSQL", "Redis", "S3", "iacrea", "webhooks", "mail server"):
        assert name in texts, name


def test_each_colour_has_one_for_the_dark() -> None:
    light, dark = DRAWING.read_text().split("@media (prefers-color-scheme: dark)")
    coloured = set(re.findall(r"\.(\w+) \{[^}]*#", light))
    assert len(coloured) > 10 and coloured == set(re.findall(r"\.(\w+) \{[^}]*#", dark))
