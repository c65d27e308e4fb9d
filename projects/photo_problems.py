"""What is wrong with a photo or a zone, in the words of the person who sent it."""

from django.utils.translation import gettext_lazy as _

from integrations.doors.images import ImageProblem

# Also the `failure_detail` of a job whose photo or mask was given as a URL.
TEXTS = {
    "image_empty": _("This file is empty. Choose another photo."),
    "image_not_decodable": _(
        "This file cannot be read as a photo. Choose a JPEG, PNG, WebP or HEIC file that opens on "
        "your device."
    ),
    "image_too_large": _("This photo is too large. Choose one below 40 MB and 64 megapixels."),
    "image_too_small": _("This photo is too small. Choose one of at least 64 × 64 pixels."),
    "image_unreachable": _("The photo could not be fetched from its address."),
    "image_size_mismatch": _("The photo has another shape than the given width and height."),
    "mask_empty": _("The zone covers nothing. Draw it on the ground of the garden."),
    "mask_size_mismatch": _("The mask has another shape than the photo."),
    "mask_unreachable": _("The mask could not be fetched from its address."),
    "mask_not_decodable": _("The mask cannot be read as a picture. Send a PNG."),
    "mask_too_large": _("The mask is too large: at most 40 MB and 64 megapixels."),
    "mask_too_small": _("The mask is too small: at least 64 × 64 pixels."),
    "refused_upstream": _("The picture service refused this photo or this zone."),
}


def problem_text(problem: ImageProblem) -> str:
    return str(TEXTS[problem.code])


def detail_text(failure_detail: str) -> str:
    """What a job's `failure_detail` means; empty when there is nothing to add."""
    return str(TEXTS.get(failure_detail, ""))
