from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from projects.choices import WrongReason
from projects.models.generation import Generation
from projects.models.tenant import TenantModel


class Complaint(TenantModel):
    """Somebody of the agency finds a picture wrong. Kept for support, who answer it."""

    generation = models.ForeignKey(
        Generation, models.CASCADE, related_name="complaints", verbose_name=_("generation")
    )
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name=_("author"), related_name="+"
    )
    reason = models.CharField(_("what is wrong"), max_length=20, choices=WrongReason)
    text = models.CharField(_("in their words"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("picture reported")
        verbose_name_plural = _("pictures reported")
        constraints = [
            # A second tap says it again; it is not a second complaint.
            models.UniqueConstraint(
                fields=["generation"], condition=Q(closed_at=None), name="complaint_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.reason
