"""The photo ledger. Entries are the truth; the balances are projections of them, changed in the
same transaction and never below zero. Only accounts/quota.py writes here."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import EntryKind, LotSource, Mode
from accounts.models.agency import Agency
from accounts.querysets import TenantQuerySet


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


class PhotoLot(Balances):
    """Photos given to an agency at one time; an expired lot is not held from any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="photo_lots"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    source = models.CharField(_("source"), max_length=12, choices=LotSource)
    usable_until = models.DateTimeField(_("usable until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo lot")
        verbose_name_plural = _("photo lots")
        constraints = [
            models.CheckConstraint(
                condition=Q(available__gte=0, held__gte=0, consumed__gte=0),
                name="lot_never_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.created_at:%Y-%m-%d}"


class LedgerEntry(models.Model):
    """One movement of photos. Generation and actor are opaque ids: the ledger outlives erasure.

    No update, no delete: triggers of accounts/triggers.py refuse both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), related_name="ledger_entries"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    lot = models.ForeignKey(PhotoLot, models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind)
    quantity = models.PositiveIntegerField(_("photos"))
    generation_id = models.UUIDField(_("generation"), null=True, blank=True)
    actor_id = models.CharField(_("by"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="entry_quantity_positive"),
            models.UniqueConstraint(
                fields=["generation_id", "lot"],
                condition=Q(kind=EntryKind.HOLD),
                name="entry_one_hold_per_lot",
            ),
            # The heart: what was held is charged or given back once, and never both.
            models.UniqueConstraint(
                fields=["generation_id", "lot"],
                condition=Q(kind__in=[EntryKind.CAPTURE, EntryKind.RELEASE]),
                name="entry_one_end_per_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"
