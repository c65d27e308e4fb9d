"""sRGB and linear light. Everything between decoding and encoding is linear RGB, float32, 0..1."""

import numpy as np

from integrations.engine.rasters import Bytes, Floats, floats

LUMINANCE = floats([0.2126, 0.7152, 0.0722])


def _srgb_to_linear(encoded: Floats) -> Floats:
    """IEC 61966-2-1."""
    return floats(np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4))


def _linear_to_srgb(linear: Floats) -> Floats:
    """IEC 61966-2-1."""
    return floats(
        np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    )


_DECODE = _srgb_to_linear(floats(np.arange(256) / 255))
_ENCODE_STEPS = 16384
_ENCODE = _linear_to_srgb(floats(np.arange(_ENCODE_STEPS) / (_ENCODE_STEPS - 1))) * 255


def linear(srgb: Bytes) -> Floats:
    """8-bit sRGB to linear light, by table."""
    return _DECODE[srgb]


def encoded(light: Floats) -> Floats:
    """Linear light to sRGB on the scale 0..255, not rounded: grain is added before rounding."""
    index = np.clip(light, 0, 1) * (_ENCODE_STEPS - 1)
    return _ENCODE[(index + 0.5).astype(np.int32)]


def shouldered(light: Floats, knee: float = 0.75) -> Floats:
    """Roll highlights off above the knee as a camera does, so that nothing clips flat."""
    bright, room = light > knee, 1 - knee
    if bright.any():
        light = light.copy()
        light[bright] = knee + room * (1 - np.exp((knee - light[bright]) / room))
    return light


def luminance(light: Floats) -> Floats:
    """Relative luminance Y of linear RGB (ITU-R BT.709)."""
    return floats(light @ LUMINANCE)


def rgb(code: str) -> Floats:
    """An albedo from its sRGB code, as '#8a5a3c'."""
    return linear(np.frombuffer(bytes.fromhex(code.removeprefix("#")), np.uint8))
