"""Notifications by e-mail, as text and HTML. A worker's task: it may run twice, and a mail that
cannot be sent is told in the log and no more."""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.choices import NotificationKind
from accounts.models import Membership, Notification
from accounts.notifications import take_mail
from accounts.sign_up import is_confirmed
from integrations.webhooks.selectors import disabled_endpoint
from projects import news
from projects.notices.names import one_line
from projects.notices.sentences import notice_of
from projects.notices.unsubscribing import unsubscribe_url

logger = logging.getLogger(__name__)
# No machine answers a machine (RFC 3834).
AUTOMATIC = {"Auto-Submitted": "auto-generated"}


def mail(notification_id: str) -> None:
    """Its mail, unless it was taken before or is true no more."""
    row = take_mail(UUID(notification_id))
    if row and _is_there(row.member) and _is_still_true(row):
        _send(row)


def _is_there(member: Membership) -> bool:
    return member.removed_at is None and member.user.is_active and is_confirmed(member.user)


def mail_of(row: Notification) -> EmailMultiAlternatives:
    """In the language of its reader."""
    user = row.member.user
    with translation.override(user.language or settings.LANGUAGE_CODE):
        facts = _facts(row)
        text = render_to_string("notifications/mail.txt", facts)
        html = render_to_string("notifications/mail.html", facts)
        title = facts["notice"].title
    headers = AUTOMATIC | _one_click(str(facts["unsubscribe"]))
    message = EmailMultiAlternatives(title, text, None, [user.email], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def _send(row: Notification) -> None:
    try:
        mail_of(row).send()
    except OSError:  # of the connection, and of what the mail server says (SMTPException is one)
        logger.exception("notification %s could not be sent by e-mail", row.pk)


def _is_still_true(row: Notification) -> bool:
    if row.kind == NotificationKind.ENDPOINT_DISABLED:
        return disabled_endpoint(UUID(row.facts["endpoint_id"])) is not None
    if row.kind in (NotificationKind.READY, NotificationKind.FAILED):
        return news.is_news(UUID(row.facts["generation_id"]))
    return True


def _facts(row: Notification) -> dict[str, Any]:
    notice = notice_of(row)
    return {
        "notice": notice,
        "agency": one_line(row.member.agency.name),
        "link": f"{settings.PUBLIC_BASE_URL}{notice.path}" if notice.path else "",
        "choices": f"{settings.PUBLIC_BASE_URL}{reverse('projects:notification_choices')}",
        "unsubscribe": unsubscribe_url(row.member, NotificationKind(row.kind)),
    }


def _one_click(url: str) -> dict[str, str]:
    """RFC 8058."""
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
