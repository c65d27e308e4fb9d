"""Compacted gravel, as a pétanque court has it."""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.colour import rgb
from integrations.engine.noise import fractal_noise, value_noise
from integrations.engine.rasters import floats
from integrations.engine.texture import Texture, mixed, shaded_relief, texels, texture_of


@dataclass(frozen=True)
class Gravel:
    """sRGB codes of the albedo: the fines, and two kinds of stones in them."""

    fines: str
    pale: str
    dark: str


GRAVELS = {
    "ochre": Gravel("#c2a478", "#dccbac", "#8a6e4c"),
    "grey": Gravel("#a3a09a", "#c9c7c2", "#6d6b68"),
    "rose": Gravel("#bd9a86", "#d9c3b6", "#86655a"),
}


def gravel_texture(
    width: float,
    height: float,
    texel: float,
    rng: np.random.Generator,
    gravel: Gravel,
    sun: tuple[float, float],
) -> Texture:
    """Gravel over width x height metres: grains of 4 to 20 mm, raked and trodden patches."""
    rows, columns = texels(width, height, texel)
    white = value_noise(rows, columns, rng, 1, 1) * min(1.0, 0.006 / texel)
    grains = value_noise(rows, columns, rng, *(max(1, 0.007 / texel),) * 2)
    stones = value_noise(rows, columns, rng, *(max(1, 0.013 / texel),) * 2)
    patches = fractal_noise(
        rows, columns, rng, ((1.4 / texel,) * 2, (0.45 / texel,) * 2, (0.13 / texel,) * 2), 0.7
    )
    pale = np.clip((stones - 1.7) * 3, 0, 0.8)
    dark = np.clip((-grains - 1.4) * 1.6, 0, 0.64)
    relief = (0.0005 * grains + 0.0008 * stones) * min(1.0, 0.006 / texel)
    shade = floats(cv2.exp(0.10 * white + 0.05 * grains + 0.055 * patches))
    shade *= shaded_relief(floats(relief), texel, sun)
    pale *= shade * (1 - dark)
    dark *= shade
    colours = rgb(gravel.fines), rgb(gravel.pale), rgb(gravel.dark)
    return texture_of(mixed((shade - pale - dark, pale, dark), colours), texel)
