"""Each command of support staff with a row that it can be done to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.db.models import Model
from django.utils import timezone

from accounts import photo_requests
from accounts.choices import Mode, NotificationKind, Role
from accounts.invitations import invite
from accounts.keys import issue_api_key
from accounts.models import ApiKey, Invitation, Notification, PhotoRequest
from accounts.notifications import notify
from accounts.services import set_restore_outside
from accounts.staff.command import Command, Press, ReasonForm, command_named
from integrations.iacrea.accounts import pause
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks.choices import DeliveryState, DisabledReason
from integrations.webhooks.models import Delivery, WebhookEndpoint
from integrations.webhooks.services import create_endpoint, disable_endpoint, send_ping
from projects import keeping, lifecycle
from projects.choices import WrongReason
from projects.models import Complaint, Discrepancy
from tests.conftest import Cast
from tests.garden import processing_generation, succeeded_generation
from tests.projects.jobs import unconfirmed

WHY = "the agency called"


def _name() -> str:
    return uuid4().hex[:12]


def _discrepancy(cast: Cast) -> Discrepancy:
    job = unconfirmed(cast)
    assert lifecycle.expire(job)
    return Discrepancy.objects.get(generation=job)


def _complaint(cast: Cast) -> Complaint:
    job = succeeded_generation(cast, _name())
    keeping.complain(job, author=cast.owner, reason=WrongReason.OTHER, text="a window")
    return Complaint.objects.get(generation=job)


def _request(cast: Cast, photos: int = 40) -> PhotoRequest:
    PhotoRequest.objects.filter(agency=cast.agency).update(closed_at=timezone.now())
    assert photo_requests.ask(cast.owner, photos=photos)
    return PhotoRequest.objects.get(agency=cast.agency, closed_at=None)


def _invitation(cast: Cast) -> Invitation:
    row = invite(author=cast.owner, email=f"{_name()}@example.org", role=Role.MEMBER, language="fr")
    Invitation.objects.filter(pk=row.pk).update(sent_at=row.sent_at - timedelta(hours=1))
    row.refresh_from_db()
    return row


def _notification(cast: Cast) -> Notification:
    row = notify(cast.owner, NotificationKind.PASSWORD_CHANGED, {})
    assert row
    Notification.objects.filter(pk=row.pk).update(mail_due=False)
    row.refresh_from_db()
    return row


def _endpoint(cast: Cast) -> WebhookEndpoint:
    return create_endpoint(agency=cast.agency, mode=Mode.LIVE, url=f"https://{_name()}.example/")


def _switched_off(cast: Cast) -> WebhookEndpoint:
    row = _endpoint(cast)
    assert disable_endpoint(row.pk, DisabledReason.REQUESTED)
    row.refresh_from_db()
    return row


def _failed(cast: Cast) -> Delivery:
    row = send_ping(_endpoint(cast).pk)
    Delivery.objects.filter(pk=row.pk).update(
        state=DeliveryState.FAILED, next_attempt_at=None, ended_at=timezone.now()
    )
    row.refresh_from_db()
    return row


def _endpoint_that_failed(cast: Cast) -> WebhookEndpoint:
    row = _failed(cast).endpoint
    assert row
    return row


def _key(cast: Cast) -> ApiKey:
    key, _text = issue_api_key(agency=cast.agency, mode=Mode.LIVE, name=_name())
    return key


def _account(cast: Cast) -> IacreaAccount:
    return IacreaAccount.objects.get(agency=cast.agency, built_in=False, membership=None)


def _paused(cast: Cast) -> IacreaAccount:
    pause(_account(cast), "status 401")
    return _account(cast)


def _running(cast: Cast) -> IacreaAccount:
    IacreaAccount.objects.filter(agency=cast.agency).update(paused_at=None, pause_reason="")
    return _account(cast)


def _locked_out(cast: Cast) -> Any:
    Authenticator.objects.create(user=cast.owner.user, type=Authenticator.Type.TOTP, data={})
    return cast.owner.user


def _pasted(cast: Cast) -> Any:
    set_restore_outside(agency=cast.agency, on=True, actor_id="", reason="")
    cast.agency.refresh_from_db()
    return cast.agency


def _as_it_comes(cast: Cast) -> Any:
    set_restore_outside(agency=cast.agency, on=False, actor_id="", reason="")
    cast.agency.refresh_from_db()
    return cast.agency


@dataclass(frozen=True)
class Case:
    """`tells` is a part of what the page says before."""

    name: str
    make: Callable[[Cast], Model]
    fields: dict[str, Any] = field(default_factory=dict)
    tells: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def command(self) -> Command:
        command = command_named(self.name)
        assert command
        return command

    def press(self, actor_id: str) -> Press:
        form: ReasonForm = self.command.form_class(
            {**self.fields, "reason": WHY, "once": str(uuid4())}
        )
        assert form.is_valid(), form.errors
        return Press(actor_id, WHY, form.cleaned_data)


PHOTOS = {"photos": "5", "mode": "live", "code": "courtesy"}
CASES = [
    Case("refund", lambda cast: succeeded_generation(cast, _name()), {"code": "bad_picture"}, "→"),
    Case("poll_now", lambda cast: processing_generation(cast, _name())),
    Case("release", unconfirmed, tells="→"),
    Case("retry_free", lambda cast: succeeded_generation(cast, _name()), tells="goodwill"),
    Case("close_discrepancy", _discrepancy),
    Case("close_complaint", _complaint),
    Case("grant_photos", lambda cast: cast.agency, PHOTOS, "→"),
    Case("take_photos", lambda cast: cast.agency, PHOTOS, "→"),
    Case("restore_outside", _as_it_comes),
    Case("leave_outside", _pasted),
    Case("set_storage", lambda cast: cast.agency, {"gigabytes": "7"}, "→"),
    Case("answer_with_pack", _request, {"invoice_reference": "F-7"}, "→"),
    Case("close_request", _request),
    Case("revoke_key", _key),
    Case("resend_invitation", _invitation, tells="@example.org"),
    Case("revoke_invitation", _invitation),
    Case("mail_again", _notification, tells="@example.org"),
    Case("set_iacrea_user_id", lambda cast: cast.owner, {"iacrea_user_id": str(uuid4())}, "→"),
    Case("resume", _paused),
    Case("pause_account", _running),
    Case("resend_message", _failed, tells="https://"),
    Case("enable_endpoint", _switched_off),
    Case("resend_failed", _endpoint_that_failed),
    Case("disable_endpoint", _endpoint),
]
# These need what the general tests do not have: iacrea's answer, or a second person.
ELSEWHERE = {"bind", "take_second_factor"}
LOCKED_OUT = Case("take_second_factor", _locked_out)
