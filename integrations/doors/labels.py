"""Words on pictures: white on a dark pill, which can be read on a sky and on a hedge."""

from PIL import Image, ImageDraw

from integrations.doors.typeface import drawing_font

PILL = (16, 24, 20, 184)
SMALLEST = 11  # pixels: what is still read without zooming
LEAST = 5  # on a picture that is narrower than the words
# Of the longer edge: a small line on a screen that shows all of the picture.
SHARE = 1 / 72
# In heights of the letters: from the edge, beside the words, and of the pill.
MARGIN, INSET, HEIGHT = 0.6, 0.7, 1.7


def draw_label(image: Image.Image, text: str) -> None:
    """In the lower right corner of an RGB image, as large as its size asks for."""
    size = max(SMALLEST, round(max(image.size) * SHARE))
    draw_pill(image, text, _fitting(text, size, image.width), right=True, bottom=True)


def draw_pill(
    image: Image.Image, text: str, size: float, *, right: bool = False, bottom: bool = False
) -> None:
    """Letters of `size` pixels in a corner of an RGB image: the upper left one, or as said."""
    draw = ImageDraw.Draw(image, "RGBA")
    wide, high = _width(text, size) + 2 * INSET * size, HEIGHT * size
    left = image.width - MARGIN * size - wide if right else MARGIN * size
    top = image.height - MARGIN * size - high if bottom else MARGIN * size
    draw.rounded_rectangle((left, top, left + wide, top + high), high / 2, fill=PILL)
    place = (left + INSET * size, top + high / 2)
    draw.text(place, text, "white", drawing_font(size, bold=True), anchor="lm")


def _fitting(text: str, size: float, width: int) -> float:
    """So large that the pill with its margins is no wider than the picture."""
    whole = _width(text, size) + 2 * (INSET + MARGIN) * size
    return max(LEAST, size * min(1, width / whole))


def _width(text: str, size: float) -> float:
    return drawing_font(size, bold=True).getlength(text)
