"""How much of each pixel belongs to what stands before the ground, fine as a leaf's edge."""

from dataclasses import dataclass

import cv2
import numpy as np

from integrations.engine.rasters import Bools, Bytes, Floats, blurred, floats

CORE, OPEN = 0.85, 0.15  # share of the thing in the small picture: surely it, surely ground
RIM = 1.6  # pixels of the small picture: how far the edge may be from where it was found
FAINT = 60.0  # squared step of 8-bit colour below which the small picture decides


@dataclass(frozen=True)
class Matte:
    """Of a block of the photo, the rest of which holds nothing that stands."""

    rows: slice
    columns: slice
    share: Floats  # (rows, columns), 0..1
    colour: Floats  # (rows, columns, 3), 0..255: the thing's own, the ground's taken out

    def laid_over(self, picture: Bytes, photo: Bytes, zone: Bytes) -> None:
        """The thing over a picture, in place, inside the zone (h, w, 0 or 255) only."""
        block = (self.rows, self.columns)
        share = np.where(zone[block] > 0, self.share, 0)[:, :, None]
        drawn = floats(picture[block])
        mixed = np.clip(drawn + (self.colour - drawn) * share + 0.5, 0, 255).astype(np.uint8)
        picture[block] = np.where(
            share == 1, photo[block], np.where(share > 0, mixed, picture[block])
        )


def matte_of(photo: Bytes, standing: Bools) -> Matte:
    """What stands in the photo, cut out.

    photo: RGB (h, w, 3); standing: where it was found, in a smaller picture. Between pixels surely
    of the thing and surely of the ground each pixel is taken for a mixture of the local means of
    both colours (Smith & Blinn, Blue screen matting, 1996, for known colours).
    """
    height, width = photo.shape[:2]
    scale = width / standing.shape[1]
    rows, columns = _around(standing, scale, photo.shape)
    coarse = _coarse(standing, (width, height))[rows, columns]
    picture = floats(photo[rows, columns])
    sigma = RIM * scale
    thing = _local_mean(picture, coarse > CORE, sigma)
    ground = _local_mean(picture, coarse < OPEN, sigma)
    step = thing - ground
    power = np.sum(step * step, axis=2)
    share = np.sum((picture - ground) * step, axis=2) / np.maximum(power, 1e-3)
    share = np.clip((share - 0.15) / 0.7, 0, 1)
    trust = power / (power + FAINT)
    fine = blurred(floats(share * trust + coarse * (1 - trust)), 0.5)
    fine = floats(np.where(coarse > CORE, 1, np.where(coarse < OPEN, 0, fine)))
    return Matte(rows, columns, fine, thing + (picture - thing) * fine[:, :, None])


def _around(standing: Bools, scale: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The block of the photo that holds all that stands, with a margin."""
    left, top, width, height = cv2.boundingRect(standing.astype(np.uint8))
    margin = 3 * RIM
    spans = []
    for first, length, most in ((top, height, shape[0]), (left, width, shape[1])):
        start, end = (first - margin) * scale, (first + length + margin) * scale
        spans.append(slice(max(0, int(start)), min(most, int(np.ceil(end)))))
    return spans[0], spans[1]


def _coarse(standing: Bools, size: tuple[int, int]) -> Floats:
    soft = blurred(floats(standing), RIM / 2)
    return floats(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR))


def _local_mean(picture: Floats, chosen: Bools, sigma: float) -> Floats:
    """Mean colour of the chosen pixels near each pixel, (h, w, 3)."""
    weight = floats(chosen)
    near, far = 2 * sigma, 8 * sigma
    total = blurred(picture * weight[:, :, None], near)
    count = blurred(weight, near)
    wide_total = blurred(picture * weight[:, :, None], far)
    wide_count = blurred(weight, far)
    total = total + 0.01 * wide_total + 1e-6 * picture
    return floats(total / (count + 0.01 * wide_count + 1e-6)[:, :, None])
