"""Uploads and generations."""

from django.utils.translation import gettext_lazy as _

from projects.api.v1 import inputs
from projects.reference import examples as ex
from projects.reference import outputs
from projects.reference.calls.wire import MASK_URL, NO_UPSTREAM, NOT_NOW, PHOTO_URL, PRICED
from projects.reference.operation import Answer, Operation

UPLOADS, GENERATIONS = "/api/v1/uploads", "/api/v1/generations"
ONE = GENERATIONS + "/{generation_id}"
BAD_IMAGES = ("image_empty", "image_not_decodable", "image_too_small", "image_too_large")
BAD_ZONES = ("wrong_kind", "mask_empty", "mask_size_mismatch")
SOURCES = ("source_not_ready", "source_without_photo", "source_gone")
WISH = {
    "image": ex.PHOTO, "polygon": ex.POLYGON, "room_type": "POOL",
    "title": "Famille Martin, côté sud", "metadata": {"order": "4711"},
}  # fmt: skip
BY_URL = {"image_url": PHOTO_URL, "mask_url": MASK_URL, "room_type": "TERRACE"}

CALLS = {
    f"POST {UPLOADS}": Operation(
        name="createUpload",
        topic="uploads",
        summary=_("Upload a photo or a mask"),
        description=_(
            "JPEG, PNG, WebP or HEIC up to 40 MB, judged at once by decoding it. It is kept "
            "upright and without metadata such as the place where it was taken."
        ),
        body=inputs.UploadInput,
        example={"kind": "photo", "file": "garden.jpg"},
        answers={201: Answer(outputs.UploadOutput, _("Kept."), ex.UPLOAD)},
        refusals=(*BAD_IMAGES, "mask_empty", "storage_full"),
    ),
    f"GET {UPLOADS}/{{upload_id}}": Operation(
        name="getUpload",
        topic="uploads",
        summary=_("See an upload"),
        description=_("What is known of the picture as it is kept."),
        answers={200: Answer(outputs.UploadOutput, _("The upload."), ex.UPLOAD)},
    ),
    f"GET {GENERATIONS}": Operation(
        name="listGenerations",
        topic="generations",
        summary=_("List generations"),
        description=_("The newest first, of the mode of the key."),
        query=inputs.GenerationFilter,
        query_example={"status": "SUCCEEDED", "limit": "20"},
        is_list=True,
        answers={
            200: Answer(outputs.page_of(outputs.GenerationOutput), _("A page."), ex.page(ex.READY))
        },
    ),
    f"POST {GENERATIONS}": Operation(
        name="createGeneration",
        topic="generations",
        summary=_("Ask for a picture"),
        description=_(
            "Takes one photo and answers at once. Name the photo by `image` or `image_url`, and "
            "the zone by exactly one of `mask`, `mask_url` and `polygon`. A photo or mask that is "
            "given as a URL is fetched once, by us; if it is of no use the job ends as FAILED and "
            "the photo is given back."
        ),
        body=inputs.GenerationInput,
        example=WISH,
        answers={202: Answer(outputs.GenerationOutput, _("Accepted."), ex.generation())},
        refusals=(
            "no_photos_left", "member_cap_reached", "not_found", *BAD_ZONES, *NOT_NOW,
            *NO_UPSTREAM,
        ),
        calls_back=True,
    ),
    f"POST {GENERATIONS}/batch": Operation(
        name="createGenerations",
        topic="generations",
        summary=_("Ask for up to 100 pictures at once"),
        description=_(
            "All of them or none: there are photos for all, and each is well formed, or nothing "
            "is started. An error names the place, such as `generations.3.mask`."
        ),
        body=inputs.BatchInput,
        example={"generations": [WISH, BY_URL]},
        answers={
            202: Answer(
                outputs.BatchOutput,
                _("All accepted, in the order given."),
                {"data": [ex.generation()]},
            )
        },
        refusals=(
            "no_photos_left", "member_cap_reached", "not_found", *BAD_ZONES, *NOT_NOW,
            *NO_UPSTREAM,
        ),
    ),
    f"GET {ONE}": Operation(
        name="getGeneration",
        topic="generations",
        summary=_("See how a generation is"),
        description=_(
            "`status` is one of iacrea's four words and never goes backwards; `phase` says where "
            "the job is with us. `urls` has fresh links, good for 7 days."
        ),
        answers={200: Answer(outputs.GenerationOutput, _("The generation."), ex.READY)},
    ),
    f"POST {ONE}/cancel": Operation(
        name="cancelGeneration",
        topic="generations",
        summary=_("Cancel a generation that waits"),
        description=_("Its photo is given back. What was sent already cannot be canceled."),
        answers={
            200: Answer(
                outputs.GenerationOutput,
                _("Canceled."),
                ex.generation(status="FAILED", phase="canceled", failure_code="canceled",
                              ended_at=ex.ENDED),
            )
        },
        refusals=("not_cancelable",),
    ),
    f"POST {ONE}/variations": Operation(
        name="createVariation",
        topic="generations",
        summary=_("Make another picture from a finished one"),
        description=_(
            "On the same photo, with the same zone unless another is given. A variation of a "
            "variation works too."
        ),
        body=inputs.VariationInput,
        example={"room_type": "TERRACE"},
        answers={202: Answer(outputs.GenerationOutput, _("Accepted."), ex.VARIED)},
        refusals=(*PRICED, *BAD_ZONES, *SOURCES, *NOT_NOW, *NO_UPSTREAM),
        calls_back=True,
    ),
}  # fmt: skip
