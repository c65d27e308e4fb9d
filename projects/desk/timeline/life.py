"""Its own life: the lines that its transitions wrote, and what its row remembers."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiRequest
from projects.choices import FailureCode, WrongReason
from projects.desk.timeline.moments import Facts, Reader, Rows, Said, as_tree, moments, vital
from projects.models import Generation, GenerationEvent, Picture, Upload

STORY: dict[str, Promise] = {
    "accepted": gettext_lazy("Accepted."),
    "inputs_ready": gettext_lazy("Its photo and its zone are here and can be used."),
    "queued": gettext_lazy("iacrea did not take it: it waits to be sent again."),
    "submitting": gettext_lazy("It is being sent to iacrea."),
    "unconfirmed": gettext_lazy("iacrea’s answer was unclear: nobody knows whether it was taken."),
    "processing": gettext_lazy("iacrea has taken it."),
    "archiving": gettext_lazy("iacrea has made the pictures: they are being fetched."),
    "succeeded": gettext_lazy("Ready."),
    "failed": gettext_lazy("Failed."),
    "canceled": gettext_lazy("Canceled."),
    "recovered_as": gettext_lazy("Its pictures came late: they became a second, free generation."),
    "generation.recovered": gettext_lazy("It is the late success of another generation."),
    "anomaly": gettext_lazy("iacrea said what contradicts the books. Nothing was changed by it."),
    "unknown_status": gettext_lazy("iacrea answers with a word that it has not documented."),
    "result_without_link": gettext_lazy("iacrea says that it is ready, and names no picture."),
    "archive_delayed": gettext_lazy("The pictures cannot be fetched yet: tried again and again."),
    "complaint": gettext_lazy("The agency reported the picture."),
    "complaint_closed": gettext_lazy("Support closed the report."),
    "removed": gettext_lazy("Put into the bin."),
    "brought_back": gettext_lazy("Brought back from the bin."),
    "seen": gettext_lazy("Its author was shown the end on the page."),
    "mailed": gettext_lazy("Its author had left the page, and is told."),
}
# Where the status alone does not say why.
BY_TRANSITION: dict[str, Promise] = {
    "T9": gettext_lazy(
        "Whoever was sending it never came back: nobody knows whether it was taken."
    ),
    "T10": gettext_lazy("An id that iacrea knows was found: it has taken it."),
    "T17": gettext_lazy("A late success: its pictures are being fetched, free."),
    "T20": gettext_lazy("Restored from a backup: nobody knows what became of it since."),
    "T21": gettext_lazy("Taken over from iacrea, where it was made before the agency came; free."),
}


def rows(job: Generation) -> dict[str, Rows]:
    mine = Generation.objects.filter(pk=job.pk)
    files = Upload.objects.filter(pk__in=[job.photo_id, job.mask_id])
    size = {"width": "width", "height": "height", "size": "size"}
    return {
        "story": vital(
            GenerationEvent.objects.filter(generation=job), "created_at",
            kind="kind", detail="detail",
        ),
        "call": moments(
            _call_that_asked(job), "called_at", id="id", method="method", path="path",
            status="status", key="api_key__prefix", request="request_id",
        ),
        "upload": moments(files, "created_at", id="id", kind="kind", **size),
        "picture": vital(
            Picture.objects.filter(generation=job), "created_at", id="id",
            position="position", changed="outside_changed", **size,
        ),
        "polled": moments(mine, "last_polled_at", id="id"),
        "said_failed": moments(mine, "upstream_failed_at", id="id"),
    }  # fmt: skip


def _call_that_asked(job: Generation) -> Rows:
    """For it, and not how it was: the first that was not a GET."""
    calls = ApiRequest.objects.filter(subject_id=job.pk).exclude(method="GET")
    return ApiRequest.objects.filter(pk__in=calls.order_by("called_at").values("pk")[:1])


def _story(reader: Reader, facts: Facts) -> Said:
    detail = as_tree(facts["detail"]) or {}
    words = BY_TRANSITION.get(detail.get("transition", "")) or STORY.get(facts["kind"])
    told = [str(words or facts["kind"]), _why(detail)]
    by = reader.who(detail["by"]) if detail.get("by") else ""
    return Said(" ".join(word for word in [*told, by] if word), detail)


def _why(detail: dict[str, Any]) -> str:
    """Codes in words."""
    if detail.get("code") in FailureCode.values:
        return str(FailureCode(detail["code"]).label)
    known = detail.get("reason") in WrongReason.values
    return str(WrongReason(detail["reason"]).label) if known else ""


def _call(_reader: Reader, facts: Facts) -> Said:
    words = _(
        "A call of the agency’s software asked for it: %(method)s %(path)s, answered %(status)s."
    )
    told = {"x-request-id": facts["request"], "begins_with": facts["key"]}
    return Said(words % facts, told, ("accounts.apirequest", facts["id"]))


def _upload(_reader: Reader, facts: Facts) -> Said:
    photo = _("The photo was stored: %(width)s × %(height)s, %(size)s bytes.")
    zone = _("The zone was stored: %(width)s × %(height)s, %(size)s bytes.")
    words = photo if facts["kind"] == "photo" else zone
    return Said(words % facts, row=("projects.upload", facts["id"]))


def _picture(_reader: Reader, facts: Facts) -> Said:
    words = _("Picture %(number)s was stored: %(width)s × %(height)s, %(size)s bytes.")
    changed = facts["changed"]
    detail = None if changed is None else {"changed_outside_the_zone": round(changed, 3)}
    number = {"number": facts["position"] + 1}
    return Said(words % (facts | number), detail, ("projects.picture", facts["id"]))


def _polled(_reader: Reader, _facts: Facts) -> Said:
    return Said(_("iacrea was last asked how it is."))


def _said_failed(_reader: Reader, _facts: Facts) -> Said:
    return Said(_("iacrea said that it failed; it is asked once more before that is believed."))


TELL = {
    "story": _story, "call": _call, "upload": _upload, "picture": _picture,
    "polled": _polled, "said_failed": _said_failed,
}  # fmt: skip
