from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.choices import Mode
from accounts.models.agency import Agency
from accounts.querysets import TenantQuerySet

MAX_KEY_LENGTH = 255


class IdempotentAnswer(models.Model):
    """What a create answered, for whoever asks again with the same Idempotency-Key. Committed with
    what was created, so that there is never one without the other."""

    # The unique constraint begins with it.
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="+", db_index=False
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    path = models.CharField(max_length=200)
    key = models.CharField(max_length=MAX_KEY_LENGTH)
    body_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(db_default=0)
    # As it was sent: jsonb would give the fields back in another order.
    answer = models.TextField(db_default="")
    created_at = models.DateTimeField(_("created"), db_default=Now(), db_index=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("idempotent answer")
        verbose_name_plural = _("idempotent answers")
        constraints = [
            models.UniqueConstraint(
                "agency", "mode", "path", "key", name="idempotent_answer_once_per_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
