"""iacrea's wire: the four calls as iacrea documents them, answered by us."""

from django.utils.translation import gettext_lazy as _

from integrations.iacrea.services import CREATE_EXTERIOR
from projects.api import dropin_serializers as inputs
from projects.reference import examples as ex
from projects.reference import outputs
from projects.reference.operation import Answer, Operation

ROOT = "/api/create_exterior"
# A variation can only be refused for want of photos where it costs some.
PRICED = ("no_photos_left", "member_cap_reached") if CREATE_EXTERIOR.photos_per_variation else ()
# Whatever a job costs.
NOT_NOW = ("too_many_jobs", "storage_full")
NO_UPSTREAM = ("upstream_not_configured", "test_mode_unavailable")
PHOTO_URL, MASK_URL = "https://example.org/garden.jpg", "https://example.org/zone.png"

CALLS = {
    f"POST {ROOT}/generate": Operation(
        name="iacreaGenerate",
        topic="iacrea",
        summary=_("Make a picture of a photo and a zone"),
        description=_(
            "Starts a job and a project for it, and takes one photo. The answer comes at once; the "
            "picture takes up to some minutes: ask `get`, or name a `webhook`. The two pictures "
            "are fetched once, by us: one that cannot be fetched, is no picture or has another "
            "shape than `width` × `height` ends the job as FAILED, and the photo is given back."
        ),
        body=inputs.GenerateInput,
        example={
            "user_id": ex.MEMBER, "image_url": PHOTO_URL, "mask_url": MASK_URL,
            "room_type": "POOL", "width": 1536, "height": 1024,
        },
        answers={
            200: Answer(
                outputs.IacreaGenerateOutput,
                _("The job is accepted."),
                {
                    "generation_id": ex.GENERATION, "remaining_photos": 41,
                    "project_id": ex.PROJECT,
                },
            )
        },
        refusals=("no_photos_left", "member_cap_reached", "not_found", *NOT_NOW, *NO_UPSTREAM),
        calls_back=True,
    ),
    f"POST {ROOT}/generate-variation": Operation(
        name="iacreaGenerateVariation",
        topic="iacrea",
        summary=_("Make another picture from a finished one"),
        description=_(
            "Starts a job on the photo of an earlier generation, with its zone unless `mask_url` "
            "names another. `original_url` is fetched only where no photo is stored: of a "
            "generation that was made at iacrea and brought along."
        ),
        body=inputs.VariationInput,
        example={
            "user_id": ex.MEMBER, "generation_id": ex.GENERATION, "original_url": PHOTO_URL,
            "room_type": "TERRACE",
        },
        answers={
            200: Answer(
                outputs.IacreaVariationOutput,
                _("The job is accepted."),
                {"generation_id": ex.VARIATION},
            )
        },
        refusals=(
            *PRICED, "not_found", "source_not_ready", "source_gone", *NOT_NOW, *NO_UPSTREAM,
        ),
        calls_back=True,
    ),
    f"POST {ROOT}/get": Operation(
        name="iacreaGet",
        topic="iacrea",
        summary=_("See how a job is"),
        description=_(
            "`urls` is there once `status` is SUCCEEDED: links that open without a header, fresh "
            "at each call, good for 7 days. A status never goes backwards."
        ),
        body=inputs.GetInput,
        example={"user_id": ex.MEMBER, "generation_id": ex.GENERATION},
        answers={
            200: Answer(
                outputs.IacreaJobOutput,
                _("How the job is."),
                {"status": "SUCCEEDED", "urls": [ex.PICTURE_URL], "variationNumber": 0},
            )
        },
        refusals=("not_found",),
    ),
    "POST /api/account/credit": Operation(
        name="iacreaCredit",
        topic="iacrea",
        summary=_("Count the photos that are left"),
        description=_(
            "`total` is what the agency can still use; `subscription` is the part of its monthly "
            "plan, `extra` the rest."
        ),
        body=inputs.CallInput,
        example={"user_id": ex.MEMBER},
        answers={
            200: Answer(
                outputs.IacreaCreditOutput,
                _("The photos of the agency."),
                {"total": 41, "subscription": 30, "extra": 11},
            )
        },
        refusals=("not_found",),
    ),
}  # fmt: skip
