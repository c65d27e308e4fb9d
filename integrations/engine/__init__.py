"""The embedded picture engine: a photo and a painted zone become a picture of what could be there.

It needs numpy, OpenCV and Pillow only, and knows nothing of the rest of the project.
"""

from integrations.engine.errors import (
    EngineError,
    HintsOutOfRange,
    ImageNotDecodable,
    ImageTooLarge,
    MaskAboveHorizon,
    MaskEmpty,
    MaskSizeMismatch,
    MaskTooSmall,
    MaskTooThin,
    NothingChanged,
    StyleUnknown,
)
from integrations.engine.rendering import EmbeddedRenderer, render
from integrations.engine.types import (
    Hints,
    Horizon,
    Range,
    Renderer,
    RenderResult,
    RenderWarning,
    RoomType,
    Size,
)

__all__ = [
    "EmbeddedRenderer",
    "EngineError",
    "Hints",
    "HintsOutOfRange",
    "Horizon",
    "ImageNotDecodable",
    "ImageTooLarge",
    "MaskAboveHorizon",
    "MaskEmpty",
    "MaskSizeMismatch",
    "MaskTooSmall",
    "MaskTooThin",
    "NothingChanged",
    "Range",
    "RenderResult",
    "RenderWarning",
    "Renderer",
    "RoomType",
    "Size",
    "StyleUnknown",
    "render",
]
