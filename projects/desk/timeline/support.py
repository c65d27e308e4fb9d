"""What was reported of it, and what support did."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry
from projects.choices import FailureCode, WrongReason
from projects.desk.timeline.moments import Facts, Reader, Rows, Said, as_tree, moments, vital
from projects.models import Complaint, Discrepancy, Generation

DONE: dict[str, Promise] = {
    "generation.release": gettext_lazy("%(name)s ended it."),
    "generation.poll_now": gettext_lazy("%(name)s had iacrea asked."),
    "generation.bind": gettext_lazy("%(name)s bound it to a job of iacrea."),
    "generation.retried_free": gettext_lazy("%(name)s had it made again, free."),
    "generation.pictures_viewed": gettext_lazy("%(name)s of support looked at its pictures."),
    "photos.refunded": gettext_lazy("%(name)s gave its photos back."),
    "complaint.close": gettext_lazy("%(name)s closed the report."),
    "discrepancy.close": gettext_lazy("%(name)s closed the discrepancy."),
    "staff.proposed": gettext_lazy("%(name)s proposed what a colleague has to confirm."),
    "staff.proposal_taken_back": gettext_lazy("%(name)s took a proposal back."),
}
OTHER = gettext_lazy("%(name)s: %(action)s.")


def rows(job: Generation) -> dict[str, Rows]:
    reports = Complaint.objects.filter(generation=job)
    unclear = Discrepancy.objects.filter(generation=job)
    acts = AuditEntry.objects.filter(agency=job.agency_id, target=str(job.pk))
    report = {"id": "id", "reason": "reason", "text": "text", "by": "author_id"}
    listed = {"id": "id", "code": "code", "rung": "rung", "reason": "reason", "by": "closed_by"}
    return {
        "reported": moments(reports, "created_at", **report),
        "report_closed": moments(reports, "closed_at", **report),
        "discrepancy": moments(unclear, "created_at", **listed),
        "discrepancy_closed": moments(unclear, "closed_at", **listed),
        "act": vital(
            acts, "created_at", id="id", action="action", reason="reason",
            detail="detail", by="actor_id",
        ),
    }  # fmt: skip


def _reported(reader: Reader, facts: Facts) -> Said:
    words = _("%(name)s reported the picture: %(reason)s") % {
        "name": reader.who(facts["by"]),
        "reason": WrongReason(facts["reason"]).label,
    }
    return Said(words, facts["text"], ("projects.complaint", facts["id"]))


def _report_closed(_reader: Reader, facts: Facts) -> Said:
    return Said(_("The report is closed."), row=("projects.complaint", facts["id"]))


def _discrepancy(_reader: Reader, facts: Facts) -> Said:
    words = _("Listed as a discrepancy: iacrea may have taken a photo. %(why)s") % {
        "why": FailureCode(facts["code"]).label
    }
    return Said(words, {"iacrea_called": bool(facts["rung"])}, _row(facts))


def _discrepancy_closed(_reader: Reader, facts: Facts) -> Said:
    return Said(_("The discrepancy is closed."), facts["reason"], _row(facts))


def _row(facts: Facts) -> tuple[str, str]:
    return "projects.discrepancy", facts["id"]


def _act(reader: Reader, facts: Facts) -> Said:
    words = DONE.get(facts["action"], OTHER)
    name = reader.who(facts["by"]) or _("Nobody")
    told = str(words) % {"name": name, "action": facts["action"]}
    detail = as_tree(facts["detail"]) or {}
    reason = {"reason": facts["reason"]} if facts["reason"] else {}
    return Said(told, reason | detail, ("accounts.auditentry", facts["id"]))


TELL = {
    "reported": _reported, "report_closed": _report_closed, "discrepancy": _discrepancy,
    "discrepancy_closed": _discrepancy_closed, "act": _act,
}  # fmt: skip
