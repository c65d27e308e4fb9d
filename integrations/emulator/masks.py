"""How the machine reads a mask, which nobody documents: as the engine does, or otherwise."""

import io

from PIL import Image, ImageOps

from integrations.emulator.settings import Settings


def as_seen(mask: bytes, photo: bytes, settings: Settings) -> bytes:
    """White is the zone, and its size the photo's, unless the settings say otherwise."""
    if settings.zone == "white" and not settings.any_size:
        return mask
    with Image.open(io.BytesIO(mask)) as opened, Image.open(io.BytesIO(photo)) as original:
        image = opened.convert("L")
        image = ImageOps.invert(image) if settings.zone == "black" else image
        size = original.size if settings.any_size else image.size
    out = io.BytesIO()
    image.resize(size, Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()
