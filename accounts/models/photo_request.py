import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Agency, Membership
from accounts.models.lot import PhotoLot
from accounts.querysets import AgencyQuerySet


class PhotoRequest(models.Model):
    """An agency asks the operator for photos. Staff answer with a pack, or close it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="photo_requests"
    )
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name=_("author"), related_name="+"
    )
    photos = models.PositiveIntegerField(_("photos"))
    message = models.CharField(_("message"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # What the operator answered with; none when it was closed without.
    lot = models.OneToOneField(
        PhotoLot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo lot"),
    )
    invoice_reference = models.CharField(_("invoice reference"), max_length=60, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for photos")
        verbose_name_plural = _("requests for photos")
        constraints = [
            models.CheckConstraint(condition=Q(photos__gt=0), name="photo_request_asks_for_some"),
            # A second tap, or a colleague, asks for the same photos.
            models.UniqueConstraint(
                fields=["agency"], condition=Q(closed_at=None), name="photo_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(lot=None) | Q(closed_at__isnull=False),
                name="photo_request_answered_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}: {self.photos}"
