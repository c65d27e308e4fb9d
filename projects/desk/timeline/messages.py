"""Who was told: members by their list and by e-mail, the agency's software by webhooks."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from accounts.choices import NotificationKind
from accounts.models import Notification
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery, DeliveryAttempt, Event
from projects.desk import redact
from projects.desk.timeline.moments import Facts, Reader, Rows, Said, moments
from projects.models import Generation

# An event is written with the end that it tells; which generation it is about has no index, when
# it was written has one.
AROUND = timedelta(minutes=1)


def rows(job: Generation) -> dict[str, Rows]:
    return {**_to_members(job), **_to_software(job)}


def _to_members(job: Generation) -> dict[str, Rows]:
    """Of the agency's, since it was asked for: those that name it."""
    mine = Notification.objects.filter(
        member__agency=job.agency_id, created_at__gte=job.created_at,
        facts__generation_id=str(job.pk),
    )  # fmt: skip
    told = {
        "id": "id", "kind": "kind", "listed": "listed", "mail_due": "mail_due",
        "name": "member__user__name", "email": "member__user__email",
    }  # fmt: skip
    return {
        "told": moments(mine, "created_at", **told),
        "read": moments(mine, "read_at", **told),
    }


def _to_software(job: Generation) -> dict[str, Rows]:
    events = Event.objects.filter(_about(job))
    sent = Delivery.objects.filter(_about(job, "event__"))
    tries = DeliveryAttempt.objects.filter(_about(job, "delivery__event__"))
    message = {"id": "id", "url": "url", "endpoint": "endpoint_id", "state": "state",
               "error": "error", "next": "next_attempt_at"}  # fmt: skip
    return {
        "event": moments(events, "created_at", id="id", type="type"),
        "message": moments(sent, "created_at", **message),
        "message_ended": moments(sent, "ended_at", **message),
        "try": moments(
            tries, "ended_at", id="delivery_id", number="number", ms="milliseconds",
            status="status_code", error="error", answer=Length("answer_head"),
        ),
    }  # fmt: skip


def _about(job: Generation, of: str = "") -> Q:
    if job.ended_at is None:
        return Q(pk__in=[])
    near = (job.ended_at - AROUND, job.ended_at + AROUND)
    event = {"agency": job.agency_id, "mode": job.mode, "created_at__range": near,
             "subject_id": job.pk}  # fmt: skip
    return Q(**{f"{of}{name}": value for name, value in event.items()})


def _told(_reader: Reader, facts: Facts) -> Said:
    """Whether a mail was wanted is not kept once it was sent: only that one still waits."""
    where = _("In their list.") if facts["listed"] else _("By e-mail only.")
    waits = _("Its e-mail waits to be sent.") if facts["mail_due"] else ""
    words = _("%(name)s is told: %(what)s.") % _notice(facts)
    told = " ".join(word for word in (words, where, waits) if word)
    return Said(told, row=("accounts.notification", facts["id"]))


def _read(_reader: Reader, facts: Facts) -> Said:
    words = _("%(name)s has read: %(what)s.") % _notice(facts)
    return Said(words, row=("accounts.notification", facts["id"]))


def _notice(facts: Facts) -> dict[str, str]:
    name = facts["name"] or facts["email"]
    return {"name": name, "what": str(NotificationKind(facts["kind"]).label)}


def _event(_reader: Reader, facts: Facts) -> Said:
    words = _("An event for the agency’s software: %(type)s.") % facts
    return Said(words, row=("webhooks.event", facts["id"]))


def _message(_reader: Reader, facts: Facts) -> Said:
    endpoint = _("A message to the endpoint %(url)s.")
    own = _("A message to the job’s own webhook, %(url)s.")
    words = (endpoint if facts["endpoint"] else own) % {"url": redact.address(facts["url"])}
    waits = facts["state"] == DeliveryState.PENDING
    detail = {"next_try": facts["next"]} if waits else {"body": redact.redacted()}
    return Said(words, detail, ("webhooks.delivery", facts["id"]))


def _message_ended(_reader: Reader, facts: Facts) -> Said:
    words = _("The message to %(url)s has ended: %(state)s.") % {
        "url": redact.address(facts["url"]),
        "state": DeliveryState(facts["state"]).label,
    }
    return Said(words, facts["error"], ("webhooks.delivery", facts["id"]))


def _try(_reader: Reader, facts: Facts) -> Said:
    seen = f"HTTP {facts['status']}" if facts["status"] else facts["error"]
    words = _("Try %(number)s of a message, after %(ms)s ms: %(seen)s.") % (facts | {"seen": seen})
    told = _("%(n)s characters, redacted") % {"n": facts["answer"]}
    detail = {"error": facts["error"], "answer": told if facts["answer"] else ""}
    return Said(words, detail, ("webhooks.delivery", facts["id"]))


TELL = {
    "told": _told, "read": _read, "event": _event, "message": _message,
    "message_ended": _message_ended, "try": _try,
}  # fmt: skip
