"""The engine's geometry against cameras that are known: `python -m tests.engine.geometry`.

    --crops 12    crops a scene, all around it
    --seed 2026   other pitches, fields of view and zones
    --boards 2    decks drawn and measured a scene; 0 leaves that table out

The estimator is given the photo and the zone alone: neither field of view nor height.
"""

import argparse
from dataclasses import dataclass

import numpy as np

from integrations.engine.camera import Camera, focal_pixels
from integrations.engine.errors import EngineError
from integrations.engine.horizon import USUAL_ROW, estimate_horizon
from integrations.engine.plan import ground_part, make_plan
from integrations.engine.reporting import size_range
from tests.engine.boards import CLEAR, TRUE_PITCH, drawn_pitch
from tests.engine.crops import BUILT, HELD_OUT, LAWNS, SIZE, WILD, crops, deck_zone

FOCAL = focal_pixels(*SIZE, None)
WRONG = 3.0  # degrees that the negative control shifts the horizon by
GROUPS = {"built": BUILT, "lawns": LAWNS, "wild": WILD}


@dataclass(frozen=True)
class Told:
    """What was estimated of one crop, against the truth; degrees."""

    scene: str
    error: float
    prior_error: float
    wrong_error: float
    roll_error: float
    level_error: float  # of a roll of 0
    confidence: float
    sizes_held: tuple[bool, ...]  # whether the range of each side contains the true length


def told(crop):
    found = estimate_horizon(crop.photo, crop.zone, FOCAL)
    shifted = found.row + crop.camera.focal * np.tan(np.deg2rad(WRONG))
    true_roll = float(np.degrees(crop.camera.roll))
    return Told(
        crop.scene,
        crop.error(found.row),
        crop.error(prior_row(crop.zone)),
        crop.error(shifted),
        abs(found.roll_degrees - true_roll),
        abs(true_roll),
        found.confidence,
        sizes_held(crop, found),
    )


def prior_row(zone):
    """Where the horizon usually is, above the zone: what is known without looking."""
    return min(USUAL_ROW * zone.shape[0], float(np.flatnonzero(zone.any(axis=1))[0]))


def sizes_held(crop, found):
    """Whether the engine's ranges for the zone's width and depth contain the true ones."""
    roll = float(np.deg2rad(found.roll_degrees))
    try:
        about = extents(crop.zone, Camera(*SIZE, FOCAL, found.row, roll))
        true = extents(crop.zone, crop.camera)
    except EngineError:
        return (False, False)
    ranges = size_range(*about, found.confidence)
    sides = zip((ranges.width, ranges.depth), true, strict=True)
    return tuple(side.low <= length <= side.high for side, length in sides)


def extents(zone, camera):
    """Metres of the zone along the plan's axes."""
    plan = make_plan(ground_part(zone, camera), camera)
    rows, columns = np.nonzero(plan.inside(zone))
    return (np.ptp(columns) + 1) * plan.cell, (np.ptp(rows) + 1) * plan.cell


def median_and_p90(values):
    return f"{np.median(values):5.2f} /{np.percentile(values, 90):5.2f}"


def row(name, results, rolled):
    cells = [median_and_p90([one.error for one in results])]
    cells.append(median_and_p90([one.prior_error for one in results]))
    cells.append(median_and_p90([one.wrong_error for one in results]))
    if rolled:
        cells.append(median_and_p90([one.roll_error for one in results]))
        cells.append(median_and_p90([one.level_error for one in results]))
    held = np.mean([side for one in results for side in one.sizes_held])
    cells.append(f"{np.median([one.confidence for one in results]):.2f}")
    cells.append(f"{held:4.0%}")
    return f"| {name} | {' | '.join(cells)} |"


def pooled(everything, scenes):
    return [one for scene in scenes for one in everything[scene]]


def horizon_table(count, seed, rolled):
    extra = "roll | roll, if 0 were said | " if rolled else ""
    print("Degrees, median / 90th percentile", "(rolled up to 3 degrees)" if rolled else "")
    print(f"| scene | horizon | prior alone | shifted {WRONG:g}° | {extra}confidence | size held |")
    print("|---" * (8 if rolled else 6) + "|")
    everything = {}
    for scene in BUILT + LAWNS + WILD:
        everything[scene] = [told(crop) for crop in crops(scene, count, seed, rolled)]
        held_out = " (held out)" if scene in HELD_OUT else ""
        print(row(scene + held_out, everything[scene], rolled), flush=True)
    for name, scenes in GROUPS.items():
        print(row(f"**{name}**", pooled(everything, scenes), rolled))
    print(row("**held out**", pooled(everything, HELD_OUT), rolled), "\n", flush=True)


def board_table(count, seed):
    """Off by how much: with the true horizon, the one found, and the true one shifted 1 degree."""
    print("Board pitch off its 145 mm, per cent, of the decks whose boards can be measured")
    print("| scene | true horizon | estimated | shifted 1° |\n|---|---|---|---|")
    columns = [[], [], []]
    for scene in BUILT + LAWNS:
        offs = [_offs(crop) for crop in crops(scene, count, seed)]
        cells = []
        for column, values in zip(columns, zip(*offs, strict=True), strict=True):
            seen = [value for value in values if value is not None]
            column += seen
            cells.append(" ".join(f"{value:.1f}" for value in seen) or "none clear")
        print(f"| {scene} | {' | '.join(cells)} |", flush=True)
    print("| **median** |", " | ".join(f"{np.median(column):.1f}" for column in columns), "|")


def _offs(crop):
    camera = crop.camera
    shifted = camera.horizon_row + camera.focal * np.tan(np.deg2rad(1))
    pitches = [
        drawn_pitch(crop.photo, deck_zone(camera), camera, row)
        for row in (camera.horizon_row, None, shifted)
    ]
    return [
        100 * abs(pitch.metres / TRUE_PITCH - 1) if pitch.clearness > CLEAR else None
        for pitch in pitches
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crops", type=int, default=12)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--boards", type=int, default=2)
    given = parser.parse_args()
    for rolled in (False, True):
        horizon_table(given.crops, given.seed, rolled)
    if given.boards:
        board_table(given.boards, given.seed)


if __name__ == "__main__":
    main()
