"""Photos given, and the balances that the ledger's entries add up to. Only accounts/quota.py
writes here."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import LotSource, Mode
from accounts.models.agency import Agency
from accounts.querysets import TenantQuerySet
from integrations.doors.clock import DatabaseNow


class Balances(models.Model):
    available = models.IntegerField(_("available"), default=0)
    held = models.IntegerField(_("held"), default=0)
    consumed = models.IntegerField(_("charged"), default=0)

    class Meta:
        abstract = True


class PhotoQuota(Balances):
    """An agency's photos in one mode. Its row lock is the first lock of every ledger write."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="quotas"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo quota")
        verbose_name_plural = _("photo quotas")
        constraints = [
            models.UniqueConstraint("agency", "mode", name="quota_once_per_mode"),
            models.CheckConstraint(
                condition=Q(available__gte=0, held__gte=0, consumed__gte=0),
                name="quota_never_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.available} + {self.held}"


def usable_at(now: datetime | DatabaseNow) -> Q:
    """What a lot's `available` counts under: its time has not passed."""
    return Q(usable_until=None) | Q(usable_until__gt=now)


class PhotoLotQuerySet(TenantQuerySet["PhotoLot"]):
    def usable(self, now: datetime) -> Self:
        """In the order of consumption: what expires first, never-expiring last, then by age."""
        lots = self.filter(usable_at(now), available__gt=0)
        return lots.order_by(F("usable_until").asc(nulls_last=True), "created_at", "pk")

    def past(self, now: datetime) -> Self:
        """Lots whose time has passed with photos left that nobody holds."""
        return self.filter(usable_until__lte=now, available__gt=0).order_by("usable_until", "pk")


class PhotoLot(Balances):
    """Photos given to an agency at one time; an expired lot is not held from any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="photo_lots"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    source = models.CharField(_("source"), max_length=12, choices=LotSource)
    # First day of the month that a subscription pays for; day of a refill of test photos.
    period = models.DateField(_("period"), null=True, blank=True)
    usable_until = models.DateTimeField(_("usable until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PhotoLotQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo lot")
        verbose_name_plural = _("photo lots")
        indexes = [
            # The sweep's: few lots have photos left, so it stays small.
            models.Index(
                fields=["usable_until"], condition=Q(available__gt=0), name="lot_with_photos_left"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(available__gte=0, held__gte=0, consumed__gte=0),
                name="lot_never_negative",
            ),
            # Lots without a period (packs, first trials, goodwill) are not counted by it.
            models.UniqueConstraint(
                fields=["agency", "mode", "source", "period"], name="lot_once_per_period"
            ),
            models.CheckConstraint(
                condition=~Q(source=LotSource.SUBSCRIPTION) | Q(period__isnull=False),
                name="lot_subscription_has_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.created_at:%Y-%m-%d}"
