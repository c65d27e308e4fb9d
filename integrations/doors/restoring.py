"""The photo pasted back where a picture was not to change it."""

import io

from PIL import Image, ImageChops, ImageFilter

from integrations.doors.derived import FOR_PEOPLE, encoded, opened

# Of the long edge: so far outside the zone the picture fades into the photo.
FEATHER = 1 / 160


def restored(photo: bytes, mask: bytes, picture: bytes) -> bytes:
    """The picture in the zone and the photo outside, in the picture's size and format. Between
    them lies a feather: beyond it each pixel is the photo's own."""
    after, name = opened(picture), str(Image.open(io.BytesIO(picture)).format)
    before = _sized(opened(photo), after.size, Image.Resampling.LANCZOS)
    zone = _sized(Image.open(io.BytesIO(mask)).convert("L"), after.size, Image.Resampling.BILINEAR)
    whole = Image.composite(after, before, _faded(zone))
    name = name if name in FOR_PEOPLE else "JPEG"
    return encoded(whole, name, FOR_PEOPLE[name])


def feather_of(size: tuple[int, int]) -> int:
    return max(2, round(max(size) * FEATHER))


def _faded(zone: Image.Image) -> Image.Image:
    """White in the zone, and a ramp down to black around it: what was built keeps its edge, and
    its shadow a little room."""
    zone = zone.point(lambda value: 255 if value > 127 else 0)
    blurred = zone.filter(ImageFilter.BoxBlur(feather_of(zone.size)))
    return ImageChops.lighter(zone, blurred.point(lambda value: min(255, 2 * value)))


def _sized(image: Image.Image, size: tuple[int, int], how: Image.Resampling) -> Image.Image:
    return image if image.size == size else image.resize(size, how)
