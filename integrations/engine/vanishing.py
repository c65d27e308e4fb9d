"""How well the straight lines of a photo agree with a camera over upright, square buildings.

The Manhattan world of Coughlan & Yuille (1999): lines point to one of three vanishing points, two
of them on the horizon. A photo whose lines tell nothing scores all candidates alike.
"""

import numpy as np

from integrations.engine.camera import Camera
from integrations.engine.peaks import refined_peak
from integrations.engine.rasters import Floats, floats
from integrations.engine.segments import Segments

AZIMUTHS = np.deg2rad(np.arange(0, 90, 1.25)).astype(np.float32)
TOLERANCE = np.deg2rad(1.0)
SECOND_FRAME = 0.3  # weight of lines that agree with a second azimuth
UPRIGHT = 0.7  # weight of upright lines: the row they tell hangs on a guessed focal length
SHARPNESS = 0.012  # share of the lines that counts as one unit of log-score
FEWEST = 30  # lines
ROLLS = np.arange(-5, 5.1, 1).astype(np.float32)  # degrees
ROLL_STEP = 10  # every tenth candidate is enough to see which roll fits
ROLL_PENALTY = 0.0015  # share of the lines, by degree squared: people try to hold cameras level
ROLL_PROMINENCE = 0.08  # share of the lines by which the best roll must stand out


def line_score(cameras: list[Camera], segments: Segments) -> tuple[Floats, float]:
    """Log-score of each candidate camera, (n,), and how strong its evidence is (0..1)."""
    if segments.weight.size < FEWEST:
        return np.zeros(len(cameras), np.float32), 0.0
    agreement = floats([_agreement(camera, segments, UPRIGHT) for camera in cameras])
    excess = (agreement - np.median(agreement)) / float(segments.weight.sum())
    strength = float(np.clip((excess.max() - 0.04) / 0.16, 0, 1))
    strength *= min(1.0, segments.weight.size / (2 * FEWEST))
    return floats(excess / SHARPNESS * strength), strength


def estimate_roll(cameras: list[Camera], segments: Segments) -> float:
    """The camera's roll in degrees, where the lines tell it clearly; else 0."""
    if segments.weight.size < FEWEST:
        return 0.0
    few = cameras[::ROLL_STEP]
    turned = [segments.turned(float(roll), few[0].centre) for roll in ROLLS]
    weights = floats([max(_agreement(camera, lines) for camera in few) for lines in turned])
    share = floats(weights / float(segments.weight.sum()) - ROLL_PENALTY * ROLLS**2)
    best = int(np.argmax(share))
    if share[best] < float(np.median(share)) + ROLL_PROMINENCE:
        return 0.0
    return refined_peak(ROLLS, share, best)


def _agreement(camera: Camera, segments: Segments, upright_weight: float = 1.0) -> float:
    """Weight of the segments that point to a vanishing point of the best azimuth."""
    f, (cx, cy), pitch = camera.focal, camera.centre, camera.pitch
    sines, cosines = np.sin(AZIMUTHS), np.cos(AZIMUTHS)
    horizon = cy - f * np.tan(pitch)
    cos = np.cos(pitch)
    depth, side = cosines * cos, -sines * cos
    first = _matches(segments, f * sines + cx * depth, horizon * depth, depth)
    second = _matches(segments, f * cosines + cx * side, horizon * side, side)
    sin = np.sin(pitch)
    upright = _matches(segments, floats([cx * sin]), floats([cy * sin + f * cos]), floats([sin]))
    best = np.maximum(np.maximum(first, second), upright_weight * upright)
    agreeing = segments.weight @ best
    frame = int(np.argmax(agreeing))
    # Houses along a street corner do not share one frame: the lines left over may have their own.
    left_over = segments.weight * (1 - best[:, frame])
    return float(agreeing[frame] + SECOND_FRAME * (left_over @ best).max())


def _matches(segments: Segments, x: Floats, y: Floats, w: Floats) -> Floats:
    """(segments, vanishing points): 1 where a segment points exactly to (x, y, w), falling to 0."""
    to_x = x[None, :] - segments.middle[:, :1] * w[None, :]
    to_y = y[None, :] - segments.middle[:, 1:] * w[None, :]
    cross = to_x * segments.direction[:, 1:] - to_y * segments.direction[:, :1]
    sine_squared = cross * cross / np.maximum(to_x * to_x + to_y * to_y, 1e-6)
    return floats(np.exp(-sine_squared / float(TOLERANCE**2)))
