"""What each field means, by its name or by `Component.name`; and the shape of those that
drf-spectacular cannot see. A field without a description fails the tests."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from integrations.webhooks.choices import EventType
from projects.api.v1.fields import MAX_CORNERS, MetadataField
from projects.api.v1.inputs import BatchInput
from projects.reference.operation import Text

EVENT_TYPES = {"type": "array", "items": {"type": "string", "enum": list(EventType.values)}}
SHAPES: dict[str, dict[str, Any]] = {
    "polygon": {
        "type": "array",
        "minItems": 3,
        "maxItems": MAX_CORNERS,
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    },
    "metadata": {
        "type": "object",
        "properties": {
            "simulate": {"type": "string", "enum": list(MetadataField.SIMULATIONS)},
        },
        "additionalProperties": True,
    },
    "generations": {
        "type": "array",
        "minItems": 1,
        "maxItems": BatchInput.MAX_JOBS,
        "items": {"$ref": "#/components/schemas/GenerationInput"},
    },
    "Endpoint.event_types": EVENT_TYPES,
    "NewEndpoint.event_types": EVENT_TYPES,
    "WholeDelivery.body": {"type": "object", "additionalProperties": True},
    "Problem.type": {"type": "string", "const": "about:blank"},
}
PHOTOS = _("Photos that can be used.")
HELD = _("Photos that jobs under way have taken, and give back if they fail.")
CONSUMED = _("Photos that pictures cost.")
WHO = _("The iacrea user id of whoever it is for; without it the agency's first owner.")
OF_MEMBER = _("Only those of this member, by the iacrea user id.")
DESCRIPTIONS: dict[str, Text] = {
    # Of every object
    "id": _("Its id."),
    "mode": _("Of a live key or of a test key."),
    "created_at": _("When it was made."),
    "updated_at": _("When it was last changed."),
    "data": _("The rows."),
    "next": _("The URL of the next page; null on the last."),
    "previous": _("The URL of the page before."),
    # Jobs
    "status": _("iacrea's word. It never goes backwards."),
    "phase": _("Where the job is with us."),
    "room_type": _("What is built in the zone."),
    "project": _("The project it belongs to."),
    "member": _("The iacrea user id of whoever it is for."),
    "GenerationInput.member": WHO,
    "VariationInput.member": WHO,
    "ProjectInput.member": WHO,
    "parent": _("The generation that it varies."),
    "recovered_from": _("The job that was told as failed and whose picture this is, free."),
    "outside_changed": _(
        "The share of the photo outside the zone that the picture changed, from 0 to 1."
    ),
    "image": _("The photo: the id of an upload."),
    "image_url": _("The photo's http(s) URL, fetched once by us. JPEG, PNG, WebP or HEIC."),
    "mask": _("The zone: the id of an upload of kind `mask`, white where it is built."),
    "mask_url": _("The mask's http(s) URL, fetched once by us. White is the zone."),
    "polygon": _("The zone's corners [x, y], in pixels from the photo's upper left."),
    "width": _("In pixels."),
    "height": _("In pixels."),
    "price": _("What a picture costs, in photos."),
    "charged": _("Photos charged: 0 before SUCCEEDED, and for what is free."),
    "failure_code": _("Why it failed."),
    "failure_detail": _("The same more closely, where it is known."),
    "urls": _("Links to the pictures, without a header; fresh at each call, good for 7 days."),
    "metadata": _("Words of your own, 4096 bytes at most; they come back as they are. With a test "
                  "key `simulate` chooses the outcome."),
    "ended_at": _("When it ended."),
    "webhook": _("A URL that is told the end of this job, in iacrea's words."),
    "GenerationInput.title": _("The title of the new project. Not together with `project`."),
    "GenerationInput.project": _("The project to put it in; without it a new one is made."),
    "GenerationInput.width": _("Of the photo at `image_url`, where `polygon` needs it."),
    "GenerationInput.height": _("Of the photo at `image_url`, where `polygon` needs it."),
    "VariationInput.mask": _("Another zone: the id of an upload of kind `mask`."),
    "generations": _("The jobs, each as for a single one."),
    "Batch.data": _("The jobs, in the order given."),
    # Uploads and projects
    "kind": _("A photo, or a mask that is white where the zone is."),
    "file": _("The file itself."),
    "size": _("In bytes, as it is kept."),
    "sha256": _("Of the file as it is kept."),
    "title": _("Its name for people."),
    # Lists
    "GenerationFilter.status": _("Only those with this word."),
    "GenerationFilter.room_type": _("Only those in which this is built."),
    "GenerationFilter.project": _("Only those of this project."),
    "GenerationFilter.member": OF_MEMBER,
    "ProjectFilter.member": OF_MEMBER,
    "DeliveryFilter.state": _("Only those in this state."),
    "DeliveryFilter.event_type": _("Only those of this type."),
    "EventFilter.type": _("Only those of this type."),
    "EventFilter.subject_id": _("Only those about this generation, endpoint or agency."),
    "created_after": _("Made at this moment or later."),
    "created_before": _("Made before this moment."),
    "format": _("`csv`: the whole ledger as a file."),
    "state": _("How the delivery is."),
    "since": _("Since this moment."),
    # Photos
    "available": PHOTOS,
    "held": HELD,
    "consumed": CONSUMED,
    "lots": _("What was bought or given, each with what is left of it."),
    "source": _("Where the photos came from."),
    "usable_until": _("When it ends; null: never."),
    "photos": _("How many, never negative: `kind` says which way."),
    "generation": _("The job it was for."),
    "lot": _("The lot they are of."),
    "reason": _("Why."),
    "Entry.kind": _("What moved."),
    # Members
    "iacrea_user_id": _("The person's user id at iacrea."),
    "email": _("The address that they sign in with."),
    "name": _("Their name, when they are new."),
    "role": _("What they may do on the pages."),
    # Webhooks
    "url": _("Where messages go: https, port 443 or 8443."),
    "description": _("A note of your own."),
    "event_types": _("The events it wants. Empty: all, also types that come later."),
    "disabled": _("Nothing is sent to it while it is."),
    "disabled_at": _("Since when."),
    "disabled_reason": _("Why: asked for, it answered 410, or nothing arrived for five days."),
    "failing_since": _("The first failure since something arrived."),
    "secret": _("Verifies the messages. Keep it: it is not shown again."),
    "overlap_hours": _("For so long the secret before signs too; 0 ends it at once."),
    "SinceInput.since": _("Messages that were written since then."),
    "resent": _("How many."),
    "webhook_id": _("The `webhook-id` of its messages, the same at each try."),
    "event": _("What happened; null when it is no longer kept."),
    "event_type": _("Its type."),
    "subject_id": _("What it is about: a generation, an endpoint or the agency."),
    "attempts": _("Tries so far."),
    "status_code": _("The last answer's status."),
    "error": _("Why the last try failed without an answer."),
    "next_attempt_at": _("When it is tried again."),
    "Delivery.ended_at": _("When it was delivered or given up."),
    "body": _("What was sent."),
    "type": _("What happened."),
    "timestamp": _("When it happened."),
    "Event.data": _("What it happened to: for `generation.…` the generation."),
    # iacrea's wire
    "user_id": _("The iacrea user id of a member of your agency."),
    "generation_id": _("The generation's id."),
    "original_url": _(
        "The photo's URL. The stored photo is used; only where there is none, as of a generation "
        "that was made at iacrea, it is fetched."
    ),
    "IacreaGenerateInput.width": _("Of the photo, in pixels."),
    "IacreaGenerateInput.height": _("Of the photo, in pixels."),
    "IacreaVariationInput.mask_url": _("Another zone; without it the previous one is used."),
    "remaining_photos": _("The photos that are left after this call."),
    "project_id": _("The new project's id."),
    "variationNumber": _("How many variations of the first picture succeeded."),
    "total": PHOTOS,
    "subscription": _("Of these, those of the monthly plan."),
    "extra": _("The others."),
    # Problems
    "Problem.type": _("Always the same: `code` tells problems apart."),
    "Problem.title": _("The kind of problem, for people."),
    "Problem.status": _("The HTTP status."),
    "code": _("Stable, for programs."),
    "detail": _("What was wrong and what to do, in the language of Accept-Language."),
    "Problem.error": _("As `detail`, for clients of iacrea."),
    "message": _("As `detail`, for clients of iacrea."),
    "field": _("The field that was wrong, such as `generations.3.mask`."),
    "errors": _("Each field that was wrong."),
}  # fmt: skip


def description(component: str, name: str) -> Text:
    return DESCRIPTIONS.get(f"{component}.{name}") or DESCRIPTIONS.get(name, "")


def shape(component: str, name: str) -> dict[str, Any]:
    return SHAPES.get(f"{component}.{name}") or SHAPES.get(name, {})
