"""Masks and photos that nobody should send, and somebody will."""

import numpy as np
from PIL import Image, ImageDraw

from tests.engine.scenes import garden, zone

SIZE = WIDTH, HEIGHT = 160, 120
GROUND = 60  # the row from which all is ground
POLYGON = [(55, 70), (107, 70), (131, 104), (30, 104)]


def photo(size=SIZE):
    return garden(size, round(size[1] * 0.4))


def painted(size=SIZE):
    scale = size[0] / WIDTH, size[1] / HEIGHT
    return zone([(x * scale[0], y * scale[1]) for x, y in POLYGON], size)


def drawn(shape, box, size=SIZE, **options):
    mask = Image.new("L", size)
    getattr(ImageDraw.Draw(mask), shape)(box, **{"fill": 255, **options})
    return mask


ROW, COLUMN = np.indices((HEIGHT, WIDTH))


def rows_of(array):
    return Image.fromarray(np.where(array, 255, 0).astype(np.uint8))


def dots(step, size):
    row, column = np.indices((HEIGHT, WIDTH))
    return rows_of((row % step < size) & (column % step < size))


def on_ground(mask):
    array = np.array(mask)
    array[:GROUND] = 0
    return Image.fromarray(array)


def random_blocks(side, share):
    noise = np.random.default_rng(5).random((HEIGHT // side, WIDTH // side)) < share
    return rows_of(np.kron(noise, np.ones((side, side))) > 0)


def spiral():
    angle = np.linspace(0, 6 * np.pi, 300)
    radius = np.linspace(2, 50, 300)
    points = zip(80 + radius * np.cos(angle), 85 + 0.5 * radius * np.sin(angle), strict=True)
    return drawn("line", list(points), width=4)


def star():
    angle = np.arange(20) * np.pi / 10
    radius = np.where(np.arange(20) % 2, 15, 60)
    return drawn("polygon", list(zip(80 + radius * np.cos(angle), 88 + 0.5 * radius * np.sin(angle),
                                     strict=True)))  # fmt: skip


MASKS = {
    "a pixel in the corner": drawn("point", (159, 119)),
    "two pixels far apart": rows_of(np.isin(WIDTH * ROW + COLUMN, (11_000, 19_000))),
    "7 x 9 pixels": drawn("rectangle", (80, 90, 86, 98)),
    "a diagonal hair": drawn("line", (10, 115, 150, 65)),
    "a diagonal stroke": drawn("line", (10, 110, 150, 75), width=6),
    "a frame around the picture": drawn("rectangle", (0, 0, 159, 119), fill=0, outline=255,
                                        width=3),
    "a thick ring": drawn("ellipse", (20, 62, 140, 116), fill=0, outline=255, width=14),
    "a thin ring": drawn("ellipse", (20, 62, 140, 116), fill=0, outline=255, width=2),
    "dots": dots(8, 2),
    "large dots": on_ground(dots(40, 20)),
    "a checkerboard of blocks": on_ground(rows_of((ROW // 15 + COLUMN // 15) % 2)),
    "stripes": on_ground(rows_of(COLUMN // 10 % 2)),
    "a grid of lines": on_ground(rows_of((ROW % 12 < 2) | (COLUMN % 12 < 2))),
    "salt": random_blocks(1, 0.02),
    "pepper": random_blocks(1, 0.98),
    "random blocks": on_ground(random_blocks(10, 0.5)),
    "a spiral": spiral(),
    "a star": star(),
    "a triangle": drawn("polygon", [(80, 70), (140, 110), (20, 110)]),
    "a triangle on its tip": drawn("polygon", [(20, 70), (140, 70), (80, 115)]),
    "an hourglass": drawn("polygon", [(30, 70), (130, 70), (30, 112), (130, 112)]),
    "a letter L": on_ground(rows_of((ROW > 100) | (COLUMN < 40))),
    "a letter U": Image.composite(Image.new("L", SIZE), drawn("rectangle", (20, 66, 140, 115)),
                                  drawn("rectangle", (50, 60, 110, 95))),
    "two that touch at a corner": rows_of(ROW // 24 + COLUMN // 80 == 4),
    "eight parts": on_ground(dots(36, 22)),
    "across the horizon": drawn("rectangle", (40, 20, 120, 100)),
    "on the horizon": drawn("rectangle", (10, 46, 150, 50)),
    "just below the horizon": drawn("rectangle", (10, 50, 150, 54)),
    "sky and ground apart": Image.fromarray(
        np.maximum(drawn("rectangle", (30, 5, 120, 30)), painted())),
    "the left half": drawn("rectangle", (0, 0, 79, 119)),
    "the bottom corner": drawn("polygon", [(159, 119), (159, 80), (90, 119)]),
    "along the bottom": drawn("rectangle", (0, 112, 159, 119)),
    "all but the border": drawn("rectangle", (1, 1, 158, 118)),
    "a soft edge": Image.linear_gradient("L").resize(SIZE),
    "a radial gradient": Image.radial_gradient("L").resize(SIZE),
    "nearly white": Image.new("L", SIZE, 128),
    "nearly black": Image.new("L", SIZE, 127),
}  # fmt: skip


def flat(colour):
    return Image.new("RGB", SIZE, colour)


def noisy(low, high):
    values = np.random.default_rng(3).integers(low, high, (HEIGHT, WIDTH, 3))
    return Image.fromarray(values.astype(np.uint8))


def transparent():
    image = photo().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(SIZE))
    return image


def sixteen_bit():
    grey = np.asarray(photo().convert("L")).astype(np.uint16) * 257
    return Image.fromarray(grey)


def turned(orientation):
    image = photo()
    image.getexif()[0x0112] = orientation
    return image


def lines(step):
    return rows_of(np.indices((HEIGHT, WIDTH)).sum(axis=0) % step == 0).convert("RGB")


PHOTOS = {
    "black": flat("black"),
    "white": flat("white"),
    "red": flat("red"),
    "one colour": flat((91, 128, 60)),
    "noise": noisy(0, 256),
    "faint noise": noisy(120, 124),
    "black and white noise": noisy(0, 2).point(lambda value: 255 * value),
    "hatched": lines(5),
    "checked": lines(2),
    "overexposed": photo().point(lambda value: min(255, 3 * value)),
    "at night": photo().point(lambda value: value // 20),
    "upside down": photo().transpose(Image.Transpose.ROTATE_180),
    "grey": photo().convert("L"),
    "grey with alpha": transparent().convert("LA"),
    "half transparent": transparent(),
    "of ink": photo().convert("CMYK"),
    "with a palette": photo().quantize(16),
    "of two values": photo().convert("1"),
    "of 16 bits": sixteen_bit(),
    "in YCbCr": photo().convert("YCbCr"),
    "of floats": photo().convert("F"),
    "of integers": photo().convert("I"),
    "with an orientation of 3": turned(3),
    "with an orientation of 9": turned(9),
}
SIZES = (
    (1, 1),
    (2, 2),
    (1, 500),
    (500, 1),
    (9, 7),
    (64, 64),
    (65, 31),
    (640, 16),
    (2048, 32),
    (32, 1024),
)
