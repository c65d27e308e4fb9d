"""What a recipe knows of the place it builds in."""

import zlib
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from integrations.engine.errors import StyleUnknown
from integrations.engine.light import Light
from integrations.engine.plan import Plan
from integrations.engine.rasters import Bools, Bytes, largest_part

TEXEL_BUDGET = 1_200_000


@dataclass(frozen=True)
class Site:
    photo: Bytes  # RGB (h, w, 3)
    zone: Bytes  # (h, w), 0 or 255
    plan: Plan
    light: Light
    seed: int
    standing: Bools | None = None  # where something stands in the zone, in a smaller picture

    def rng(self, purpose: str) -> np.random.Generator:
        """A generator of its own for each purpose: one more draw here moves nothing there."""
        return np.random.default_rng([self.seed & 0xFFFFFFFFFFFF, zlib.crc32(purpose.encode())])

    def in_one_part(self) -> "Site":
        """The same place with nothing but the largest part of the zone: a pool is one pool."""
        return replace(self, zone=largest_part(self.zone))

    @cached_property
    def sun(self) -> tuple[float, float]:
        """Unit direction to the sun in plan coordinates."""
        cos, sin = float(np.cos(self.plan.angle)), float(np.sin(self.plan.angle))
        x, z = self.light.sun.direction
        return cos * x + sin * z, -sin * x + cos * z

    @cached_property
    def eye(self) -> tuple[float, float]:
        """Plan coordinates of the point below the camera."""
        cos, sin = float(np.cos(self.plan.angle)), float(np.sin(self.plan.angle))
        x, z = self.plan.origin
        return -cos * x - sin * z, sin * x - cos * z

    @property
    def extent(self) -> tuple[float, float]:
        """Metres of the plan along s and t."""
        return self.plan.shape[1] * self.plan.cell, self.plan.shape[0] * self.plan.cell

    def nearest_pixel(self) -> float:
        """Metres that a pixel covers where the zone is nearest."""
        rows = np.flatnonzero(self.zone.any(axis=1))
        camera = self.plan.camera
        below = max(float(rows[-1]) - camera.horizon_row, 1.0)
        return float(np.hypot(camera.focal, below)) * camera.elevation / (camera.focal * below)

    def style(self, wanted: str | None, styles: tuple[str, ...]) -> str:
        """The wanted style, or one by the seed. Raises `StyleUnknown`."""
        if wanted is None:
            return self.pick("style", styles)
        if wanted not in styles:
            raise StyleUnknown(f"There is no style {wanted!r}; choose one of {', '.join(styles)}.")
        return wanted

    def pick(self, purpose: str, choices: tuple[str, ...]) -> str:
        return choices[int(self.rng(purpose).integers(len(choices)))]
