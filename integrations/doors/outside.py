"""How much of a picture has changed where nothing was to change, and where."""

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageStat

from integrations.doors import ranks
from integrations.doors.derived import made_by_ai, opened

# Compared at this long edge: finer differences are the codec's.
EDGE = 512
# So far around the zone a picture may blend, in pixels at that edge.
MARGIN = 7
# So far a picture may have slid, in pixels at that edge: half of a square of so many.
SLIDE = 5
# Grey levels that an eye sees in a flat surface, beyond what JPEG adds.
SEEN = 26
# Of contrast, that a global change of tone may make: beyond it is another picture.
GAIN = (0.7, 1.4)
# The picture of the changes: its long edge, and how wide a change is ringed.
SHOWN, RING, RING_COLOUR = 1024, 11, (214, 40, 57)


@dataclass(frozen=True)
class Changes:
    """What is seen to differ outside the zone: its share, from 0 to 1, of what lies there, and
    where (white), at EDGE."""

    share: float
    where: Image.Image


def changed_outside(photo: bytes, mask: bytes, picture: bytes) -> float | None:
    """The share alone."""
    changes = changes_outside(photo, mask, picture)
    return changes.share if changes else None


def changes_outside(photo: bytes, mask: bytes, picture: bytes) -> Changes | None:
    """None when the mask covers all of the photo. Another size, JPEG, a slide by some pixels and
    one tone over everything are no difference. All three are pictures that Pillow opens."""
    before = _read(photo, "RGB")
    after = _read(picture, "RGB").resize(before.size, Image.Resampling.LANCZOS)
    outside = _outside(_read(mask, "L").resize(before.size, Image.Resampling.BILINEAR))
    everything = _count(outside)
    if not everything:
        return None
    before, after = (image.filter(ImageFilter.GaussianBlur(1.5)) for image in (before, after))
    # A large change moves the tone of all, and a change of tone moves every pixel: whichever of the
    # two explains more is what happened.
    darkest, lightest = ranks.darkest(before, SLIDE), ranks.lightest(before, SLIDE)
    hypotheses = (after, _in_tone(after, before, outside))
    seen = [
        ImageChops.multiply(_differs(image, darkest, lightest), outside) for image in hypotheses
    ]
    where = min(seen, key=_count)
    return Changes(_count(where) / everything, where)


def drawn(changes: Changes, picture: bytes, label: str = "") -> bytes:
    """A JPEG of the picture: what changed outside the zone in its colours and ringed, all else
    pale; and the label."""
    image = opened(picture, SHOWN)
    image.thumbnail((SHOWN, SHOWN), Image.Resampling.LANCZOS)
    where = changes.where.resize(image.size, Image.Resampling.BILINEAR)
    around = where.filter(ImageFilter.MaxFilter(RING)).point(lambda value: 255 if value else 0)
    pale = Image.blend(
        image.convert("L").convert("RGB"), Image.new("RGB", image.size, "white"), 0.6
    )
    ringed = Image.composite(Image.new("RGB", image.size, RING_COLOUR), pale, around)
    shown = Image.composite(image, ringed, where.point(lambda value: 255 if value > 127 else 0))
    return made_by_ai(shown, "JPEG", {"quality": 82, "optimize": True}, label)


def _read(data: bytes, mode: str) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.draft(mode, (EDGE, EDGE))
    small = image.convert(mode)
    small.thumbnail((EDGE, EDGE), Image.Resampling.BOX)
    return small


def _outside(mask: Image.Image) -> Image.Image:
    """White where the mask, and its margin, is not."""
    wider = mask.filter(ImageFilter.BoxBlur(MARGIN))
    return wider.point(lambda value: 0 if value > 1 else 255)


def _in_tone(image: Image.Image, like: Image.Image, where: Image.Image) -> Image.Image:
    """With the brightness and contrast, channel by channel, of another one."""
    ours, theirs = ImageStat.Stat(image, where), ImageStat.Stat(like, where)
    curve: list[float] = []
    for channel in range(3):
        spread = theirs.stddev[channel] / max(ours.stddev[channel], 1)
        gain = min(max(spread, GAIN[0]), GAIN[1])
        shift = theirs.median[channel] - gain * ours.median[channel]
        curve += [gain * value + shift for value in range(256)]
    return image.point([round(min(max(value, 0), 255)) for value in curve])


def _differs(after: Image.Image, darkest: Image.Image, lightest: Image.Image) -> Image.Image:
    """White where any channel is darker or lighter than all that was close by; single pixels are
    not."""
    darker, lighter = ImageChops.subtract(darkest, after), ImageChops.subtract(after, lightest)
    red, green, blue = ImageChops.add(darker, lighter).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return ranks.median(most.point(lambda value: 255 if value > SEEN else 0), 5)


def _count(white: Image.Image) -> int:
    return white.histogram()[255]
