import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet


class TenantModel(models.Model):
    """A row of one agency in one mode, known outside by its UUID only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="%(class)ss"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
