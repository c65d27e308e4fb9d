"""What support staff write beside the books: notes on an agency, and what waits for a colleague."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Agency
from accounts.querysets import AgencyQuerySet


class StaffNote(models.Model):
    """For colleagues only: the agency never sees it, and its erasure takes it along."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="staff_notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+"
    )
    text = models.CharField(_("text"), max_length=2000)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff note")
        verbose_name_plural = _("staff notes")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class StaffProposal(models.Model):
    """A command that one of the staff has filled in and another has to confirm before it works."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Empty where the command is about a person and not about an agency.
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, verbose_name=_("agency"), related_name="+"
    )
    command = models.CharField(_("command"), max_length=60)
    target_id = models.UUIDField(_("target"))
    fields = models.JSONField(_("fields"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("proposed by"), related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True,
        verbose_name=_("decided by"), related_name="+",
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff proposal")
        verbose_name_plural = _("staff proposals")
        ordering = ["-proposed_at"]
        constraints = [
            # Whoever proposed may take it back, and never confirm it.
            models.CheckConstraint(
                condition=Q(confirmed=False)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="proposal_confirmed_by_another",
            ),
            models.UniqueConstraint(
                "command",
                "target_id",
                condition=Q(decided_at=None),
                name="proposal_one_open_per_command_and_target",
            ),
        ]

    def __str__(self) -> str:
        return self.command
