"""The mail of an invitation, as text and HTML, in its language. A worker's task: it may run twice.
A mail that cannot be sent is told in the log and no more; it can be sent again from the page."""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.invitations import take_mail
from accounts.models import Invitation
from projects.notices.mails import AUTOMATIC
from projects.notices.names import SUBJECT_NAME, one_line
from projects.notices.notice import Notice

logger = logging.getLogger(__name__)


def mail_invitation(invitation_id: UUID, expected_hash: str) -> None:
    taken = take_mail(invitation_id, expected_hash)
    if taken is None:
        return
    try:
        mail_of(*taken).send()
    except OSError:  # of the connection, and of what the mail server says (SMTPException is one)
        logger.exception("invitation %s could not be sent by e-mail", invitation_id)


def mail_of(invitation: Invitation, token: str) -> EmailMultiAlternatives:
    with translation.override(invitation.language):
        facts = _facts(invitation, token)
        text = render_to_string("team/mail.txt", facts)
        html = render_to_string("team/mail.html", facts)
    title = facts["notice"].title
    message = EmailMultiAlternatives(title, text, None, [invitation.email], headers=AUTOMATIC)
    message.attach_alternative(html, "text/html")
    return message


def _facts(invitation: Invitation, token: str) -> dict[str, Any]:
    path = reverse("projects:invitation", args=[token])
    return {
        "notice": _notice(invitation),
        "agency": one_line(invitation.agency.name),
        "link": f"{settings.PUBLIC_BASE_URL}{path}",
    }


def _notice(invitation: Invitation) -> Notice:
    """Names that strangers chose stand in quotation marks."""
    agency = one_line(invitation.agency.name, SUBJECT_NAME)
    who = one_line(str(invitation.author.user), SUBJECT_NAME) if invitation.author else agency
    day = date_format(timezone.localtime(invitation.expires_at), "DATETIME_FORMAT")
    words = {"who": who, "agency": agency, "role": Role(invitation.role).label, "day": day}
    lines = [
        _("“%(who)s” invites you to work in “%(agency)s” on Parterre, as: %(role)s.") % words,
        _("Parterre shows a garden as it will be: with its terrace, pool or pétanque court."),
        _("The link is for you alone. It works once, until %(day)s.") % words,
    ]
    title = _("An invitation to “%(agency)s” on Parterre") % words
    return Notice(title, lines, action=_("Look at the invitation"))
