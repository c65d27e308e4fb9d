"""The address in a mail by which its kind comes no more by mail: whoever has it needs no session,
and can do nothing else with it."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.choices import NotificationKind
from accounts.models import Membership
from accounts.notification_choices import SECURITY
from accounts.selectors import member_with_id

SALT = "projects.notices.unsubscribing"


def unsubscribe_url(member: Membership, kind: NotificationKind) -> str:
    """It works for as long as the mail is kept. "" for a kind that is always told."""
    if kind in SECURITY:
        return ""
    token = signing.dumps([str(member.pk), kind], salt=SALT)
    return f"{settings.PUBLIC_BASE_URL}{reverse('projects:unsubscribe', args=[token])}"


def member_and_kind(token: str) -> tuple[Membership, NotificationKind] | None:
    """Whose mails of which kind; None for what we did not sign, and for a member who is gone."""
    try:
        member_id, kind = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    member = member_with_id(member_id)
    return (member, NotificationKind(kind)) if member and kind not in SECURITY else None
