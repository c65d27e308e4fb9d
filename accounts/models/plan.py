import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Agency


class Plan(models.Model):
    """What an agency is sold each month: live photos, granted by accounts/sweep.py."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.OneToOneField(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="plan"
    )
    # 0: the subscription has ended; the next month brings nothing.
    photos_per_month = models.PositiveIntegerField(_("photos per month"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return f"{self.agency}: {self.photos_per_month}"
