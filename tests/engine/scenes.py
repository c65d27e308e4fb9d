"""Synthetic photos: a sky over ground with a grain, seen by a camera that is known."""

import numpy as np
from PIL import Image, ImageDraw

from integrations.engine.camera import Camera, apply_homography

SIZE = (320, 240)
HORIZON = 96.0
QUADRILATERAL = [(110, 135), (215, 135), (262, 205), (60, 205)]


def garden(size=SIZE, horizon=HORIZON, colour=(92, 128, 60)):
    """Blue sky above the horizon, mottled lawn below."""
    width, height = size
    rng = np.random.default_rng(7)
    photo = np.empty((height, width, 3), np.float64)
    rows = np.arange(height)[:, None]
    photo[:] = np.where((rows < horizon)[:, :, None], (168, 196, 226), colour)
    photo += rng.normal(0, 6, (height, width, 1)) * (rows >= horizon)[:, :, None]
    return Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8))


def zone(polygon=QUADRILATERAL, size=SIZE):
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon([tuple(point) for point in polygon], fill=255)
    return mask


def camera(size=SIZE, horizon=HORIZON, roll=0.0):
    return Camera(*size, focal=0.8 * size[0], horizon_row=horizon, roll=roll)


def checkerboard(seen_by, pitch=0.8):
    """Ground tiled in squares of `pitch` metres: its lines are the perspective's ground truth."""
    v, u = np.mgrid[0 : seen_by.height, 0 : seen_by.width].astype(np.float32)
    x, z, w = apply_homography(seen_by.ground_from_pixel(), u, v)
    dark = (np.floor(x / pitch) + np.floor(z / pitch)) % 2 == 0
    grey = np.where(w <= 0, 210, np.where(dark, 90, 150)).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def pixels(image):
    return np.asarray(image).astype(int)
