"""Synthetic gardens with something standing in the zone, or with a sun whose side is known."""

import numpy as np
from PIL import Image

from integrations.engine.colour import encoded, linear
from tests.engine.scenes import garden, zone

SIZE = (640, 480)
HORIZON = 190
POLYGON = [(220, 270), (430, 270), (524, 410), (120, 410)]
POST = np.s_[150:350, 300:322]
CAR_BODY, TYRES = np.s_[215:330, 250:390], (np.s_[318:352, 262:292], np.s_[318:352, 348:378])
COBBLES = (150, 144, 134)


def painted():
    return zone(POLYGON, SIZE)


def with_post(colour=(52, 52, 54)):
    """A dark grey post on a lawn, its head above the horizon."""
    photo = np.array(garden(SIZE, HORIZON))
    photo[POST] = textured(photo[POST].shape, colour)
    return Image.fromarray(photo)


def with_car():
    """A red body on black tyres, on grey cobbles: the tyres have the hue of the ground."""
    photo = np.array(garden(SIZE, HORIZON, COBBLES))
    photo[CAR_BODY] = textured(photo[CAR_BODY].shape, (176, 34, 30))
    for tyre in TYRES:
        photo[tyre] = textured(photo[tyre].shape, (24, 24, 25))
    return Image.fromarray(photo)


def with_yellow_patch():
    """A dry patch: other hue, a little brighter, soft at its edge, of the lawn's own texture."""
    photo = np.array(garden(SIZE, HORIZON)).astype(np.float64)
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    share = np.exp(-((((rows - 335) / 26) ** 2 + ((columns - 320) / 52) ** 2) ** 2))[:, :, None]
    photo += share * (np.array([178, 172, 66]) - np.array([92, 128, 60]))
    return Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8))


def sunlit(side, colour=(186, 180, 168)):
    """Pale ground under a blue sky, in the shadow of something beyond the frame on one side."""
    photo = np.array(garden(SIZE, HORIZON, colour))
    photo[:HORIZON] = (92, 148, 226)
    shaded = np.s_[HORIZON:, 540:] if side == "right" else np.s_[HORIZON:, :100]
    photo[shaded] = encoded(linear(photo[shaded]) * 0.25).astype(np.uint8)
    return Image.fromarray(photo)


def half_in_shade(kept=0.08):
    """Gravel under a clear sky, in the shade of a house but for the far part of the zone."""
    photo = np.array(garden(SIZE, HORIZON, COBBLES))
    photo[:HORIZON] = (92, 148, 226)
    photo[300:] = encoded(linear(photo[300:]) * kept).astype(np.uint8)
    return Image.fromarray(photo)


def clouded():
    """The same ground, darker, under a grey sky: no shadow anywhere."""
    photo = np.array(garden(SIZE, HORIZON, (112, 109, 102)))
    photo[:HORIZON] = (206, 208, 210)
    return Image.fromarray(photo)


def textured(shape, colour):
    noise = np.random.default_rng(5).normal(0, 3, (*shape[:2], 1))
    return np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
