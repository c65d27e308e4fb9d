import uuid

from django.db import models

from accounts.choices import Mode
from accounts.models import Agency
from accounts.querysets import TenantQuerySet


class TenantModel(models.Model):
    """A row of one agency in one mode, known outside by its UUID only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="%(class)ss")
    mode = models.CharField(max_length=4, choices=Mode)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True
