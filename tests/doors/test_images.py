"""Photos and masks as strangers send them: read, or refused with a code that says why."""

import io
import zlib
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageCms

from integrations.doors import images
from integrations.doors.images import ImageProblem, read_mask, read_photo
from tests.conftest import SIZE, mask_bytes, photo_bytes

ORIENTATION = 0x0112


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def refused(code: str, read: Any, *arguments: Any, **options: Any) -> None:
    with pytest.raises(ImageProblem) as problem:
        read(*arguments, **options)
    assert problem.value.code == code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_usual_kinds_become_an_rgb_jpeg(kind: str) -> None:
    photo = read_photo(photo_bytes(kind=kind))
    assert (photo.width, photo.height) == SIZE
    assert (opened(photo.data).format, opened(photo.data).mode) == ("JPEG", "RGB")


def test_heic_from_a_phone() -> None:
    image = Image.new("RGB", SIZE, (90, 130, 60))
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out)
    photo = read_photo(out.getvalue())
    assert (photo.width, photo.height) == SIZE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright_and_loses_its_metadata(orientation: int) -> None:
    upright = Image.new("RGB", (160, 120), "green")
    upright.paste("red", (0, 0, 80, 60))
    turned = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    image = upright.transpose(turned[orientation]) if orientation in turned else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010E] = "the client's name"
    photo = opened(read_photo(encoded(image, "JPEG", quality=95, exif=exif)).data)
    assert photo.size == (160, 120)
    red, green, _blue = photo.getpixel((20, 20))  # type: ignore[misc]
    assert red > 200 > green
    assert not photo.getexif() and b"client" not in photo.tobytes()


def test_a_large_photo_is_reduced_to_the_working_size(settings: Any) -> None:
    settings.WORKING_IMAGE_MAX_EDGE = 400
    photo = read_photo(photo_bytes((1600, 1200)))
    assert (photo.width, photo.height) == (400, 300)


def test_colours_of_a_wide_profile_are_brought_to_srgb() -> None:
    """The same numbers under another profile are another colour."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    image = Image.new("RGB", SIZE, (200, 60, 60))
    lied = encoded(image, "JPEG", icc_profile=profile.tobytes(), quality=95)
    assert read_photo(lied).width == SIZE[0], "a profile of another space is not believed"
    photo = opened(read_photo(lied).data)
    assert "icc_profile" not in photo.info


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
def test_unusual_pixels_are_read(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    image = Image.new(mode, SIZE) if mode == "I;16" else Image.new("RGB", SIZE).convert(mode)
    if kind == "TIFF":
        kind = "JPEG"
    assert read_photo(encoded(image, kind)).width == SIZE[0]


def test_sixteen_bit_grey_keeps_its_shades() -> None:
    image = Image.new("I;16", SIZE, 32768)
    grey = opened(read_photo(encoded(image, "PNG")).data).convert("L").getpixel((5, 5))
    assert 120 <= int(grey) <= 136  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image_empty"),
        (b"<html>not here</html>", "image_not_decodable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_not_decodable"),
        (photo_bytes()[:600], "image_not_decodable"),
        (photo_bytes(kind="PNG")[:-200], "image_not_decodable"),
        (photo_bytes(kind="GIF"), "image_not_decodable"),
        (photo_bytes(kind="TIFF"), "image_not_decodable"),
        (photo_bytes((40, 40)), "image_too_small"),
        (b"\xff" * (images.MAX_BYTES + 1), "image_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_photo_is_refused(data: bytes, code: str) -> None:
    refused(code, read_photo, data)
    expected = {"image_too_small": "image_too_small"}.get(code, code)
    refused(expected, read_mask, data, size=SIZE)


def bomb(side: int) -> bytes:
    """A PNG of side × side pixels in a few kilobytes: what it says of itself is enough."""
    header = side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + check

    pixels = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)


@pytest.mark.parametrize("side", [8100, 17_400, 60_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    refused("image_too_large", read_photo, bomb(side))
    refused("image_too_large", read_mask, bomb(side), size=SIZE)


def test_a_mask_is_kept_exactly() -> None:
    mask = read_mask(mask_bytes(), size=SIZE)
    assert opened(mask.data).mode == "L"
    assert opened(mask.data).tobytes() == opened(mask_bytes()).tobytes()


def test_a_mask_of_the_same_shape_is_scaled() -> None:
    mask = read_mask(mask_bytes((640, 480)), size=SIZE)
    assert (mask.width, mask.height) == SIZE


@pytest.mark.parametrize("size", [(240, 320), (320, 200), (330, 240)])
def test_a_mask_of_another_shape_is_refused(size: tuple[int, int]) -> None:
    refused("mask_size_mismatch", read_mask, mask_bytes(size), size=SIZE)


def test_an_empty_mask_is_refused() -> None:
    for colour in (0, 127):
        blank = encoded(Image.new("L", SIZE, colour), "PNG")
        refused("mask_empty", read_mask, blank, size=SIZE)


def test_transparency_in_a_mask_is_black() -> None:
    mask = Image.new("RGBA", SIZE, (255, 255, 255, 0))
    mask.paste((255, 255, 255, 255), (100, 100, 200, 200))
    found = opened(read_mask(encoded(mask, "PNG"), size=SIZE).data)
    assert (found.getpixel((10, 10)), found.getpixel((150, 150))) == (0, 255)


def test_a_polygon_becomes_a_mask() -> None:
    data = images.rasterise_polygon([(10, 10), (100, 10), (100, 90), (10, 90)], SIZE)
    mask = opened(data)
    assert mask.size == SIZE and mask.getpixel((50, 50)) == 255 and mask.getpixel((5, 5)) == 0


def test_lines_that_cross_leave_no_hole() -> None:
    """A lasso that goes round twice, and a star in one stroke."""
    square = [(10, 10), (90, 10), (90, 90), (10, 90)]
    twice = opened(images.rasterise_polygon(square * 2, SIZE))
    assert twice.getpixel((50, 50)) == 255 and twice.getpixel((5, 5)) == 0
    star = [(50, 5), (80, 95), (5, 38), (95, 38), (20, 95)]
    assert opened(images.rasterise_polygon(star, SIZE)).getpixel((50, 50)) == 255


def test_a_pixel_is_inside_when_its_centre_is() -> None:
    half = opened(
        images.rasterise_polygon([(10.4, 10.6), (20.6, 10.6), (20.6, 20.4), (10.4, 20.4)], SIZE)
    )
    assert half.getbbox() == (10, 11, 21, 20)


def test_a_picture_is_inspected_to_its_last_byte() -> None:
    facts = images.inspect_picture(photo_bytes(kind="PNG"))
    assert (facts.content_type, facts.width, facts.height) == ("image/png", *SIZE)
    refused("image_not_decodable", images.inspect_picture, photo_bytes(kind="PNG")[:-60])


def test_a_picture_with_another_behind_it_is_a_jpeg() -> None:
    behind = [Image.new("RGB", SIZE, "grey")]
    picture = encoded(Image.new("RGB", SIZE, "green"), "MPO", save_all=True, append_images=behind)
    assert opened(picture).format == "MPO"
    assert images.inspect_picture(picture).content_type == "image/jpeg"


def test_a_thumbnail_is_small() -> None:
    small = opened(images.thumbnail(photo_bytes((1600, 1200)), 640))
    assert small.format == "JPEG" and small.size == (640, 480)
