"""A generation of which every table has something to tell, made by the product's own functions."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from accounts.choices import Mode, NotificationKind, StaffReason
from accounts.models import ApiKey, Notification, User
from accounts.notifications import mark_read, notify
from integrations.webhooks.models import Delivery, DeliveryAttempt, DeliveryState
from integrations.webhooks.services import create_endpoint
from projects import complaints, keeping, lifecycle, news, support
from projects.choices import AttemptOutcome, WrongReason
from projects.models import CallbackReceipt, Generation
from projects.pipeline.archive import keep
from projects.sharing import services as sharing
from tests.conftest import Cast, photo_bytes
from tests.developers.pages import planted_call
from tests.garden import queued_generation
from tests.projects.jobs import again

# In addresses and answers of others: none of it may be shown.
PLANTED = {
    "signed": "X-Amz-Signature-of-the-photo",
    "hook": "secret-of-the-hook",
    "user": "user-with-a-password",
    "path": "T0KEN-in-the-path-of-a-webhook-1234",
    "answer": "what their server answered",
    "body": "prt_live_" + "s" * 49,
}


def staff(*permissions: str) -> Client:
    """Dana, who may do everything; or somebody who has these permissions only."""
    from django.contrib.auth.models import Permission

    client = Client(headers={"accept-language": "en"})
    if not permissions:
        client.force_login(User.objects.create_superuser("dana@example.org", "x", name="Dana"))
        return client
    person = User.objects.create_user("rita@example.org", "x", name="Rita", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(person)
    return client


def eventful(cast: Cast) -> Generation:
    """Sent twice, called back, stored, charged, told, shared, reported and made good."""
    create_endpoint(
        agency=cast.agency, mode=Mode.LIVE, url=f"https://h.example.org/{PLANTED['path']}"
    )
    job = queued_generation(cast)
    Generation.objects.filter(pk=job.pk).update(
        image_url=f"https://s3.example.org/a.jpg?X={PLANTED['signed']}",
        webhook=f"https://{PLANTED['user']}:x@hook.example.org/in?key={PLANTED['hook']}",
        metadata={"note": PLANTED["hook"]},
    )
    key = ApiKey.objects.get(agency=cast.agency, mode=Mode.LIVE)
    planted_call(key, method="POST", path="/api/v1/generations", status=202, subject_id=job.pk)
    _send(job)
    _end(job)
    _tell(cast, job)
    _show(cast, job)
    _complain(cast, job)
    return again(job)


def _send(job: Generation) -> None:
    """iacrea refuses once by a 429, then takes it, and calls."""
    first = lifecycle.open_attempt(again(job), "1" * 64)
    assert first
    busy = {"status": 429, "body": f"slow down {PLANTED['body']}", "x-api-key": "abc"}
    assert lifecycle.requeue(first, AttemptOutcome.RATE_LIMITED, busy, wait=timedelta(0))
    second = lifecycle.open_attempt(again(job), "2" * 64)
    assert second and lifecycle.bind(second, "upstream-1", {"accepted": True})
    now = timezone.now()
    CallbackReceipt.objects.create(
        attempt=second, candidate_id="upstream-1", asked_at=now, handled_at=now
    )
    Generation.objects.filter(pk=job.pk).update(last_polled_at=now)


def _end(job: Generation) -> None:
    job = again(job)
    assert lifecycle.found_result(job, [f"https://r.example.org/1?{PLANTED['signed']}"])
    keep(again(job), 0, photo_bytes(kind="PNG"))
    assert lifecycle.succeed(again(job))


def _tell(cast: Cast, job: Generation) -> None:
    """The author, and the agency's software: its endpoint fails, its own webhook answers."""
    news.tell_author(again(job))
    mark_read(cast.owner, until=timezone.now())
    for number, delivery in enumerate(Delivery.objects.filter(subject_id=job.pk), start=1):
        DeliveryAttempt.objects.create(
            delivery=delivery, number=1, ended_at=timezone.now(), milliseconds=35,
            status_code=200 + 300 * (number - 1), answer_head=PLANTED["answer"],
        )  # fmt: skip
        ended = {"state": DeliveryState.DELIVERED, "ended_at": timezone.now()}
        Delivery.objects.filter(pk=delivery.pk).update(**ended)


def _show(cast: Cast, job: Generation) -> None:
    link = sharing.create_link(project=job.project, author=cast.owner, generations=[again(job)])
    sharing.count_view(link)
    shared = link.shared.get()
    yes = sharing.approve(link, shared, name="Odile", network="127.0.0.0")
    said = sharing.comment(link, shared, name="Odile", text="Wider?", network="127.0.0.0")
    sharing.answer(said, author=cast.owner, text="Surely")
    sharing.withdraw_approval(link, yes.pk)
    sharing.withdraw_comment(link, said.pk)
    sharing.revoke(link, actor_id=str(cast.owner.pk))


def _complain(cast: Cast, job: Generation) -> None:
    dana, _new = User.objects.get_or_create(email="dana@example.org", defaults={"name": "Dana"})
    by = {"actor_id": str(dana.pk), "reason": "they called"}
    keeping.complain(again(job), author=cast.owner, reason=WrongReason.OTHER, text="a window")
    assert complaints.close(job.complaints.get(), **by)
    assert support.refund(again(job), code=StaffReason.BAD_PICTURE, **by)


def fattened(cast: Cast, job: Generation, lines: int) -> None:
    """As many lines more of what comes in floods."""
    attempt = job.attempts.last()
    assert attempt
    now = timezone.now()
    CallbackReceipt.objects.bulk_create(
        CallbackReceipt(attempt=attempt, received_at=now, handled_at=now) for _ in range(lines // 2)
    )
    for _ in range(10):
        notify(cast.owner, NotificationKind.APPROVED, {"generation_id": str(job.pk)})
    assert Notification.objects.count() > 10
