"""The list of jobs for which iacrea may have taken a photo and the agency got nothing."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.choices import FailureCode
from projects.models.generation import Generation
from projects.models.tenant import TenantModel


class Discrepancy(TenantModel):
    """Written with the transition; support looks at iacrea's books and closes it with a reason."""

    # The row stays when an erasure takes the generation: iacrea's photo is still gone.
    generation = models.OneToOneField(
        Generation, models.SET_NULL, null=True, verbose_name=_("generation")
    )
    code = models.CharField(_("failure"), max_length=30, choices=FailureCode)
    # A callback came, with or without an id: iacrea did take the job.
    rung = models.BooleanField(_("iacrea has called"), default=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.CharField(_("by"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(reason__gt=""),
                name="discrepancy_closed_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {str(self.generation_id)[:8]}"
