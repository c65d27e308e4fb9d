from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.doors.clock import database_now
from integrations.doors.crypto import EncryptedTextField
from integrations.webhooks.choices import DisabledReason
from integrations.webhooks.models.base import TenantRow


class WebhookEndpoint(TenantRow):
    """Where an agency's software wants to be told of events."""

    url = models.URLField(_("URL"), max_length=2000)
    description = models.CharField(_("description"), max_length=200, blank=True)
    # None: all of them, also those that come to be later.
    event_types = models.JSONField(_("events"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"), default=database_now)
    disabled_at = models.DateTimeField(_("disabled"), null=True, blank=True)
    disabled_reason = models.CharField(
        _("why disabled"), max_length=10, choices=DisabledReason, blank=True
    )
    # The first failure since something arrived.
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    # The row stays for a while: an event that is being written may still point to it.
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["agency", "mode", "-created_at"], name="endpoint_list")]

    def __str__(self) -> str:
        return self.url

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None and self.deleted_at is None

    def wants(self, event_type: str) -> bool:
        return not self.event_types or event_type in self.event_types


class WebhookSecret(models.Model):
    """Signs what goes to an endpoint; two do while one replaces the other. A table of its own, so
    that one that cannot be opened hides no endpoint."""

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="secrets")
    secret = EncryptedTextField(editable=False)
    created_at = models.DateTimeField(_("created"), default=database_now)
    # The present one has no end.
    signs_until = models.DateTimeField(_("signs until"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
