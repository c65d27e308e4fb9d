import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet


class TenantRow(models.Model):
    """A row of one agency in one mode. A test key's rows are never mixed with live ones."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.CASCADE, verbose_name=_("agency"), related_name="+")
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
