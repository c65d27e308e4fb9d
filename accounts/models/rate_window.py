from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.api_key import ApiKey


class RateWindow(models.Model):
    """The calls of a key in its current minute: one row for each key, written over in the next.
    On PostgreSQL the table is unlogged: a crash empties it, and every key begins anew."""

    api_key = models.OneToOneField(
        ApiKey, models.CASCADE, primary_key=True, verbose_name=_("API key"), related_name="+"
    )
    # Seconds of the database's clock since 1970: arithmetic that both databases write alike.
    began_at = models.FloatField()
    calls = models.PositiveIntegerField()
    creates = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("rate window")
        verbose_name_plural = _("rate windows")

    def __str__(self) -> str:
        return f"{self.calls}, {self.creates}"
