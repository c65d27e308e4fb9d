import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Pending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class Delivery(models.Model):
    """One message to an agency's software. Written in the transaction of what it tells; its id is
    the `webhook-id`, the same at each attempt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="deliveries"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    event_type = models.CharField(max_length=60)
    subject_id = models.UUIDField(help_text=_("The generation that this is about."))
    url = models.URLField(max_length=2000)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="pending"),
                name="delivery_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.state}"
