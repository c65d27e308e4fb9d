"""The letters of what we draw ourselves: labels on pictures, and the quote sheet.

Open Sans, kept here (`fonts/README.md`): what a server has installed differs from one to the next,
and Pillow's own font has no accents.
"""

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).parent / "fonts"
REGULAR = FOLDER / "OpenSans-Regular.ttf"
BOLD = FOLDER / "OpenSans-Bold.ttf"


@lru_cache(maxsize=32)
def drawing_font(size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
    """For Pillow's `ImageDraw`, so many pixels high. OSError when the file is gone."""
    return ImageFont.truetype(BOLD if bold else REGULAR, size)
