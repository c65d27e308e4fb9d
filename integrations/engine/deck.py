"""Wooden boards: decks, picture-frame boards and sleepers."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.colour import rgb
from integrations.engine.noise import fractal_noise, value_noise
from integrations.engine.rasters import Bytes, Floats, Ints, floats
from integrations.engine.texture import Texture, line_coverage, texels, texture_of

GAP_DARKNESS = 0.08
SCREWS_BELOW = 0.005  # metres a texel: coarser rasters cannot show a screw head
SCREW_RADIUS = 0.004
GRAINS, GRAIN_REACH = 256, 4.0  # levels of a board's colours, from -4 to 4 standard deviations


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
    x = floats((np.arange(columns) + 0.5) * texel)
    y = floats((np.arange(rows) + 0.5) * texel)
    course = np.asarray(y // boards.width, np.int32)
    across = y - (course + 0.5) * boards.width
    number, to_joint = _cut(x, int(course[-1]) + 1, boards, rng)
    colour = _wood_colour(number, course, texel, rng, wood)
    edge = floats(boards.width / 2 - np.abs(across))
    joints = line_coverage(to_joint, 0.0025, texel)[course]
    gaps = np.maximum(line_coverage(edge, boards.gap / 2, texel)[:, None], joints)
    worn = 1 + 0.10 * np.exp(-((edge - 0.008) ** 2) / 0.003**2) - 0.10 * np.exp(-edge / 0.004)
    shade = floats(worn)[:, None] * (1 - (1 - GAP_DARKNESS) * gaps)
    if texel <= SCREWS_BELOW:
        shade *= _screws(x, across, floats(to_joint > 0.03)[course])
    colour *= shade[:, :, None]
    return texture_of(colour, texel)


def _cut(x: Floats, courses: int, boards: Boards, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Board number, and metres to the nearest butt joint, along each course; (courses, columns)."""
    length = floats(rng.uniform(boards.shortest, boards.longest, (courses, 1)))
    start = floats(rng.uniform(0, boards.longest, (courses, 1)))
    position = (x + start) / length
    index = np.floor(position)
    share = position - index
    to_joint = np.minimum(share, 1 - share) * length
    number = np.arange(courses)[:, None] * 97 + index * 1009
    return np.asarray(number, np.int32), floats(to_joint)


def _wood_colour(
    number: Ints, course: Ints, texel: float, rng: np.random.Generator, wood: Wood
) -> Floats:
    """Albedo of the boards without their gaps, (rows, columns, 3).

    number: (courses, columns); course: (rows,). Each board has its own scale of colours, and shows
    another stretch of the tree.
    """
    tones, hues, _ = floats(rng.standard_normal((3, 1024)))
    columns = number.shape[1]
    tree = _grain(columns, texel, rng)
    colour = np.empty((course.size, columns, 3), np.float32)
    for boards in range(number.shape[0]):
        rows = np.flatnonzero(course == boards)
        ends = np.flatnonzero(np.diff(number[boards])) + 1
        for left, right in zip([0, *ends], [*ends, columns], strict=True):
            board = int(number[boards, left])
            scale = _scale(wood, float(tones[board % 1024]), float(hues[board % 1024]))
            part = tree[(rows + board * 131) % tree.shape[0]]
            along = (np.arange(left, right) + board * 577) % tree.shape[1]
            colour[rows[0] : rows[-1] + 1, left:right] = scale[part[:, along]]
    return colour


def _scale(wood: Wood, tone: float, hue: float) -> Floats:
    """Albedo of one board by the grain's level, (GRAINS, 3)."""
    grain = np.linspace(-GRAIN_REACH, GRAIN_REACH, GRAINS, dtype=np.float32)
    mix = np.clip(0.5 + 0.22 * np.clip(hue, -2, 2) + 0.20 * grain, 0, 1)[:, None]
    level = np.exp(wood.tone * np.clip(tone, -2, 2) + wood.grain * grain)[:, None]
    return floats((rgb(wood.light) * (1 - mix) + rgb(wood.dark) * mix) * level)


def _grain(columns: int, texel: float, rng: np.random.Generator) -> Bytes:
    """Streaks along x of a long tree, as levels of a board's scale of colours."""
    log_rows, log_columns = 256, min(columns + 512, 4096)
    scales = (
        (0.035 / texel, 1.6 / texel),
        (0.012 / texel, 0.9 / texel),
        (0.005 / texel, 0.35 / texel),
    )
    log = fractal_noise(log_rows, log_columns, rng, scales, persistence=0.9)
    log += 0.35 * value_noise(log_rows, log_columns, rng, 1, max(1, 0.08 / texel))
    level = (log / GRAIN_REACH + 1) * ((GRAINS - 1) / 2) + 0.5
    return np.asarray(np.clip(level, 0, GRAINS - 1), np.uint8)


def _screws(x: Floats, across: Floats, boards: Floats) -> Floats:
    """Two screws a joist, joists every half metre and behind every joint."""
    along = np.exp(-((((x + 0.25) % 0.5 - 0.25) / SCREW_RADIUS) ** 2))
    beside = np.exp(-(((np.abs(np.abs(across) - 0.045)) / SCREW_RADIUS) ** 2))
    return floats(1 - 0.45 * floats(beside)[:, None] * floats(along) * boards)
