"""The photo ledger. Entries are the truth; the balances are projections of them, changed in the
same transaction and never below zero. Only accounts/quota.py writes here."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import EntryKind, Mode
from accounts.models.agency import Agency
from accounts.models.lot import PhotoLot
from accounts.querysets import TenantQuerySet

ENDS = (EntryKind.CAPTURE, EntryKind.RELEASE)


class LedgerEntry(models.Model):
    """One movement of photos. Generation and actor are opaque ids: the ledger outlives erasure.

    No update, no delete, no lot of somebody else: triggers of accounts/triggers.py refuse them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name=_("agency"), related_name="ledger_entries"
    )
    mode = models.CharField(_("mode"), max_length=4, choices=Mode)
    lot = models.ForeignKey(
        PhotoLot, models.PROTECT, related_name="entries", verbose_name=_("photo lot")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind)
    quantity = models.PositiveIntegerField(_("photos"))
    # The job of a hold and of its end; on a GRANT the job whose charge it makes good.
    generation_id = models.UUIDField(_("generation"), null=True, blank=True)
    actor_id = models.CharField(_("by"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["agency", "mode", "-created_at"], name="entry_list"),
            models.Index(fields=["-created_at"], name="entry_newest"),
            # The few among those of jobs.
            models.Index(
                fields=["kind", "-created_at"],
                condition=Q(kind__in=[EntryKind.GRANT, EntryKind.EXPIRE, EntryKind.ADJUST]),
                name="entry_without_job",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="entry_quantity_positive"),
            # Without an id the unique constraints below would count nothing.
            models.CheckConstraint(
                condition=~Q(kind__in=[EntryKind.HOLD, *ENDS]) | Q(generation_id__isnull=False),
                name="entry_of_a_job_names_it",
            ),
            models.UniqueConstraint(
                fields=["generation_id", "lot"],
                condition=Q(kind=EntryKind.HOLD),
                name="entry_one_hold_per_lot",
            ),
            # The heart: what was held is charged or given back once, and never both.
            models.UniqueConstraint(
                fields=["generation_id", "lot"],
                condition=Q(kind__in=ENDS),
                name="entry_one_end_per_hold",
            ),
            models.UniqueConstraint(
                fields=["generation_id"],
                condition=Q(kind=EntryKind.GRANT),
                name="entry_one_refund_per_generation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity}"
