import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership
from accounts.querysets import AgencyQuerySet
from integrations.doors.crypto import EncryptedTextField


class IacreaAccount(models.Model):
    """A key at iacrea with the user id it must match.

    Of one agency, of one of its members, or (no agency) the operator's own, lent to all.
    `built_in` is the agency's account on the emulator, for test mode.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Agency,
        models.CASCADE,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        related_name="iacrea_accounts",
    )
    membership = models.ForeignKey(
        Membership,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="iacrea_accounts",
        verbose_name=_("member"),
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    api_key = EncryptedTextField(editable=False)
    iacrea_user_id = models.UUIDField(_("iacrea user id"))
    base_url = models.URLField(_("base URL"), blank=True, help_text=_("Empty: IACREA_BASE_URL."))
    built_in = models.BooleanField(_("built in, for test mode"), default=False)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    pause_reason = models.CharField(_("reason"), max_length=200, blank=True)
    # While paused: when iacrea's Credits are asked again, and how often they were.
    probe_at = models.DateTimeField(_("next look"), null=True, blank=True)
    probes = models.PositiveSmallIntegerField(_("looks"), default=0)
    # After a 429, for `generate` and for `get` apart: how many at once, empty for no limit.
    sends_at_once = models.FloatField(_("sends at once"), null=True, blank=True)
    sends_wait_until = models.DateTimeField(_("sends wait until"), null=True, blank=True)
    gets_at_once = models.FloatField(_("questions at once"), null=True, blank=True)
    gets_wait_until = models.DateTimeField(_("questions wait until"), null=True, blank=True)
    # The circuit breaker: when sends ended unclear lately (seconds since 1970), and what follows.
    unclear_at = models.JSONField(_("unclear sends"), default=list, blank=True)
    tripped_until = models.DateTimeField(_("tripped until"), null=True, blank=True)
    # Another one took its place: what it began ends with it, variations of its pictures included,
    # which iacrea knows there only. No photo starts with it.
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    # What iacrea last said that is left, and when: for people, nothing decides by it.
    credit = models.IntegerField(_("photos left at iacrea"), null=True, blank=True)
    credit_seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("iacrea account")
        verbose_name_plural = _("iacrea accounts")
        constraints = [
            models.UniqueConstraint(
                "agency", condition=Q(built_in=True), name="iacrea_one_built_in_per_agency"
            ),
            models.UniqueConstraint(
                "agency",
                condition=Q(built_in=False, membership=None, retired_at=None),
                name="iacrea_one_default_per_agency",
            ),
            models.UniqueConstraint(
                "membership", condition=Q(retired_at=None), name="iacrea_one_per_member"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.iacrea_user_id)

    @property
    def origin(self) -> str:
        """Where this account's calls go; empty when no upstream is configured."""
        if self.built_in:
            return settings.EMULATOR_URL or ""
        return self.base_url.rstrip("/") or settings.IACREA_BASE_URL or ""

    @property
    def is_trial(self) -> bool:
        """Made at the sign-up (trial.py), to be replaced by the first account that is connected."""
        return bool(self.base_url) and self.base_url == settings.EMULATOR_URL


class RiskyStep(models.Model):
    """Work on foreign bytes, counted before it begins: a picture that kills its worker each time
    must not go on doing so. The row is gone when the step has ended, well or badly.

    The generation is an opaque id: projects/ is above this app.
    """

    generation_id = models.UUIDField(_("generation"))
    step = models.CharField(_("step"), max_length=10)
    begun = models.PositiveSmallIntegerField(_("begun"), default=0)
    quarantined_at = models.DateTimeField(_("quarantined"), null=True, blank=True)

    class Meta:
        verbose_name = _("risky step")
        verbose_name_plural = _("risky steps")
        constraints = [
            models.UniqueConstraint("generation_id", "step", name="iacrea_risky_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.step} {str(self.generation_id)[:8]}"
