"""A picture beside the photo and the mask that it was made of."""

from integrations.doors.outside import changed_outside, changes_outside, drawn
from integrations.doors.restoring import restored
from projects.models import Generation, Picture
from projects.stored import read


def share_changed(generation: Generation, picture: bytes) -> float | None:
    """Of what lies outside the zone. FileNotFoundError when photo or mask are gone."""
    asked = _asked(generation)
    return changed_outside(*asked, picture) if asked else None


def with_the_photo_outside(generation: Generation, picture: bytes) -> bytes | None:
    """The picture in the zone and the photo outside. FileNotFoundError as above."""
    asked = _asked(generation)
    return restored(*asked, picture) if asked else None


def drawn_changes(picture: Picture, label: str = "") -> bytes:
    """A JPEG that shows where the upstream's picture differs. FileNotFoundError: nothing to
    compare it with."""
    asked, made = _asked(picture.generation), read(picture.file)
    changes = changes_outside(*asked, made) if asked else None
    if not changes:
        raise FileNotFoundError("there is no photo, no mask, or nothing outside it")
    return drawn(changes, made, label)


def _asked(generation: Generation) -> tuple[bytes, bytes] | None:
    """The photo and the mask; a job that was taken over or erased has none."""
    if not generation.photo or not generation.mask:
        return None
    return read(generation.photo.file), read(generation.mask.file)
