"""A strip of the picture: rays through its pixels, and the light that they bring back."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from integrations.engine.rasters import Floats, Indices, floats
from integrations.engine.raycasting import Hits, Rays, cast
from integrations.engine.scene import Scene

LAYERS = 4  # light (red, green, blue), and how much of the photo's own shows through


@dataclass(frozen=True)
class Density:
    """Rays a pixel, down and across."""

    per_row: int
    per_column: int


@dataclass(frozen=True)
class Strip:
    scene: Scene
    rows: range  # of the photo
    columns: range

    @property
    def size(self) -> tuple[int, int]:
        return len(self.rows), len(self.columns)

    def light_on(self, places: Indices) -> Floats:
        """What falls on pixels, (n, 3)."""
        return self._illumination[places][:, None] * self.scene.site.light.exposure

    @cached_property
    def _illumination(self) -> Floats:
        height, width = self.scene.site.photo.shape[:2]
        return self.scene.site.light.over(self.rows, self.columns, height, width).ravel()

    def hits(self, places: Indices, density: Density, spacing: int = 1) -> Hits:
        """Of all first rays, then of all second rays, and so on.

        places: in a raster whose cells are `spacing` pixels wide.
        """
        row, column = np.divmod(places, -(-len(self.columns) // spacing))
        row, column = spacing * row, spacing * column
        first = spacing / 2 - 1
        down = (np.arange(density.per_row) + 0.5) / density.per_row + first
        across = (np.arange(density.per_column) + 0.5) / density.per_column + first
        spots = [(v + self.rows.start, u + self.columns.start) for v in down for u in across]
        v = floats([floats(row) + spot for spot, _ in spots]).ravel()
        u = floats([floats(column) + spot for _, spot in spots]).ravel()
        rays = Rays(u, v, density.per_column, density.per_row)
        return cast(self.scene.shape, self.scene.section, rays)

    def layers(self, hits: Hits, places: Indices) -> Floats:
        """(n, 4) for the pixels that were hit."""
        radiance, pixels = self.scene.radiance(hits), places.size
        layers = np.empty((pixels, LAYERS), np.float32)
        layers[:, :3] = mean_of_rays(radiance.albedo, pixels) * self.light_on(places)
        if radiance.mirror is not None:
            layers[:, :3] += mean_of_rays(radiance.mirror, pixels)
        layers[:, 3] = mean_of_rays(radiance.through, pixels)
        return layers


def mean_of_rays(values: Floats, pixels: int) -> Floats:
    """values: (rays, …), as many rays of each pixel."""
    if len(values) == pixels:
        return values
    return floats(values.reshape(-1, pixels, *values.shape[1:]).mean(axis=0))
