from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.webhooks.models.delivery import Delivery


class DeliveryAttempt(models.Model):
    """One try of a message: how long it took, and what came back. Of the answer its first 2 kB."""

    delivery = models.ForeignKey(
        Delivery,
        models.CASCADE,
        related_name="tries",
        db_index=False,  # the constraint begins with it
    )
    number = models.PositiveSmallIntegerField(_("number"))
    ended_at = models.DateTimeField(_("ended"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    status_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=60, blank=True)
    answer_head = models.TextField(_("beginning of the answer"), blank=True)

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("delivery", "number", name="delivery_attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.status_code or self.error}"
