import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Agency
from accounts.querysets import AgencyQuerySet


class AuditEntry(models.Model):
    """Who did what to which row, and why. Never changed, never deleted by the product;
    the erasure of an agency blanks the words, not the fact."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.SET_NULL, verbose_name=_("agency"), null=True, related_name="audit_entries"
    )
    actor_id = models.CharField(_("by"), max_length=64, blank=True)
    action = models.CharField(_("action"), max_length=60)
    target = models.CharField(_("target"), max_length=100, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    detail = models.JSONField(_("details"), default=dict)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["-created_at"], name="audit_newest"),
            models.Index(fields=["agency", "-created_at"], name="audit_list"),
            models.Index(fields=["action", "agency", "-created_at"], name="audit_action"),
            models.Index(fields=["target"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"
