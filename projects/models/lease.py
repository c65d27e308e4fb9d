import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lease(models.Model):
    """Who may sweep. A holder renews it before it expires; a fence number rises at each take-over,
    so that a holder that slept through its lease notices."""

    name = models.CharField(primary_key=True, max_length=30)
    owner = models.UUIDField(default=uuid.uuid4)
    fence = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField()
    hinted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.name} until {self.expires_at:%H:%M:%S}"
