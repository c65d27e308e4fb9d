"""Photos whose camera is known: crops of panoramas, and the zone a person might paint in them."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from integrations.engine.camera import Camera
from integrations.engine.rasters import floats

PANORAMAS = Path(__file__).parent / "panoramas"
BUILT = ("potsdamer_platz", "venice_sunset", "landing_pad", "courtyard")
LAWNS = ("park", "meadow", "field")
WILD = ("garden", "forest_slope", "savanna")
# No number of the estimator's was fitted to these; docs/engine.md says what was seen of them.
HELD_OUT = ("venice_sunset", "landing_pad", "meadow", "field", "forest_slope")

SIZE = (1024, 768)
PITCHES, VIEWS, ROLLS = (2, 12), (58, 74), (-3, 3)  # degrees
ELEVATIONS = (1.45, 1.75)  # metres: how high people hold a camera
NEAREST, FARTHEST = (2.4, 4.5), (6.0, 11.0)  # metres to the zone's near and far side
HALF_WIDTHS = (1.6, 4.0)  # metres
NEAR_END = {"courtyard": (4.5, 6.5), "garden": (4.5, 6.5)}  # no room for a farther far side
SHOWN = {"courtyard": (100, 250), "garden": (20, 190)}  # degrees of yaw with ground ahead
UNSTEADY = 0.008  # of the picture's width: how far a hand strays from the line it means
SMALLEST = 0.02  # of the picture: nobody asks for a picture of less


@dataclass(frozen=True)
class Crop:
    scene: str
    photo: np.ndarray  # RGB (h, w, 3)
    zone: np.ndarray  # (h, w), 0 or 255
    camera: Camera  # the true one
    yaw: float  # degrees
    rectangle: bool  # what the zone was meant as

    def error(self, row, camera=None):
        """Degrees between a horizon's row at the centre column and the true one."""
        centre, focal = self.camera.centre[1], self.camera.focal
        told, true = (np.arctan((centre - r) / focal) for r in (row, self.camera.horizon_row))
        return float(np.degrees(abs(told - true)))


def crops(scene, count, seed, rolled=False):
    """`count` crops all around a scene, the same for the same seed."""
    rng = np.random.default_rng([seed, sum(scene.encode()), rolled])
    first, last = SHOWN.get(scene, (0, 360))
    step = (last - first) / count
    return [_crop(scene, first + (k + rng.random()) * step, rng, rolled) for k in range(count)]


def _crop(scene, yaw, rng, rolled):
    camera = _camera(rng, rolled)
    rectangle = bool(rng.random() < 0.5)
    for _ in range(50):
        zone = painted(camera, rng, rectangle, NEAR_END.get(scene, FARTHEST))
        if np.count_nonzero(zone) > SMALLEST * zone.size:
            break
    return Crop(scene, view(panorama(scene), camera, yaw), zone, camera, yaw, rectangle)


def _camera(rng, rolled):
    width, height = SIZE
    pitch, roll = np.deg2rad(rng.uniform(*PITCHES)), np.deg2rad(rng.uniform(*ROLLS) * rolled)
    focal = width / 2 / np.tan(np.deg2rad(rng.uniform(*VIEWS)) / 2)
    level = Camera(width, height, focal, 0.0, roll, rng.uniform(*ELEVATIONS))
    row = level.centre[1] - focal * np.tan(pitch) / np.cos(roll)
    return replace(level, horizon_row=float(row))


@cache
def panorama(scene):
    """The whole sphere, RGB, twice as wide as high; the horizon is its middle row."""
    return cv2.cvtColor(cv2.imread(str(PANORAMAS / f"{scene}.jpg")), cv2.COLOR_BGR2RGB)


def view(sphere, camera, yaw):
    """What a camera sees of a panorama, looking `yaw` degrees to the right of its left edge."""
    v, u = np.mgrid[0 : camera.height, 0 : camera.width].astype(np.float32)
    rays = np.stack([u, v, np.ones_like(u)], 2) @ floats(camera.world_from_pixel).T
    right, up, forward = np.moveaxis(rays, 2, 0)
    height, width = sphere.shape[:2]
    azimuth = np.arctan2(right, forward) + np.deg2rad(yaw)
    altitude = np.arctan2(up, np.hypot(right, forward))
    x = (azimuth / (2 * np.pi) * width) % width
    y = (0.5 - altitude / np.pi) * height - 0.5
    around = cv2.copyMakeBorder(sphere, 0, 0, 4, 4, cv2.BORDER_WRAP)
    return cv2.remap(around, floats(x + 4), floats(y), cv2.INTER_CUBIC)


def painted(camera, rng, rectangle, farthest=FARTHEST):
    """A rectangle or an ellipse on the ground, turned anyhow, drawn by an unsteady hand."""
    near, far, half = (rng.uniform(*bounds) for bounds in (NEAREST, farthest, HALF_WIDTHS))
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], float)
    points = corners if rectangle else np.stack([np.cos(angles), np.sin(angles)], 1)
    points = points * (half, max(far - near, 1.5) / 2)
    turn = rng.uniform(-np.pi / 4, np.pi / 4) * (rng.random() < 0.6)
    points = points @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    middle = np.array([rng.uniform(-1.5, 1.5), (near + far) / 2])
    x, z = floats(points + middle).T
    u, v, _ = camera.project(x, 0.0, z)
    stray = rng.normal(0, UNSTEADY * camera.width, (len(u), 2))
    if not rectangle:
        stray = (stray + np.roll(stray, 1, axis=0) + np.roll(stray, 2, axis=0)) / 3
    outline = np.round(np.stack([u, v], 1) + stray).astype(np.int32)
    return cv2.fillPoly(np.zeros((camera.height, camera.width), np.uint8), [outline], (255,))


def deck_zone(camera):
    """A rectangle straight ahead, 3 m by 4 m, exactly as its true camera sees it."""
    x, z = floats([-1.5, 1.5, 1.5, -1.5]), floats([3.2, 3.2, 7.0, 7.0])
    u, v, _ = camera.project(x, 0.0, z)
    outline = np.round(np.stack([u, v], 1)).astype(np.int32)
    return cv2.fillPoly(np.zeros((camera.height, camera.width), np.uint8), [outline], (255,))
