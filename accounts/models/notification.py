"""What people are told, and how they want to be told."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import NotificationKind
from accounts.models.agency import Membership


class Notification(models.Model):
    """One thing that one member is told, in the list behind the bell."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(
        Membership, models.CASCADE, verbose_name=_("member"), related_name="notifications"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=NotificationKind)
    # What the sentence of this kind needs, ids and names; never a rendered text, since the
    # reader's language may change.
    facts = models.JSONField(_("facts"), default=dict)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # False: it is told by mail only.
    listed = models.BooleanField(_("in the list"), default=True)
    # Until a worker has taken it upon itself to send the mail.
    mail_due = models.BooleanField(_("e-mail due"), default=False)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["member", "-created_at"], name="notification_list"),
            models.Index(
                fields=["member"],
                condition=models.Q(read_at=None, listed=True),
                name="notification_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class NotificationChoice(models.Model):
    """Where a member differs from the default of a kind; no row: the default. Security is always
    told, whatever a row says."""

    member = models.ForeignKey(
        Membership, models.CASCADE, verbose_name=_("member"), related_name="notification_choices"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=NotificationKind)
    in_app = models.BooleanField(_("in the list"))
    by_mail = models.BooleanField(_("by e-mail"))

    class Meta:
        verbose_name = _("notification choice")
        verbose_name_plural = _("notification choices")
        constraints = [
            models.UniqueConstraint("member", "kind", name="notification_choice_once_per_kind")
        ]

    def __str__(self) -> str:
        return self.kind
