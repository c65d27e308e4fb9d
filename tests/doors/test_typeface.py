"""The typeface is the very one that NOTICE and its README name, and it has our letters."""

import hashlib
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from deploy.tree import ROOT
from integrations.doors import typeface
from integrations.doors.typeface import BOLD, REGULAR, drawing_font

# What French and its neighbours are set with, and prices and sizes.
LETTERS = "àâäæçéèêëîïôœöùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛŸñßøłŁőșč«»‹›’‘“”–—…•·×²³€£°½±≈−\N{NO-BREAK SPACE}"


@pytest.mark.parametrize("path", [REGULAR, BOLD], ids=lambda path: path.stem)
def test_the_files_are_the_ones_that_are_named(path: typeface.Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"`{digest}` {path.stem.removeprefix('OpenSans-')}" in readme()
    assert path.stat().st_size <= 400_000


def test_the_licence_lies_beside_them() -> None:
    licence = (typeface.FOLDER / "LICENSE.txt").read_text()
    assert licence == (ROOT / "LICENSE").read_text() and "Apache License" in licence
    assert "integrations/doors/fonts/*.ttf" in (ROOT / "NOTICE").read_text()
    assert "fonts-open-sans 1.11-2" in (ROOT / "NOTICE").read_text().replace("\n    ", " ")


@pytest.mark.parametrize("path", [REGULAR, BOLD], ids=lambda path: path.stem)
def test_it_has_our_letters(path: typeface.Path) -> None:
    known = TTFont(path).getBestCmap()
    assert [letter for letter in LETTERS if ord(letter) not in known] == []


def test_sizes_and_weights_for_pictures() -> None:
    widths = [drawing_font(size).getlength("Après") for size in (12, 24, 48)]
    assert all(1.8 < large / small < 2.2 for small, large in pairwise(widths))
    assert drawing_font(24, bold=True).getlength("Après") > widths[1]
    assert drawing_font(24).getname() == ("Open Sans", "Regular")


def test_an_accent_is_drawn() -> None:
    """Pillow's own font draws the same box for each accented letter."""
    drawn = {bytes(drawing_font(24).getmask(letter)) for letter in "eéèê"}
    assert len(drawn) == 4


def readme() -> str:
    return (typeface.FOLDER / "README.md").read_text()
