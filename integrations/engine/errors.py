"""What the engine refuses, each with a stable `code` and a sentence that says what to do."""


class EngineError(Exception):
    """A picture cannot be made from this input; `code` is stable, `str()` is for people."""

    code = "engine_error"
    message = "The picture could not be made."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)


class ImageNotDecodable(EngineError):
    code = "image_not_decodable"
    message = "This is not a picture we can read; send a JPEG, PNG or WebP file."


class ImageTooLarge(EngineError):
    code = "image_too_large"
    message = "The picture has too many pixels; send at most 4096 x 4096."


class MaskSizeMismatch(EngineError):
    code = "mask_size_mismatch"
    message = "The mask must have the photo's size, after the photo's EXIF orientation is applied."


class MaskEmpty(EngineError):
    code = "mask_empty"
    message = "The mask has no white pixel; paint the zone to transform in white."


class MaskTooSmall(EngineError):
    code = "mask_too_small"
    message = "The zone is too small to hold anything; paint a larger zone."


class MaskTooThin(EngineError):
    code = "mask_too_thin"
    message = "The zone is too narrow for this type of project; paint a wider zone."


class MaskAboveHorizon(EngineError):
    code = "mask_above_horizon"
    message = "The zone lies above the horizon; paint it on the ground."


class StyleUnknown(EngineError):
    code = "style_unknown"
    message = "This type of project has no such style."


class HintsOutOfRange(EngineError):
    code = "hints_out_of_range"
    message = "The camera hints are out of range; leave out what is not known."


class NothingChanged(EngineError):
    code = "nothing_changed"
    message = "Nothing could be drawn in this zone; paint a larger zone, lower in the picture."
