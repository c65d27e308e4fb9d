"""Keys, invitations, messages and sign-ins of people."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, second_factor
from accounts.exceptions import InvitationOver, OtherMember, SentJustNow
from accounts.keys import revoke_api_key
from accounts.models import ApiKey, Invitation, Membership, Notification, User
from accounts.notifications import mail_again
from accounts.services import set_iacrea_user_id
from accounts.staff.command import SECURITY, Command, Fields, NotNow, Press, ReasonForm


def _works(key: ApiKey) -> None:
    if key.revoked_at:
        raise NotNow(_("It was revoked on %(day)s.") % {"day": f"{key.revoked_at:%Y-%m-%d}"})


REVOKE_KEY = Command(
    "revoke_key",
    ApiKey,
    gettext_lazy("Revoke"),
    gettext_lazy("From this moment on each call with these keys is refused. There is no way back."),
    lambda key, press: revoke_api_key(key, actor_id=press.actor_id, reason=press.reason),
    check=_works,
)


def _can_be_accepted(row: Invitation) -> None:
    if row.accepted_at or row.revoked_at:
        raise NotNow(_("It was accepted or revoked."))


def _told(work: Callable[..., bool]) -> Callable[[Invitation, Press], bool]:
    def done(row: Invitation, press: Press) -> bool:
        try:
            return work(row, actor_id=press.actor_id, reason=press.reason)
        except InvitationOver:
            raise NotNow(_("It was accepted or revoked.")) from None
        except SentJustNow:
            raise NotNow(_("It was sent a few minutes ago. Wait a little.")) from None

    return done


RESEND_INVITATION = Command(
    "resend_invitation",
    Invitation,
    gettext_lazy("Send again"),
    gettext_lazy("By e-mail, with a new link that is good for seven days; the old one ends."),
    _told(invitations.resend_by_staff),
    check=_can_be_accepted,
    effect=lambda row, _fields: _("to %(email)s") % {"email": row.email},
)
REVOKE_INVITATION = Command(
    "revoke_invitation",
    Invitation,
    gettext_lazy("Revoke"),
    gettext_lazy("Its link opens nothing any more."),
    _told(invitations.revoke_by_staff),
    check=_can_be_accepted,
)


def _is_not_on_its_way(row: Notification) -> None:
    if row.mail_due:
        raise NotNow(_("It is on its way."))


MAIL_AGAIN = Command(
    "mail_again",
    Notification,
    gettext_lazy("Send by e-mail again"),
    gettext_lazy("The same message, as things are now."),
    lambda row, press: mail_again(row, actor_id=press.actor_id, reason=press.reason),
    check=_is_not_on_its_way,
    effect=lambda row, _fields: _("to %(email)s") % {"email": row.member.user.email},
)


class IacreaIdForm(ReasonForm):
    iacrea_user_id = forms.UUIDField(label=gettext_lazy("iacrea user id"))
    field_order = ("iacrea_user_id", "reason")
    decides = ("iacrea_user_id",)


def _new_id(row: Membership, fields: Fields) -> str:
    return f"{row.iacrea_user_id} → {fields.get('iacrea_user_id', '…')}"


def _name(row: Membership, press: Press) -> bool:
    named: dict[str, Any] = {"iacrea_user_id": press.fields["iacrea_user_id"]}
    try:
        return set_iacrea_user_id(row, **named, actor_id=press.actor_id, reason=press.reason)
    except OtherMember:
        raise NotNow(_("Another member of this agency has this id.")) from None


NAME_AT_IACREA = Command(
    "set_iacrea_user_id",
    Membership,
    gettext_lazy("Correct the iacrea user id"),
    gettext_lazy("Calls that name the old id are refused from now on; name the new one."),
    _name,
    form_class=IacreaIdForm,
    effect=_new_id,
)


def _has_a_factor(user: User) -> None:
    if not second_factor.has_one(user):
        raise NotNow(_("There is none."))


def _take(user: User, press: Press) -> bool:
    by = {"actor_id": press.actor_id, "reason": press.reason}
    try:
        return second_factor.take_away(user, **by, asked_at=press.asked_at)
    except second_factor.NewerFactor:
        why = _("A second factor was set up after this was proposed. Take it back.")
        raise NotNow(why) from None


TAKE_FACTOR = Command(
    "take_second_factor",
    User,
    gettext_lazy("Take a lost second factor away"),
    gettext_lazy(
        "The next sign-in needs the password alone. Be sure who asks: call a number you know."
    ),
    _take,
    permission=SECURITY,
    check=_has_a_factor,
    second_person=lambda _user, _fields: True,
)
