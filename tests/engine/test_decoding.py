"""What comes in as a file is decoded safely, upright, or refused with a code."""

import io

import numpy as np
import pytest
from PIL import Image

from integrations.engine import EngineError, Hints, RoomType, render
from integrations.engine.decoding import MAX_PIXELS, decode_mask, decode_photo, focal_35mm
from tests.engine.scenes import SIZE, garden, zone


def encoded(image, kind="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def code_of(call):
    with pytest.raises(EngineError) as caught:
        call()
    return caught.value.code


def test_bytes_and_paths_are_taken(tmp_path):
    path = tmp_path / "zone.png"
    zone().save(path)
    result = render(encoded(garden()), path, RoomType.TERRACE, seed=1)
    assert result.image.size == SIZE


def test_the_photo_is_turned_upright_before_the_mask_is_laid_on_it():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn a quarter to the right
    lying = garden().transpose(Image.Transpose.ROTATE_90)
    photo = decode_photo(encoded(lying, "PNG", exif=exif))
    assert photo.size == SIZE
    assert np.array_equal(np.asarray(photo), np.asarray(garden()))


@pytest.mark.parametrize("content", [b"", b"not a picture", encoded(garden())[:900]])
def test_what_is_no_picture_is_refused(content):
    assert code_of(lambda: decode_photo(content)) == "image_not_decodable"


def test_other_formats_are_refused():
    assert code_of(lambda: decode_photo(encoded(garden(), "GIF"))) == "image_not_decodable"


def test_too_many_pixels_are_refused_before_they_are_decoded():
    bomb = encoded(Image.new("1", (20_000, 20_000)))
    assert len(bomb) < 100_000
    assert code_of(lambda: decode_photo(bomb)) == "image_too_large"
    large = encoded(Image.new("L", (4097, MAX_PIXELS // 4096)))
    assert code_of(lambda: decode_photo(large)) == "image_too_large"


def test_a_mask_of_another_size_is_refused():
    small = zone().resize((160, 120))
    assert code_of(lambda: render(garden(), small, RoomType.POOL, seed=1)) == "mask_size_mismatch"


def test_what_is_transparent_in_a_mask_is_not_zone():
    mask = Image.merge("RGBA", [Image.new("L", SIZE, 255)] * 3 + [zone()])
    assert np.array_equal(np.asarray(decode_mask(encoded(mask))), np.asarray(zone()))


def test_what_a_palette_makes_transparent_in_a_mask_is_not_zone():
    mask = Image.new("P", SIZE, 0)
    mask.putpalette([255, 255, 255, 255, 255, 255])
    mask.paste(1, mask=zone())
    decoded = decode_mask(encoded(mask, transparency=0))
    assert np.array_equal(np.asarray(decoded), np.asarray(zone()))


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped():
    grey = np.linspace(0, 65535, SIZE[0] * SIZE[1]).reshape(SIZE[::-1]).astype(np.uint16)
    content = encoded(Image.fromarray(grey))
    assert np.array_equal(np.asarray(decode_mask(content)), grey >> 8)
    assert np.array_equal(np.asarray(decode_photo(content))[:, :, 1], grey >> 8)


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "CMYK", "P", "1"])
def test_photos_of_other_modes_are_drawn_in_colour(mode):
    photo = garden().convert(mode)
    assert render(photo, zone(), RoomType.POOL, seed=1).image.mode == "RGB"


@pytest.mark.parametrize("value", ["28 mm", (28, 35), b"\x00", 0, 9000])
def test_an_odd_focal_length_in_the_metadata_is_left_out(value):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA405] = value
    assert focal_35mm(decode_photo(encoded(garden(), "JPEG", exif=exif))) is None


def test_a_photo_with_damaged_metadata_is_still_a_photo():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(garden(), "JPEG", exif=exif).replace(b"MM\x00*", b"MM\x00g")
    photo = decode_photo(content)
    assert photo.size == SIZE
    assert focal_35mm(photo) is None


def test_an_unknown_style_is_refused():
    code = code_of(lambda: render(garden(), zone(), RoomType.POOL, seed=1, style="ipe"))
    assert code == "style_unknown"


@pytest.mark.parametrize(
    "hints",
    [{"camera_height": 0.0}, {"roll_degrees": 90.0}, {"horizon_row": float("nan")}],
)
def test_impossible_hints_are_refused(hints):
    assert code_of(lambda: Hints(**hints)) == "hints_out_of_range"


def test_a_horizon_told_below_the_zone_is_refused():
    call = lambda: render(  # noqa: E731
        garden(), zone(), RoomType.TERRACE, seed=1, hints=Hints(horizon_row=230)
    )
    assert code_of(call) == "mask_above_horizon"


def test_the_focal_length_of_the_metadata_is_used():
    """A longer lens sees the same pixels under a smaller angle: the zone is farther and deeper."""
    sizes = []
    for focal in (24, 70):
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0xA405] = focal
        photo = encoded(garden(), "JPEG", exif=exif, quality=95)
        hints = Hints(horizon_row=96)
        sizes.append(render(photo, zone(), RoomType.TERRACE, seed=1, hints=hints).size_m)
    assert sizes[1].depth.about > 1.5 * sizes[0].depth.about
