import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Agency
from accounts.models.api_key import ApiKey
from accounts.querysets import AgencyQuerySet


class ApiRequest(models.Model):
    """A call of an agency's software, as its log tells it: no value of a body, no answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.CASCADE, verbose_name=_("agency"), related_name="+")
    api_key = models.ForeignKey(ApiKey, models.CASCADE, verbose_name=_("API key"), related_name="+")
    called_at = models.DateTimeField(_("called"))
    method = models.CharField(_("method"), max_length=10)
    path = models.CharField(_("path"), max_length=300)
    query = models.CharField(_("query"), max_length=500, blank=True)
    status = models.PositiveSmallIntegerField(_("status"))
    # Of a refusal: its stable code, and "field: code" of each field that was wrong.
    code = models.CharField(_("code"), max_length=60, blank=True)
    faults = models.JSONField(_("faults"), default=list, blank=True)
    # Names of what the body had, and bytes of its files.
    fields = models.JSONField(_("fields"), default=list, blank=True)
    # What it made or asked for.
    subject_id = models.UUIDField(_("subject"), null=True, blank=True)
    request_id = models.CharField(_("request id"), max_length=64)
    idempotency_key = models.CharField(_("idempotency key"), max_length=100, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API call")
        verbose_name_plural = _("API calls")
        indexes = [
            models.Index(fields=["agency", "-called_at"], name="api_request_list"),
            models.Index(fields=["called_at"], name="api_request_age"),
            models.Index(fields=["subject_id"], name="api_request_subject"),
            models.Index(fields=["request_id"], name="api_request_id"),
            models.Index(
                fields=["-called_at"],
                condition=models.Q(status__gte=400),
                name="api_request_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
