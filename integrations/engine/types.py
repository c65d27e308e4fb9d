"""The engine's public vocabulary: what goes in, what comes out, and the protocol in between."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from PIL import Image

from integrations.engine.errors import HintsOutOfRange

HINT_RANGES = {
    "horizon_row": (-20_000.0, 20_000.0),
    "roll_degrees": (-30.0, 30.0),
    "focal_35mm": (8.0, 300.0),
    "camera_height": (0.3, 30.0),
}


class RoomType(StrEnum):
    """What the zone becomes."""

    TERRACE = "TERRACE"
    POOL = "POOL"
    PETANQUE = "PETANQUE"


@dataclass(frozen=True)
class Hints:
    """What the caller knows of the camera; every field left None is estimated or assumed."""

    horizon_row: float | None = None  # pixels from the top, at the picture's centre column
    roll_degrees: float | None = None  # positive: the horizon sinks to the right
    focal_35mm: float | None = None  # focal length, 35 mm equivalent
    camera_height: float | None = None  # metres above the ground

    def __post_init__(self) -> None:
        """Raises `HintsOutOfRange`."""
        for name, (low, high) in HINT_RANGES.items():
            value = getattr(self, name)
            # Written so that NaN is refused too.
            if value is not None and not low <= value <= high:
                raise HintsOutOfRange(
                    f"{name} must lie between {low:g} and {high:g}; leave out what is not known."
                )


@dataclass(frozen=True)
class Horizon:
    row: float  # pixels from the top, at the picture's centre column
    roll_degrees: float  # positive: the horizon sinks to the right
    confidence: float  # 0 = the prior alone, 1 = certain


@dataclass(frozen=True)
class Range:
    """An approximate length in metres, with the bounds it is believed to lie in."""

    about: float
    low: float
    high: float


@dataclass(frozen=True)
class Size:
    """What was drawn, measured on the ground along its own axes."""

    width: Range
    depth: Range


@dataclass(frozen=True)
class RenderWarning:
    code: str
    message: str


@dataclass(frozen=True)
class RenderResult:
    image: Image.Image  # RGB, the photo's size
    seed: int
    style: str
    horizon: Horizon
    size_m: Size | None
    timings: dict[str, float]  # seconds by stage
    warnings: tuple[RenderWarning, ...]
    engine: str
    engine_version: str


class Renderer(Protocol):
    """Anything that turns the white zone of a photo into a terrace, a pool or a court.

    Implementations leave every pixel outside the zone as it is, give the same picture for the same
    seed, and raise a subclass of `EngineError` for input they cannot use.
    """

    name: str
    version: str

    def render(
        self,
        photo: Image.Image,
        mask: Image.Image,
        room_type: RoomType,
        *,
        seed: int,
        style: str | None = None,
        hints: Hints | None = None,
    ) -> RenderResult: ...
