"""The contact sheet: every photo with every type, what was refused in its own cell."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from integrations.engine import sheet
from tests.engine.scenes import SIZE, garden, pixels, zone

GARDEN = Path(__file__).parents[2] / "static" / "samples" / "garden.jpg"
WIDTH = 200
CELL = WIDTH * 3 // 4 + sheet.LINES * sheet.LINE + sheet.MARGIN


def small_garden(folder):
    path = folder / "garden.jpg"
    with Image.open(GARDEN) as photo:
        photo.resize((320, 240)).save(path, quality=90)
    return path


def made(folder, *arguments):
    out = folder / "sheet.png"
    names = [str(argument) for argument in (*arguments, "--out", out, "--width", WIDTH)]
    assert sheet.main(names) == 0
    return Image.open(out).convert("RGB")


def test_the_command_makes_a_cell_of_each_photo_and_type(tmp_path):
    photo, out = small_garden(tmp_path), tmp_path / "sheet.jpg"
    run = [sys.executable, "-m", "integrations.engine.sheet", photo, photo]
    run += ["--out", out, "--width", str(WIDTH), "--seed", "3"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    with Image.open(out) as drawn:
        assert drawn.size == (3 * WIDTH, 2 * CELL)
        terrace, pool, petanque = (
            pixels(drawn.crop((n * WIDTH, 0, (n + 1) * WIDTH, 150))) for n in range(3)
        )
    assert np.abs(terrace - pool)[110:130, 60:140].mean() > 10
    assert np.abs(pool - petanque)[110:130, 60:140].mean() > 10
    assert np.abs(terrace - pool)[:60].mean() < 3  # the sky, but for the codec


def test_each_cell_tells_what_was_drawn(tmp_path):
    drawn = made(tmp_path, small_garden(tmp_path))
    for number in range(3):
        caption = pixels(drawn.crop((number * WIDTH, 150, (number + 1) * WIDTH, CELL)))
        lines = caption[: sheet.LINES * sheet.LINE].min(axis=2).reshape(sheet.LINES, -1)
        assert (lines.min(axis=1) < 100).all()


def test_the_caption_names_style_size_horizon_and_warnings():
    result = sheet.EmbeddedRenderer().render(garden(), zone(), sheet.RoomType.POOL, seed=3)
    told = " ".join(sheet.told(result))
    for word in (result.style, " m ", "horizon", "confidence", " s ", "scale_assumed"):
        assert word in told


def test_what_the_engine_refuses_is_said_in_its_cell(tmp_path):
    photo, mask = tmp_path / "photo.png", tmp_path / "mask.png"
    garden().save(photo)
    Image.new("L", SIZE).save(mask)
    drawn = pixels(made(tmp_path, photo, "--mask", mask))
    assert drawn[:150].min() == 255  # no picture
    red = (drawn[:, :, 0] > 120) & (drawn[:, :, 1] < 80)
    assert red[150:].any(axis=1).sum() > 20


def test_a_file_that_is_no_picture_is_said_too(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"no picture")
    assert pixels(made(tmp_path, photo))[:150].min() == 255


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        made(tmp_path, tmp_path / "none.jpg")
    assert ended.value.code == 2
    assert "none.jpg" in capsys.readouterr().err


def test_the_proposed_zone_is_white_on_black_and_on_the_ground():
    proposed = pixels(sheet.proposed_zone(SIZE))
    assert set(np.unique(proposed)) == {0, 255}
    assert proposed[: SIZE[1] // 2].max() == 0
    assert 0.1 < (proposed > 0).mean() < 0.3
