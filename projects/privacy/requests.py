"""An owner asks that the agency be erased, or calls that back; the operator does it, by
`manage.py erase_agency`: nobody's photos are gone by one stolen session."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import audit
from accounts.choices import Mode
from accounts.models import Agency, AuditEntry, Membership
from accounts.quota import lock_quota
from integrations.doors import queue
from projects.privacy.selectors import requests as selectors

logger = logging.getLogger(__name__)


def ask(owner: Membership) -> bool:
    """False: the agency has asked before; nothing was written."""
    return _write(owner, selectors.ASKED)


def withdraw(owner: Membership) -> bool:
    """False: nothing waits to be called back."""
    return _write(owner, selectors.WITHDRAWN)


@transaction.atomic
def _write(owner: Membership, action: str) -> bool:
    lock_quota(owner.agency_id, Mode.LIVE)  # of two taps the second must see the first
    is_open = selectors.open_request(owner.agency) is not None
    if is_open == (action == selectors.ASKED):
        return False
    entry = audit.record(
        agency=owner.agency, action=action, target=str(owner.agency_id), actor_id=str(owner.pk)
    )
    queue.enqueue("projects.privacy.requests.mail_operator", str(entry.pk))
    return True


def mail_operator(entry_id: str) -> None:
    """A worker's task. The log says it too, for an operator without an address."""
    entry = selectors.request_with_id(entry_id)
    if entry is None or entry.agency is None:
        return
    logger.warning("agency %s: %s", entry.agency.pk, entry.action)
    if settings.OPERATOR_EMAIL:
        with translation.override(settings.LANGUAGE_CODE):
            _send(entry, entry.agency)


def _send(entry: AuditEntry, agency: Agency) -> None:
    context = {
        "agency": agency,
        "author": selectors.author_of(entry),
        "withdrawn": entry.action == selectors.WITHDRAWN,
        "due": selectors.due_at(entry),
    }
    asked, back = _("%(agency)s asks to be erased"), _("%(agency)s takes its erasure back")
    subject = (back if context["withdrawn"] else asked) % {"agency": agency}
    text = render_to_string("privacy/asked_mail.txt", context)
    try:
        # In one line, whatever the agency is called.
        send_mail(" ".join(subject.split()), text, None, [settings.OPERATOR_EMAIL])
    except OSError:  # of the connection, and of what the mail server says
        logger.exception("erasure of agency %s: the operator could not be told", agency.pk)
