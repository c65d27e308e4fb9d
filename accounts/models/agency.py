import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models.user import User
from accounts.querysets import AgencyQuerySet, Row
from integrations.doors.crypto import EncryptedTextField


class Agency(models.Model):
    """The tenant: a landscaper, a pool builder, an estate agent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=150)
    # Signs the callbacks to an agency's own software (Standard Webhooks); encrypted at rest.
    webhook_secret = EncryptedTextField(editable=False)
    restore_outside = models.BooleanField(
        _("paste the photo back outside the zone"), default=False, db_default=False
    )
    # Since when every member needs a second factor; None: each decides for themselves.
    mfa_required_since = models.DateTimeField(_("two-step sign-in since"), null=True, blank=True)
    # Months that a project stays unchanged before it goes to the bin; None: for ever.
    kept_months = models.PositiveSmallIntegerField(_("months kept"), null=True, blank=True)
    # What its photos and pictures may take of the storage; None: STORAGE_PER_AGENCY_GB.
    storage_gb = models.PositiveIntegerField(_("storage in GB"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            # Nothing goes at once by a slip of the finger.
            models.CheckConstraint(
                condition=models.Q(kept_months=None) | models.Q(kept_months__gte=3),
                name="agency_keeps_three_months_at_least",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(AgencyQuerySet[Row]):
    def present(self) -> Self:
        """Who was not removed. The others stay as rows, so that what they made has its author."""
        return self.filter(removed_at=None)


class Membership(models.Model):
    """A user in an agency. `iacrea_user_id` is what the drop-in door calls `user_id`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, verbose_name=_("agency"), related_name="memberships"
    )
    user = models.ForeignKey(
        User, models.CASCADE, verbose_name=_("user"), related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    iacrea_user_id = models.UUIDField(_("iacrea user id"), default=uuid.uuid4)
    # Photos that this member's live pictures may use in a calendar month; None: no limit.
    monthly_cap = models.PositiveIntegerField(_("photos a month"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    # None: a key made a member of somebody who had an account, and who has not come yet.
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint("agency", "user", name="membership_once_per_agency"),
            models.UniqueConstraint("agency", "iacrea_user_id", name="membership_iacrea_user_id"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.agency})"

    @property
    def shown_name(self) -> str:
        """For colleagues: of who was made a member unasked, what the agency itself knows."""
        return str(self.user) if self.joined_at else self.user.email
