"""Wooden boards: decks, picture-frame boards and sleepers."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.colour import rgb
from integrations.engine.noise import fractal_noise, value_noise
from integrations.engine.rasters import Floats, Ints, floats
from integrations.engine.texture import Texture, line_coverage, texels, texture_of

GAP_DARKNESS = 0.08
SCREWS_BELOW = 0.005  # metres a texel: coarser rasters cannot show a screw head
SCREW_RADIUS = 0.004


@dataclass(frozen=True)
class Wood:
    light: str  # sRGB codes of the albedo
    dark: str
    tone: float  # spread from board to board, log
    grain: float  # contrast within a board, log


WOODS = {
    "ipe": Wood("#9a6a4a", "#6b4128", 0.16, 0.17),
    "pine": Wood("#c2a27c", "#a17c52", 0.11, 0.15),
    "grey": Wood("#a09a92", "#777069", 0.12, 0.15),
    "anthracite": Wood("#67676a", "#4b4b4d", 0.08, 0.09),
    "sleeper": Wood("#917358", "#594636", 0.18, 0.34),
}


@dataclass(frozen=True)
class Boards:
    """Sizes in metres."""

    width: float = 0.145
    shortest: float = 1.8
    longest: float = 4.0
    gap: float = 0.006


def board_texture(
    width: float,
    height: float,
    texel: float,
    rng: np.random.Generator,
    wood: Wood,
    boards: Boards = Boards(),
) -> Texture:
    """Boards that run along x, staggered, over width x height metres."""
    rows, columns = texels(width, height, texel)
    x = floats((np.arange(columns) + 0.5) * texel)[None, :]
    y = floats((np.arange(rows) + 0.5) * texel)[:, None]
    course = np.asarray(y // boards.width, np.int32)
    across = y - (course + 0.5) * boards.width
    number, to_joint = _cut(x, course, boards, rng)
    colour = _wood_colour(number, across, texel, rng, wood)
    edge = floats(boards.width / 2 - np.abs(across))
    gaps = np.maximum(
        line_coverage(edge, boards.gap / 2, texel), line_coverage(to_joint, 0.0025, texel)
    )
    worn = 1 + 0.10 * np.exp(-((edge - 0.008) ** 2) / 0.003**2) - 0.10 * np.exp(-edge / 0.004)
    shade = worn * (1 - (1 - GAP_DARKNESS) * gaps)
    if texel <= SCREWS_BELOW:
        shade = shade * _screws(x, across, to_joint)
    return texture_of(colour * floats(shade)[:, :, None], texel)


def _cut(x: Floats, course: Ints, boards: Boards, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Board number of each texel, and metres to the nearest butt joint; (rows, columns)."""
    courses = int(course.max()) + 1
    length = floats(rng.uniform(boards.shortest, boards.longest, (courses, 1)))[course[:, 0]]
    start = floats(rng.uniform(0, boards.longest, (courses, 1)))[course[:, 0]]
    position = (x + start) / length
    index = np.floor(position)
    share = position - index
    to_joint = np.minimum(share, 1 - share) * length
    number = np.asarray(course * 97 + index * 1009, np.int32)
    return number, floats(to_joint)


def _wood_colour(
    number: Ints, across: Floats, texel: float, rng: np.random.Generator, wood: Wood
) -> Floats:
    """Albedo of the boards without their gaps, (rows, columns, 3)."""
    table = floats(rng.standard_normal((3, 1024)))
    tone, hue, _ = (np.clip(row, -2, 2)[number % 1024] for row in table)
    grain = _grain(number, texel, rng)
    mix = np.clip(0.5 + 0.22 * hue + 0.20 * grain, 0, 1)[:, :, None]
    colour = rgb(wood.light) * (1 - mix) + rgb(wood.dark) * mix
    level = np.exp(wood.tone * tone + wood.grain * grain)
    return floats(colour * level[:, :, None])


def _grain(number: Ints, texel: float, rng: np.random.Generator) -> Floats:
    """Streaks along x, another stretch of the tree for every board."""
    rows, columns = number.shape
    log_rows, log_columns = 512, min(columns + 512, 4096)
    scales = (
        (0.035 / texel, 1.6 / texel),
        (0.012 / texel, 0.9 / texel),
        (0.005 / texel, 0.35 / texel),
    )
    log = fractal_noise(log_rows, log_columns, rng, scales, persistence=0.9)
    log += 0.35 * value_noise(log_rows, log_columns, rng, 1, max(1, 0.08 / texel))
    row = (np.arange(rows)[:, None] + number * 131) % log_rows
    column = (np.arange(columns)[None, :] + number * 577) % log_columns
    return floats(log[row, column])


def _screws(x: Floats, across: Floats, to_joint: Floats) -> Floats:
    """Two screws a joist, joists every half metre and behind every joint."""
    along = (x + 0.25) % 0.5 - 0.25
    from_centre = np.abs(np.abs(across) - 0.045)
    radius = np.sqrt(along**2 + from_centre**2)
    return floats(1 - 0.45 * np.exp(-((radius / SCREW_RADIUS) ** 2)) * (to_joint > 0.03))
