"""What picture files say of themselves, read back by ExifTool, and what is written on pictures."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops, features

from integrations.doors import derived
from integrations.doors.disclosure import CREDIT, PACKET, SOURCE_TYPE, disclosed
from integrations.doors.labels import draw_label
from tests.conftest import photo_bytes
from tests.exiftool import facts_of

TERM = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
FRENCH, ENGLISH = "Image produite par IA", "AI-generated image"
EARLIER = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta> of somebody else'


def says_so(*files: bytes) -> list[bool]:
    """Of each file whether it says that a part of it was made by AI."""
    return [_says_so(facts) for facts in facts_of(*files)]


def _says_so(facts: dict[str, Any]) -> bool:
    assert not any(str(key).endswith(("Error", "Warning")) for key in facts), facts
    return (facts.get("XMP-iptcExt:DigitalSourceType"), facts.get("XMP-photoshop:Credit")) == (
        TERM, "Image produite par IA / AI-generated image",
    )  # fmt: skip


def made(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    image = Image.open(io.BytesIO(photo_bytes((97, 75)))).convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


FILES = {
    "jpeg": made("JPEG"),
    "jpeg_progressive": made("JPEG", progressive=True),
    "jpeg_grey": made("JPEG", "L"),
    "jpeg_with_exif": made("JPEG", exif=Image.Exif().tobytes() + b""),
    "jpeg_with_xmp": made("JPEG", xmp=EARLIER),
    "jpeg_with_fill": made("JPEG")[:2] + b"\xff\xff" + made("JPEG")[2:],
    "png": made("PNG"),
    "png_palette": made("PNG", "P"),
    "webp": made("WEBP"),
    "webp_lossless": made("WEBP", lossless=True),
    "webp_alpha": made("WEBP", "RGBA"),
    "webp_lossless_alpha": made("WEBP", "RGBA", lossless=True, exact=True),
    "webp_with_xmp": made("WEBP", xmp=EARLIER),
}


def test_it_is_read_back() -> None:
    told = dict(zip(FILES, says_so(*map(disclosed, FILES.values())), strict=True))
    assert told == dict.fromkeys(FILES, True)
    bare = says_so(*FILES.values())
    assert not any(bare) and TERM == SOURCE_TYPE and CREDIT.endswith(ENGLISH)


@pytest.mark.parametrize("name", FILES)
def test_no_pixel_is_touched(name: str) -> None:
    before, after = FILES[name], disclosed(FILES[name])
    assert after.count(PACKET) == 1 and b"somebody else" not in after
    shown, told = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert (told.size, told.mode, told.format) == (shown.size, shown.mode, shown.format)
    assert told.tobytes() == shown.tobytes()
    assert disclosed(after) == after, "told twice it is told once"


def test_what_is_no_picture_of_ours() -> None:
    for data in (b"", b"GIF89a", b"RIFF....WAVE", b"%PDF-1.4"):
        with pytest.raises(ValueError, match="JPEG"):
            disclosed(data)


def test_every_size_says_so() -> None:
    assert features.check("avif")
    kinds = list(derived.FOR_BROWSERS)
    assert all(says_so(*(derived.reduced_picture(FILES["png"], 64, kind) for kind in kinds)))
    photos = says_so(*(derived.reduced(FILES["png"], 64, kind) for kind in kinds))
    assert not any(photos), "a photo was made by nobody"


def test_so_does_what_people_take_home() -> None:
    whole = [
        derived.converted(FILES["jpeg_with_xmp"], name, label)
        for name in derived.FOR_PEOPLE
        for label in ("", FRENCH)
    ]
    pair = derived.side_by_side(FILES["jpeg"], FILES["png"], ("a", "b"), FRENCH)
    assert all(says_so(*whole, pair, derived.for_messengers(FILES["webp"])))


# --- the label


@pytest.mark.parametrize("text", [FRENCH, ENGLISH])
@pytest.mark.parametrize("size", [(64, 64), (300, 225), (225, 300), (1600, 1200), (4096, 3072)])
@pytest.mark.parametrize("background", ["white", "black", (140, 140, 140), (170, 205, 240)])
def test_it_can_be_read_on_whatever_lies_under_it(
    text: str, size: tuple[int, int], background: Any
) -> None:
    """A small line in the lower right corner, its letters far from what is around them."""
    bare = Image.new("RGB", size, background)
    image = bare.copy()
    draw_label(image, text)
    box = ImageChops.difference(image, bare).convert("L").point(lambda v: 255 * (v > 2)).getbbox()
    assert box is not None
    left, top, right, bottom = box
    width, height = size
    assert left >= 0 and right < width and bottom < height and right > width * 0.9
    assert bottom - top <= max(0.04 * max(size), 20), "small"
    tones = image.crop(box).convert("L").getextrema()
    assert tones[1] >= 240 or max(size) < 100  # type: ignore[operator]
    pill = image.getpixel(((left + right) // 2, top + 1 + (bottom - top) // 12))
    assert isinstance(pill, tuple) and max(pill) <= 100, "dark under the letters"


def test_the_letters_are_no_smaller_than_can_be_read() -> None:
    """Also in the French of a narrow picture: eleven pixels, where they fit."""
    image = Image.new("RGB", (300, 225), "white")
    draw_label(image, FRENCH)
    dark = image.convert("L").point(lambda value: 255 * (value < 128)).getbbox()
    assert dark is not None and dark[3] - dark[1] >= 17
