"""What is asked of every picture, however odd the mask."""

import numpy as np

from tests.engine.scenes import pixels


def outside_is_untouched(result, photo, mask):
    """Largest difference 0, also once the picture was written and read as PNG."""
    change = np.abs(pixels(result.image) - pixels(photo.convert("RGB"))).max(axis=2)
    assert change[np.asarray(mask) <= 127].max(initial=0) == 0


def refused_for_people(error):
    """A code for programs, and a sentence that says what to do."""
    assert error.code.isidentifier() and error.code != "engine_error"
    sentence = str(error)
    assert len(sentence) > 30 and sentence.endswith(".")
    assert any(word in sentence for word in ("paint", "send", "leave out", "choose"))
