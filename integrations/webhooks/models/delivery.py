import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models.endpoint import WebhookEndpoint
from integrations.webhooks.models.event import Event


class Delivery(models.Model):
    """One message to an agency's software. Written in the transaction of what it tells; its id is
    the `webhook-id`, the same at each attempt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="deliveries"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    event = models.ForeignKey(
        Event, models.SET_NULL, verbose_name=_("event"), null=True, related_name="deliveries"
    )
    # None: a job's own webhook, signed with the agency's secret.
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        models.CASCADE,
        verbose_name=_("webhook endpoint"),
        null=True,
        related_name="deliveries",
        db_index=False,  # delivery_list begins with it
    )
    event_type = models.CharField(_("event"), max_length=60)
    subject_id = models.UUIDField(
        _("subject"), help_text=_("The generation, endpoint or agency it is about.")
    )
    url = models.URLField(_("URL"), max_length=2000)
    # Of the URL: messages to one host wait for each other. The old code inserts during a deploy.
    host = models.CharField(_("host"), max_length=255, blank=True, default="", db_default="")
    body = models.TextField(_("body"))
    state = models.CharField(
        _("state"), max_length=9, choices=DeliveryState, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    # Of these, the ones before it was asked to be sent again: ten more follow.
    earlier_attempts = models.PositiveSmallIntegerField(_("earlier tries"), default=0, db_default=0)
    next_attempt_at = models.DateTimeField(_("next try"), null=True, blank=True)
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

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
            ),
            models.Index(fields=["endpoint", "-created_at"], name="delivery_list"),
            models.Index(fields=["created_at"], name="delivery_age"),
            models.Index(
                fields=["-created_at"], condition=models.Q(state="failed"), name="delivery_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.state}"

    @property
    def message_id(self) -> str:
        """The `webhook-id`."""
        return f"msg_{self.pk.hex}"
