"""Every problem code: its status, what caused it, and what cures it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from projects.reference.operation import Text


@dataclass(frozen=True)
class Refusal:
    status: int
    cause: Text
    cure: Text


AGAIN = _("Send the same call again; with an Idempotency-Key it is done once.")
ERRORS: dict[str, Refusal] = {
    "invalid_json": Refusal(
        400,
        _("The body is not what its Content-Type says."),
        _("Send a JSON object, encoded as UTF-8; for uploads a form."),
    ),
    "invalid_input": Refusal(
        400,
        _("A field is missing, unknown or wrong."),
        _("`field` names it and `errors` lists each of them: mend these."),
    ),
    "invalid_idempotency_key": Refusal(
        400,
        _("The Idempotency-Key is empty, too long or not visible ASCII."),
        _("Send 1 to 255 visible ASCII characters, such as a UUID."),
    ),
    "wrong_kind": Refusal(
        400,
        _("A photo was given where a mask is needed, or the reverse."),
        _("Say `kind` when you upload the file."),
    ),
    "image_empty": Refusal(400, _("The file is empty."), _("Send the bytes of the picture.")),
    "image_not_decodable": Refusal(
        400,
        _("The file is no picture that can be opened."),
        _("Send a JPEG, PNG, WebP or HEIC file."),
    ),
    "image_too_small": Refusal(
        400, _("The picture has a side below 64 pixels."), _("Send a larger one.")
    ),
    "mask_empty": Refusal(
        400,
        _("The zone covers nothing of the photo."),
        _("Paint the zone in white, or draw the corners inside the photo."),
    ),
    "mask_size_mismatch": Refusal(
        400,
        _("The mask has another shape than the photo."),
        _("Make it for the whole photo; a reduced one of the same shape will do."),
    ),
    "unauthenticated": Refusal(
        401,
        _("There is no API key, or it is unknown, expired or revoked."),
        _("Send a valid key as a Bearer token or in x-api-key."),
    ),
    "no_photos_left": Refusal(
        402,
        _("The agency has too few photos left. Nothing was started or charged."),
        _("Ask an owner of the agency for photos; GET quota says how many there are."),
    ),
    "forbidden": Refusal(
        403,
        _("The key does not have the scope that this call needs."),
        _("Use a key that has it."),
    ),
    "member_cap_reached": Refusal(
        403,
        _("The member has used the photos that they may use this month. Nothing was charged."),
        _("Name another member, or ask an owner or manager for more."),
    ),
    "not_found": Refusal(
        404,
        _("Nothing of your agency, in the mode of the key, has this id."),
        _("Check the id, and that a test key does not ask for a live object."),
    ),
    "source_not_ready": Refusal(
        409,
        _("The picture to vary failed or is still being made."),
        _("Wait for its end, or start from the photo."),
    ),
    "source_without_photo": Refusal(
        409,
        _("The picture to vary was made at iacrea, and its photo is not here."),
        _("Start from the photo, or use generate-variation with its original_url."),
    ),
    "not_cancelable": Refusal(
        409,
        _("The job was sent already, or has ended."),
        _("Nothing to do: a job that fails gives its photo back by itself."),
    ),
    "project_busy": Refusal(
        409,
        _("Jobs of the project are under way."),
        _("Wait for their end or cancel them, then delete."),
    ),
    "storage_full": Refusal(
        409,
        _("The agency's photos and pictures fill what it may keep. Nothing was stored or charged."),
        _("Delete projects, or ask support for more room. Jobs in hand still end."),
    ),
    "member_is_another": Refusal(
        409,
        _("Another member of the agency has this iacrea user id."),
        _("Give each member their own."),
    ),
    "owner_role": Refusal(
        409,
        _("The person owns the agency: a key does not change that."),
        _("Leave the owner's role to the owners."),
    ),
    "too_many_endpoints": Refusal(
        409,
        _("The agency has 20 webhook endpoints in this mode."),
        _("Delete one: an endpoint can receive every type of event."),
    ),
    "endpoint_disabled": Refusal(
        409, _("The endpoint is disabled: nothing is sent to it."), _("Enable it first.")
    ),
    "still_pending": Refusal(
        409,
        _("The delivery is under way or waits for its next try."),
        _("Wait: it needs no other."),
    ),
    "idempotency_in_progress": Refusal(
        409,
        _("The first call with this Idempotency-Key is still at work."),
        _("Send the same call again after Retry-After: it gets the first one's answer."),
    ),
    "source_gone": Refusal(
        410, _("The picture to vary was erased."), _("Start again from a photo.")
    ),
    "too_large": Refusal(
        413, _("The body is above 1 MiB."), _("Upload pictures, or send links to them.")
    ),
    "image_too_large": Refusal(
        413,
        _("The file is above 40 MB, or the picture above 64 megapixels."),
        _("Send a smaller one."),
    ),
    "not_acceptable": Refusal(
        406,
        _("The Accept header leaves no kind of answer that this call has."),
        _("Accept application/json, or leave the header out."),
    ),
    "unsupported_media_type": Refusal(
        415,
        _("The Content-Type is not the one that this call takes."),
        _("Send application/json; for uploads multipart/form-data."),
    ),
    "idempotency_key_reused": Refusal(
        422,
        _("The Idempotency-Key was used within 24 hours with another body."),
        _("Send the same body to get the first answer again, or another key."),
    ),
    "throttled": Refusal(
        429,
        _("The key made more calls in a minute than it may."),
        _("Wait for Retry-After seconds. Webhooks spare you from asking."),
    ),
    "too_many_jobs": Refusal(
        429,
        _("As many jobs of the agency wait or run as may at once. Nothing was started or charged."),
        _("Wait for Retry-After seconds, or cancel jobs that wait. Of a batch none is accepted."),
    ),
    "internal_error": Refusal(500, _("Something went wrong on our side."), AGAIN),
    "unavailable": Refusal(
        503, _("Our database does not answer for a moment."), _("Wait for Retry-After seconds.")
    ),
    "upstream_not_configured": Refusal(
        503,
        _("No iacrea account can take this job."),
        _("Ask an owner of the agency, or support, to add one."),
    ),
    "test_mode_unavailable": Refusal(
        503, _("Test keys work only where an emulator is configured."), _("Use a live key.")
    ),
}

# Any call may be refused so; who sends a body or creates, with more.
ALWAYS = (
    "unauthenticated",
    "forbidden",
    "not_acceptable",
    "throttled",
    "internal_error",
    "unavailable",
)
OF_A_BODY = ("invalid_json", "invalid_input", "too_large", "unsupported_media_type")
OF_A_CREATE = ("invalid_idempotency_key", "idempotency_in_progress", "idempotency_key_reused")
WITH_RETRY_AFTER = {"idempotency_in_progress", "throttled", "too_many_jobs", "unavailable"}
