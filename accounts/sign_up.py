"""Whoever signs up by themselves. What they type is a claim until the link that is mailed there is
used: until then their `email` is an address that does not exist, so that signing up with somebody
else's address takes nothing from them and tells nobody whether they have an account.
"""

import logging
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.selectors import membership_of
from integrations.doors import queue

logger = logging.getLogger(__name__)
# RFC 2606: no mail server has a name below `.invalid`.
NOWHERE = ".invalid"
UNVERIFIED = f"@unverified{NOWHERE}"
SALT = "accounts.sign_up"
DAYS = 3


def is_open() -> bool:
    """Trial pictures are made by the embedded engine, and by nothing that costs."""
    return bool(settings.SIGN_UP and settings.EMULATOR_URL)


def is_confirmed(user: User) -> bool:
    """Whether `email` is known to be theirs. Until then they share, invite and make keys for
    nobody, and nothing is mailed to them but the link."""
    return not user.email.endswith(UNVERIFIED)


def shown_email(user: User) -> str:
    return user.email if is_confirmed(user) else user.claimed_email


@transaction.atomic
def claim(*, email: str, password: str, language: str) -> User:
    """A new user with the claim, and the hint to mail it."""
    user = User.objects.create_user(
        f"{uuid4()}{UNVERIFIED}", password, claimed_email=email, language=language,
        name=email.partition("@")[0],
    )  # fmt: skip
    ask_to_confirm(user)
    return user


def ask_to_confirm(user: User) -> None:
    """The same work whoever has the address: only the worker looks."""
    queue.enqueue("projects.tasks.mail_confirmation", str(user.pk))


def mail(user_id: UUID) -> None:
    """A worker's task: the link, or to whoever has the address already that they have an account.
    A mail that cannot be sent is told in the log: there is a button to send it again."""
    user = User.objects.filter(pk=user_id, email__endswith=UNVERIFIED).first()
    if user is None:
        return
    taken = User.objects.filter(email=user.claimed_email).exists()
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject = _("You already have an account") if taken else _("Confirm your e-mail address")
        text = render_to_string("account/mail/taken.txt" if taken else "account/mail/confirm.txt", {
            "link": link_of(user), "days": DAYS, "origin": settings.PUBLIC_BASE_URL,
        })  # fmt: skip
        try:
            send_mail(f"{subject} · Parterre", text, None, [user.claimed_email])
        except OSError:  # of the connection, and of what the mail server says
            logger.exception("user %s: the address could not be written to", user.pk)


def link_of(user: User) -> str:
    token = signing.dumps([str(user.pk), user.claimed_email], salt=SALT)
    return f"{settings.PUBLIC_BASE_URL}{reverse('account_confirm', args=[token])}"


def user_of(token: str) -> User | None:
    """Whose link it is; None once it was used, when it is too old and when we did not make it."""
    try:
        user_id, email = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    unconfirmed = User.objects.filter(email__endswith=UNVERIFIED, is_active=True)
    return unconfirmed.filter(pk=user_id, claimed_email=email).first()


@transaction.atomic
def confirm(user: User) -> bool:
    """What they claimed is theirs. False: somebody has it by now, and nothing was changed."""
    waiting = User.objects.filter(pk=user.pk, email__endswith=UNVERIFIED)
    try:
        with transaction.atomic():
            confirmed = waiting.update(email=user.claimed_email, claimed_email="")
    except IntegrityError:  # of two at once the second
        return False
    member = membership_of(user)
    if confirmed and member:
        record(
            agency=member.agency, action="user.address_confirmed", target=str(user.pk),
            actor_id=str(member.pk),
        )  # fmt: skip
    return True
