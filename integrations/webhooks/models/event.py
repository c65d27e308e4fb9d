from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.doors.clock import database_now
from integrations.webhooks.choices import EventType
from integrations.webhooks.models.base import TenantRow


class Event(TenantRow):
    """What happened to an agency, written in the transaction in which it did. `body` is the JSON
    that its webhooks carry, to the byte."""

    type = models.CharField(_("event"), max_length=40, choices=EventType)
    subject_id = models.UUIDField(
        _("subject"), help_text=_("The generation, endpoint or agency it is about.")
    )
    body = models.TextField(_("body"))
    created_at = models.DateTimeField(_("created"), default=database_now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["agency", "mode", "-created_at"], name="event_list"),
            models.Index(fields=["created_at"], name="event_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.created_at:%Y-%m-%d %H:%M:%S}"
