"""What is made of a picture for browsers and for people: other sizes, other formats, a pair."""

import io
from typing import Any

from PIL import Image, ImageOps

from integrations.doors.disclosure import PACKET, disclosed
from integrations.doors.images import without_alpha
from integrations.doors.labels import draw_label, draw_pill

# Measured on the sample garden, 1600 px wide: AVIF takes 0.12 s of a processor at speed 9, 0.35 s
# at 8 and 1.2 s at 6, for 155, 154 and 149 kB; WebP 0.08 s and 171 kB; JPEG 0.04 s and 269 kB.
FOR_BROWSERS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 55, "speed": 9, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 75, "method": 2}),
    "jpg": ("JPEG", {"quality": 80, "progressive": True, "optimize": True}),
}
FOR_PEOPLE: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "subsampling": 0},
    "WEBP": {"quality": 92, "method": 2},
    "PNG": {"compress_level": 3},
}
# As Open Graph wants it, and most messengers show it.
MESSENGER = (1200, 630)
# In both languages: one picture is kept for all who see it.
MADE_BY_AI = "Image IA · AI-generated"
# Each half of a pair: wider than a screen, and small enough for a mail.
HALF = 2000


def opened(data: bytes, width: int = 0) -> Image.Image:
    """Upright, on white, with its colour profile; a JPEG is decoded no larger than needed."""
    image = Image.open(io.BytesIO(data))
    if width:
        image.draft("RGB", (width, max(1, width * image.height // image.width)))
    ImageOps.exif_transpose(image, in_place=True)
    return without_alpha(image, "white", "RGB")


def reduced(data: bytes, width: int, kind: str) -> bytes:
    """A photo as one of FOR_BROWSERS, at most so wide and never larger than it was."""
    name, options = FOR_BROWSERS[kind]
    return encoded(_at_most(opened(data, width), width), name, options)


def reduced_picture(data: bytes, width: int, kind: str, label: str = "") -> bytes:
    """The same of a picture: the file says what it is, and the picture itself where there is a
    label."""
    name, options = FOR_BROWSERS[kind]
    return made_by_ai(_at_most(opened(data, width), width), name, options, label)


def for_messengers(data: bytes) -> bytes:
    """A picture as link previews show it: a labelled JPEG of that size, cut to its shape."""
    width, height = MESSENGER
    image = ImageOps.fit(opened(data, 2 * width), (width, height), Image.Resampling.LANCZOS)
    name, options = FOR_BROWSERS["jpg"]
    return made_by_ai(image, name, options, MADE_BY_AI)


def converted(data: bytes, name: str, label: str = "") -> bytes:
    """A picture in its full size, as one of FOR_PEOPLE; of one that has that format already, and
    gets no label, no pixel is touched."""
    if not label and Image.open(io.BytesIO(data)).format == name:
        return disclosed(data)
    return made_by_ai(opened(data), name, FOR_PEOPLE[name], label)


def made_by_ai(image: Image.Image, name: str, options: dict[str, Any], label: str = "") -> bytes:
    """A file of a picture: the label is drawn, the metadata are set."""
    if label:
        draw_label(image, label)
    if name == "AVIF":
        return encoded(image, name, {**options, "xmp": PACKET})
    return disclosed(encoded(image, name, options))


def encoded(image: Image.Image, name: str, options: dict[str, Any]) -> bytes:
    """Nothing of `image.info` is handed on but the colour profile."""
    profile = image.info.get("icc_profile")
    image.info = {}
    out = io.BytesIO()
    image.save(out, name, **options, **({"icc_profile": profile} if profile else {}))
    return out.getvalue()


def side_by_side(before: bytes, after: bytes, labels: tuple[str, str], label: str) -> bytes:
    """A JPEG of both, in the second one's shape, with words in the corner of each and the label on
    the second."""
    right = _at_most(opened(after, HALF), HALF)
    left = opened(before, HALF).resize(right.size, Image.Resampling.LANCZOS)
    for image, words in ((left, labels[0]), (right, labels[1])):
        draw_pill(image, words, max(11, image.width // 34))
    draw_label(right, label)
    gap = max(2, right.width // 150)
    pair = Image.new("RGB", (2 * right.width + gap, right.height), "white")
    pair.paste(left, (0, 0))
    pair.paste(right, (right.width + gap, 0))
    return made_by_ai(pair, "JPEG", FOR_PEOPLE["JPEG"])


def _at_most(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
