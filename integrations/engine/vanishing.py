"""How well the straight lines of a photo agree with a camera over upright, square buildings.

The Manhattan world of Coughlan & Yuille (1999): lines point to one of three vanishing points, two
of them on the horizon. A photo whose lines tell nothing scores all candidates alike.
"""

from dataclasses import replace

import numpy as np

from integrations.engine.camera import Camera
from integrations.engine.peaks import refined_peak
from integrations.engine.rasters import Floats, floats
from integrations.engine.segments import Segments

AZIMUTHS = np.deg2rad(np.arange(0, 90, 1.25))
DIRECTIONS = np.concatenate(  # (right, up, forward) of each frame: one way, athwart, and up
    [
        np.stack([np.sin(AZIMUTHS), 0 * AZIMUTHS, np.cos(AZIMUTHS)], axis=1),
        np.stack([np.cos(AZIMUTHS), 0 * AZIMUTHS, -np.sin(AZIMUTHS)], axis=1),
        [[0, 1, 0]],
    ]
)
TOLERANCE = np.deg2rad(1.0)
DOUBLINGS = 4  # of the exponent of a match, which so comes near enough to a Gaussian
SECOND_FRAME = 0.3  # weight of lines that agree with a second azimuth
UPRIGHT = 0.7  # weight of upright lines: the row they tell hangs on a guessed focal length
SHARPNESS = 0.012  # share of the lines that counts as one unit of log-score
FEWEST = 30  # lines
PLENTY = 8  # picture widths of line, by weight: on a lawn the longest lines are blades and noise
LENSES = ((0.84, 0.02), (1.0, 0.0), (1.19, 0.02))  # focal lengths by the guess; what each costs
ROLLS = np.arange(-5, 5.1, 1).astype(np.float32)  # degrees
ROLL_STEP = 6  # every sixth candidate is enough to see which roll fits
ROLL_PENALTY = 0.0015  # share of the lines, by degree squared: people try to hold cameras level
ROLL_PROMINENCE = 0.08  # share of the lines by which the best roll must stand out


def line_score(cameras: list[Camera], segments: Segments) -> tuple[Floats, float]:
    """Log-score of each candidate camera, (n,), and how strong its evidence is (0..1)."""
    if segments.weight.size < FEWEST:
        return np.zeros(len(cameras), np.float32), 0.0
    total = float(segments.weight.sum())
    agreement = floats(
        [
            max(
                _agreement(lens, segments, UPRIGHT) - cost * total for lens, cost in _lenses(camera)
            )
            for camera in cameras
        ]
    )
    excess = (agreement - np.median(agreement)) / total
    strength = float(np.clip((excess.max() - 0.02) / 0.08, 0, 1))
    strength *= min(1.0, segments.weight.size / (2 * FEWEST))
    strength *= min(1.0, total / (PLENTY * cameras[0].width))
    return floats(excess / SHARPNESS * strength), strength


def _lenses(camera: Camera) -> list[tuple[Camera, float]]:
    """The same horizon through other lenses: a wrong focal length bends the upright lines away."""
    return [(replace(camera, focal=share * camera.focal), cost) for share, cost in LENSES]


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
    match = _matches(segments, floats(DIRECTIONS @ camera.pixel_from_world.T))
    frames = AZIMUTHS.size
    best = np.maximum(match[:frames], match[frames:-1], out=match[:frames])
    np.maximum(best, upright_weight * match[-1], out=best)
    agreeing = best @ segments.weight
    frame = int(np.argmax(agreeing))
    # Houses along a street corner do not share one frame: the lines left over may have their own.
    left_over = segments.weight * (1 - best[frame])
    return float(agreeing[frame] + SECOND_FRAME * (best @ left_over).max())


def _matches(segments: Segments, points: Floats) -> Floats:
    """(points, segments): 1 where a segment points exactly to (x, y, w), falling to 0.

    (1 + z / 16)^-16 falls like exp(-z), and takes half its time: z is the square of the angle's
    sine by that of the tolerance. In single precision and in place, for the sweep over the rows
    spends its time here.
    """
    across, along = points @ segments.across, points @ segments.along
    across *= across
    along *= along
    along += across
    across *= 1 / (2**DOUBLINGS * float(TOLERANCE**2))
    across += along
    match = floats(np.divide(along, across, out=along))
    for _ in range(DOUBLINGS):
        match *= match
    return match
