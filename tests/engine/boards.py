"""How wide the boards of a drawn deck are, by the strongest frequency over ground depth."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from integrations.engine import Hints, RoomType, render
from integrations.engine.camera import FULL_FRAME_WIDTH_MM
from integrations.engine.rasters import floats

TRUE_PITCH = 0.145  # metres
ACROSS_THE_VIEW = 3  # a seed whose boards lie across the view: only those have a pitch in depth
TOP = 0.1  # metres: how high the deck stands
NEAR, FAR = 3.6, 6.0  # metres of depth that are measured
STEP = 0.005  # metres
SLOWEST, FASTEST = 5, 12  # boards a metre
CLEAR = 4.0  # times the median of the spectrum: a peak, not the photo's own pattern


@dataclass(frozen=True)
class Pitch:
    metres: float
    clearness: float  # peak over median of the spectrum


def drawn_pitch(photo, zone, camera, horizon_row=None):
    """Draw a deck where `horizon_row` says (None: where the engine finds it), measure it truly."""
    hints = Hints(
        horizon_row=horizon_row,
        roll_degrees=None if horizon_row is None else float(np.degrees(camera.roll)),
        focal_35mm=camera.focal / camera.width * FULL_FRAME_WIDTH_MM,
        camera_height=camera.elevation,
    )
    images = Image.fromarray(photo), Image.fromarray(zone)
    drawn = render(*images, RoomType.TERRACE, seed=ACROSS_THE_VIEW, style="pine", hints=hints)
    return board_pitch(np.asarray(drawn.image.convert("L")).astype(float), camera)


def board_pitch(grey, camera):
    """From a picture's brightness, (h, w), straight ahead of its true camera."""
    depth = np.arange(NEAR, FAR, STEP)
    profiles = []
    for x in np.linspace(-0.25, 0.25, 26):
        u, v, _ = camera.project(np.full(depth.size, x, np.float32), TOP, floats(depth))
        column = np.clip(np.round(u).astype(int), 0, camera.width - 1)
        low = np.clip(np.floor(v).astype(int), 0, camera.height - 2)
        share = np.clip(v - low, 0, 1)
        profiles.append(grey[low, column] * (1 - share) + grey[low + 1, column] * share)
    profile = np.mean(profiles, axis=0)
    profile -= np.convolve(profile, np.ones(61) / 61, mode="same")
    window = (profile * np.hanning(profile.size))[30:-30]
    spectrum = np.abs(np.fft.rfft(window, 16384))
    frequency = np.fft.rfftfreq(16384, STEP)
    band = (frequency > SLOWEST) & (frequency < FASTEST)
    peak = int(np.argmax(spectrum[band]))
    clearness = float(spectrum[band][peak] / np.median(spectrum[band]))
    return Pitch(float(1 / frequency[band][peak]), clearness)
