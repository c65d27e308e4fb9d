"""Stone: paved fields, and the single course of a coping."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.colour import rgb
from integrations.engine.noise import fractal_noise, value_noise
from integrations.engine.rasters import Floats, Ints, floats
from integrations.engine.texture import (
    Texture,
    line_coverage,
    mixed,
    shaded_relief,
    texels,
    texture_of,
)


@dataclass(frozen=True)
class Stone:
    light: str  # sRGB codes of the albedo
    dark: str
    joint: str
    tone: float  # spread from stone to stone, log
    veins: float  # contrast of the veins, log
    clouds: float  # contrast of the clouds, log


STONES = {
    "travertine": Stone("#d9c9ab", "#bda583", "#a8987e", 0.05, 0.10, 0.07),
    "bluestone": Stone("#7f868c", "#62686e", "#565a5d", 0.06, 0.04, 0.08),
    "sandstone": Stone("#c8b592", "#a88f6f", "#96846a", 0.09, 0.06, 0.10),
    "concrete": Stone("#b4b3ae", "#9b9a95", "#84837f", 0.03, 0.00, 0.05),
}


@dataclass(frozen=True)
class Laying:
    """Sizes in metres; `bond`: how far each course is moved, in stones."""

    length: float
    width: float
    bond: float = 1 / 3
    joint: float = 0.006


LAYINGS = (
    Laying(0.90, 0.60),
    Laying(0.60, 0.60, bond=0.0),
    Laying(0.60, 0.40, bond=0.5),
    Laying(0.80, 0.40),
)


def paver_texture(
    width: float,
    height: float,
    texel: float,
    rng: np.random.Generator,
    stone: Stone,
    laying: Laying,
    sun: tuple[float, float] = (0.0, 0.0),
) -> Texture:
    """Stones in courses along x over width x height metres."""
    rows, columns = texels(width, height, texel)
    x = floats((np.arange(columns) + 0.5) * texel)[None, :]
    y = floats((np.arange(rows) + 0.5) * texel)[:, None]
    course = np.floor(y / laying.width)
    along = x / laying.length + course * laying.bond
    index = np.floor(along)
    to_edge_x = (0.5 - np.abs(along - index - 0.5)) * laying.length
    to_edge_y = (0.5 - np.abs(y / laying.width - course - 0.5)) * laying.width
    edge = floats(np.minimum(to_edge_x, to_edge_y))
    number = np.asarray(course * 61 + index * 7919, np.int32)
    mix, level, relief = _stone_face(number, texel, rng, stone)
    rim = np.exp(-edge / 0.012)
    level *= shaded_relief(relief - 0.003 * rim * rim, texel, sun)
    level *= 1 - 0.12 * rim
    joints = line_coverage(edge, laying.joint / 2, texel)
    level *= 1 - joints
    mix *= level
    colours = rgb(stone.light), rgb(stone.dark), rgb(stone.joint) * 0.7
    return texture_of(mixed((level - mix, mix, joints), colours), texel)


def _stone_face(
    number: Ints, texel: float, rng: np.random.Generator, stone: Stone
) -> tuple[Floats, Floats, Floats]:
    """Of the stones' faces: share of the dark colour, brightness, and relief in metres."""
    rows, columns = number.shape
    stones = np.clip(floats(rng.standard_normal((2, 997))), -2, 2)
    tone, hue = stones[:, number % 997]
    clouds = fractal_noise(rows, columns, rng, ((0.22 / texel,) * 2, (0.07 / texel,) * 2))
    bands = value_noise(rows, columns, rng, 0.03 / texel, 0.5 / texel)
    veins = np.exp(-((bands + 0.4 * clouds) ** 2) / 0.06)
    speckle = value_noise(rows, columns, rng, 1, 1)
    mix = np.clip(0.4 + 0.2 * hue + 0.22 * clouds, 0, 1)
    fine = min(1.0, 0.006 / texel)
    level = stone.tone * tone + stone.clouds * clouds - stone.veins * veins + 0.035 * fine * speckle
    return mix, np.exp(level), floats(0.0006 * clouds + 0.00025 * speckle)
