"""The embedded renderer: from photo and zone to picture, stage by stage."""

from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from integrations.engine.camera import Camera, focal_pixels
from integrations.engine.clock import Clock
from integrations.engine.compositing import composite
from integrations.engine.decoding import Source, decode_mask, decode_photo, focal_35mm
from integrations.engine.errors import (
    MaskEmpty,
    MaskSizeMismatch,
    MaskTooSmall,
    NothingChanged,
)
from integrations.engine.light import estimate_light
from integrations.engine.occluders import find_occluders
from integrations.engine.petanque import build_petanque
from integrations.engine.plan import SMALLEST_ZONE, ground_part, make_plan
from integrations.engine.pool import build_pool
from integrations.engine.rasters import Bytes
from integrations.engine.recall import recent_horizons
from integrations.engine.reporting import size_of, warnings_of
from integrations.engine.scene import Scene
from integrations.engine.sensor import measure_sensor
from integrations.engine.site import Site
from integrations.engine.sun import estimate_sun
from integrations.engine.terrace import build_terrace
from integrations.engine.types import Hints, Horizon, RenderResult, RoomType

THRESHOLD = 127
DEFAULT_ELEVATION = 1.6
LEAST_CHANGED = 32  # pixels
SMALLEST_SIDE = 8  # pixels of the photo

BUILDERS: dict[RoomType, Callable[[Site, str | None], Scene]] = {
    RoomType.TERRACE: build_terrace,
    RoomType.POOL: build_pool,
    RoomType.PETANQUE: build_petanque,
}


class EmbeddedRenderer:
    """Draws the object by its geometry: no model, no network, about a second a picture."""

    name = "embedded"
    version = "1.0"

    def render(
        self,
        photo: Image.Image,
        mask: Image.Image,
        room_type: RoomType,
        *,
        seed: int,
        style: str | None = None,
        hints: Hints | None = None,
    ) -> RenderResult:
        """See `Renderer`. Raises subclasses of `EngineError`."""
        clock, build, hints = Clock(), BUILDERS[RoomType(room_type)], hints or Hints()
        with clock("decode"):
            focal = hints.focal_35mm or focal_35mm(photo)
            pixels, zone = _decoded(photo, mask)
        with clock("horizon"):
            horizon, camera = _camera(pixels, zone, focal, hints)
        with clock("plan"):
            ground = ground_part(zone, camera)
            plan = make_plan(ground, camera)
        with clock("light"):
            sun = estimate_sun(pixels, ground)
            standing = find_occluders(pixels, ground, camera, sun)
            light = estimate_light(pixels, ground, sun, standing)
            site = Site(pixels, ground, plan, light, seed, standing)
            sensor = measure_sensor(pixels)
        with clock("materials"):
            scene = build(site, style)
        with clock("composite"):
            picture = composite(scene, sensor)
            changed = _changed(picture, pixels)
        return RenderResult(
            image=Image.fromarray(picture),
            seed=seed,
            style=scene.style,
            horizon=horizon,
            size_m=size_of(scene, horizon),
            timings=clock.seconds,
            warnings=tuple(warnings_of(horizon, hints, (zone, ground, scene.site.zone), changed)),
            engine=self.name,
            engine_version=self.version,
        )


def render(
    photo: Source,
    mask: Source,
    room_type: RoomType,
    *,
    seed: int,
    style: str | None = None,
    hints: Hints | None = None,
) -> RenderResult:
    """Render with the embedded engine, decoding files and bytes first."""
    return EmbeddedRenderer().render(
        decode_photo(photo), decode_mask(mask), room_type, seed=seed, style=style, hints=hints
    )


def _decoded(photo: Image.Image, mask: Image.Image) -> tuple[Bytes, Bytes]:
    """Photo as RGB (h, w, 3), zone as 0 or 255 (h, w)."""
    upright, grey = decode_photo(photo), decode_mask(mask)
    if upright.size != grey.size:
        raise MaskSizeMismatch(
            f"The mask is {grey.width} x {grey.height} pixels and the photo "
            f"{upright.width} x {upright.height}; send a mask of the photo's size."
        )
    zone = np.where(np.asarray(grey) > THRESHOLD, 255, 0).astype(np.uint8)
    count = np.count_nonzero(zone)
    if count == 0:
        raise MaskEmpty
    if count < SMALLEST_ZONE or min(zone.shape) < SMALLEST_SIDE:
        raise MaskTooSmall
    return np.asarray(upright), zone


def _camera(
    photo: Bytes, zone: Bytes, equivalent: float | None, hints: Hints
) -> tuple[Horizon, Camera]:
    height, width = zone.shape
    focal = focal_pixels(width, height, equivalent)
    if hints.horizon_row is None:
        horizon = recent_horizons.horizon(photo, zone, focal)
    else:
        horizon = Horizon(hints.horizon_row, hints.roll_degrees or 0.0, 1.0)
    degrees = horizon.roll_degrees if hints.roll_degrees is None else hints.roll_degrees
    roll = float(np.deg2rad(degrees))
    elevation = hints.camera_height or DEFAULT_ELEVATION
    return horizon, Camera(width, height, focal, horizon.row, roll, elevation)


def _changed(picture: Bytes, photo: Bytes) -> int:
    """How many pixels are others now; raises `NothingChanged` if they are too few to see."""
    step = np.asarray(cv2.absdiff(picture, photo), np.uint8)
    count = int(np.count_nonzero(step[:, :, 0] | step[:, :, 1] | step[:, :, 2]))
    if count < LEAST_CHANGED:
        raise NothingChanged
    return count
