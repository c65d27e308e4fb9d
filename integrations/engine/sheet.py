"""`python -m integrations.engine.sheet PHOTO… --out sheet.jpg`: each photo with each type.

A mask belongs to the photo at the same place of the command; without one a zone is proposed: a
trapezium on the ground before the camera.
"""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from integrations.engine.decoding import decode_mask, decode_photo
from integrations.engine.errors import EngineError
from integrations.engine.rendering import EmbeddedRenderer
from integrations.engine.types import RenderResult, RoomType

# Shares of the picture's sides: below most horizons, away from the border.
PROPOSED = ((0.27, 0.66), (0.71, 0.66), (0.86, 0.92), (0.12, 0.92))
WIDTH = 800  # pixels of a cell
LINE, LINES, MARGIN = 20, 4, 8
PAPER, INK, ALARM = "#ffffff", "#202020", "#a01818"
QUALITY = 88


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    rows = [_row(asked, number) for number in range(len(asked.photos))]
    sheet = stacked([beside(row) for row in rows])
    sheet.save(asked.out, quality=QUALITY)
    print(f"{asked.out}: {len(rows)} photos, {sheet.width} x {sheet.height}")
    return 0


def _asked(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="integrations.engine.sheet", description="A contact sheet.")
    parser.add_argument("photos", nargs="+", type=_file, metavar="PHOTO")
    parser.add_argument("--out", type=Path, required=True, help="JPEG, PNG or WebP")
    parser.add_argument(
        "--mask", type=Path, action="append", default=[], help="of the photo so far"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--width", type=int, default=WIDTH, help="of a cell, pixels")
    return parser.parse_args(arguments)


def _file(name: str) -> Path:
    if not Path(name).is_file():
        raise ArgumentTypeError(f"{name}: there is no such file")
    return Path(name)


def _row(asked: Namespace, number: int) -> list[Image.Image]:
    photo = asked.photos[number]
    mask = asked.mask[number] if number < len(asked.mask) else None
    return [_cell(photo, mask, kind, asked.seed, asked.width) for kind in RoomType]


def _cell(
    photo: Path, mask: Path | None, room_type: RoomType, seed: int, width: int
) -> Image.Image:
    """The picture with its caption, or what the engine refused and why."""
    head = f"{photo.name}  {room_type}  seed {seed}"
    try:
        picture = decode_photo(photo)
        zone = decode_mask(mask) if mask else proposed_zone(picture.size)
        result = EmbeddedRenderer().render(picture, zone, room_type, seed=seed)
    except EngineError as error:
        refused = Image.new("RGB", (width, width * 3 // 4), PAPER)
        return captioned(refused, [head, f"refused: {error.code}", str(error)], width, ALARM)
    return captioned(result.image, [head, *told(result)], width, INK)


def proposed_zone(size: tuple[int, int]) -> Image.Image:
    """A plausible zone where none was painted, white on black."""
    zone = Image.new("L", size)
    corners = [(x * size[0], y * size[1]) for x, y in PROPOSED]
    ImageDraw.Draw(zone).polygon(corners, fill=255)
    return zone


def told(result: RenderResult) -> list[str]:
    """What the result says of itself, in three lines."""
    horizon, size = result.horizon, result.size_m
    seconds = sum(result.timings.values())
    metres = f"about {size.width.about} x {size.depth.about} m" if size else "no size"
    return [
        f"{result.style}  {metres}  {seconds:.2f} s",
        f"horizon {horizon.row:.0f} of {result.image.height}, "
        f"confidence {horizon.confidence:.2f}, roll {horizon.roll_degrees:.1f}",
        "warnings: " + (", ".join(warning.code for warning in result.warnings) or "none"),
    ]


def captioned(picture: Image.Image, lines: list[str], width: int, ink: str) -> Image.Image:
    """A cell of a sheet: the picture at this width, the lines below it."""
    height = round(picture.height * width / picture.width)
    small = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    cell = Image.new("RGB", (width, height + LINES * LINE + MARGIN), PAPER)
    cell.paste(small)
    draw, font = ImageDraw.Draw(cell), ImageFont.load_default(LINE * 0.7)
    for number, line in enumerate(lines):
        draw.text((MARGIN, height + number * LINE + MARGIN / 2), line, ink, font)
    return cell


def beside(cells: Sequence[Image.Image]) -> Image.Image:
    """One row of a sheet."""
    sheet = Image.new("RGB", (sum(c.width for c in cells), max(c.height for c in cells)), PAPER)
    left = 0
    for cell in cells:
        sheet.paste(cell, (left, 0))
        left += cell.width
    return sheet


def stacked(rows: Sequence[Image.Image]) -> Image.Image:
    """A sheet of its rows."""
    sheet = Image.new("RGB", (max(r.width for r in rows), sum(r.height for r in rows)), PAPER)
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    return sheet


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
