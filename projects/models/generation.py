"""A generation and what happened to it. Only projects/lifecycle.py writes a status."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from integrations.doors.clock import database_now
from integrations.iacrea.models import IacreaAccount
from projects.choices import AttemptOutcome, FailureCode, RoomType, Source, Status
from projects.models.project import Project
from projects.models.tenant import TenantModel
from projects.models.upload import Upload
from projects.transitions import public_word


class Generation(TenantModel):
    """One picture asked for: accepted, sent to iacrea, watched, archived, charged or given back."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="generations", verbose_name=_("project")
    )
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name=_("author"), related_name="generations"
    )
    source = models.CharField(_("source"), max_length=9, choices=Source)
    # A variation has the generation it was made from, and the first of that line.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="variations", verbose_name=_("variation of")
    )
    root = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        related_name="descendants",
        verbose_name=_("first picture"),
    )

    # What was asked for. A given URL becomes an upload once a worker fetched it.
    room_type = models.CharField(_("type"), max_length=10, choices=RoomType)
    photo = models.ForeignKey(
        Upload, models.PROTECT, null=True, related_name="+", verbose_name=_("photo")
    )
    mask = models.ForeignKey(
        Upload, models.PROTECT, null=True, related_name="+", verbose_name=_("zone")
    )
    image_url = models.URLField(max_length=2000, blank=True)
    mask_url = models.URLField(max_length=2000, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    webhook = models.URLField(max_length=2000, blank=True)
    # A zone of a photo that is still to be fetched: corners in pixels of `width` × `height`.
    polygon = models.JSONField(_("polygon"), null=True, blank=True)
    # The caller's own words; `simulate` is read in test mode.
    metadata = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    inputs_ready_at = models.DateTimeField(null=True, blank=True)
    price = models.PositiveSmallIntegerField(_("price in photos"), default=1)
    charged = models.PositiveSmallIntegerField(_("photos charged"), default=0)

    # Where it is in its life.
    status = models.CharField(_("status"), max_length=11, choices=Status, default=Status.QUEUED)
    status_since = models.DateTimeField(_("status since"))
    failure_code = models.CharField(_("failure"), max_length=30, choices=FailureCode, blank=True)
    failure_detail = models.CharField(_("failure detail"), max_length=60, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    # What people of the agency say of it; its story and its books do not care.
    favourite = models.BooleanField(_("favourite"), default=False, db_default=False)
    note = models.CharField(_("note"), max_length=500, blank=True, db_default="")
    # In the bin since then: shown nowhere, back with one button, erased after 30 days.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    # When the sweep must look at it again: dispatch, end of a lease, poll, archive, deadline.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    # When a worker was last told of it: a queued hint must not be repeated at each sweep, and must
    # not move `due_at` either, or the worker that gets it would find nothing due.
    hinted_at = models.DateTimeField(null=True, blank=True)

    # What is known of it upstream.
    account = models.ForeignKey(
        IacreaAccount, models.PROTECT, related_name="+", verbose_name=_("iacrea account")
    )
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    upstream_origin = models.CharField(max_length=200, blank=True)
    upstream_id = models.CharField(_("id at iacrea"), max_length=200, blank=True)
    upstream_started = models.BooleanField(default=False)
    upstream_failed_at = models.DateTimeField(null=True, blank=True)
    last_polled_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    # How many answers in a row had a word that is none of iacrea's; since when it says SUCCEEDED
    # and names no link. The database has the default too: the old code inserts during a deploy.
    unknown_answers = models.PositiveSmallIntegerField(default=0, db_default=0)
    no_link_since = models.DateTimeField(null=True, blank=True)
    result_urls = models.JSONField(default=list)
    # No picture is behind them: iacrea is asked for others before the next try.
    links_dead = models.BooleanField(default=False, db_default=False)
    # When to ask once more about a job that has ended: for a late success, or a contradiction.
    look_again_at = models.DateTimeField(null=True, blank=True)
    # Of the second, free generation that a late success becomes: the one that had ended before.
    recovered_from = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="recovered_as",
        verbose_name=_("recovered from"),
    )

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        indexes = [
            models.Index(fields=["due_at"], name="generation_due"),
            models.Index(
                fields=["look_again_at"],
                condition=Q(look_again_at__isnull=False),
                name="generation_look_again",
            ),
            models.Index(
                fields=["removed_at"],
                condition=Q(removed_at__isnull=False),
                name="generation_bin",
            ),
            models.Index(fields=["agency", "mode", "-created_at"], name="generation_list"),
            # For a status that few of many have: without it all of the agency's rows are read.
            models.Index(
                fields=["agency", "mode", "status", "-created_at"], name="generation_status_list"
            ),
            # Of all agencies, for support.
            models.Index(fields=["-created_at"], name="generation_newest"),
            models.Index(
                fields=["failure_code", "-created_at"],
                condition=Q(failure_code__gt=""),
                name="generation_failures",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["upstream_origin", "upstream_id"],
                condition=~Q(upstream_id=""),
                name="generation_upstream_id_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.FAILED, Status.CANCELED], failure_code__gt="")
                | Q(~Q(status__in=[Status.FAILED, Status.CANCELED]), failure_code=""),
                name="generation_failure_has_a_code",
            ),
            models.CheckConstraint(
                condition=Q(charged=0) | Q(status=Status.SUCCEEDED),
                name="generation_charged_only_when_ready",
            ),
            models.CheckConstraint(
                condition=Q(recovered_from=None) | Q(price=0, charged=0),
                name="generation_recovered_is_free",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_type} {str(self.pk)[:8]}"

    @property
    def type_name(self) -> str:
        """What it shows, as far as is known: iacrea does not tell of a job that was taken over."""
        return str(self.get_room_type_display() or _("Picture"))

    @property
    def is_terminal(self) -> bool:
        return self.status in (Status.SUCCEEDED, Status.FAILED, Status.CANCELED)

    @property
    def has_candidate(self) -> bool:
        """iacrea has rung with an id that may be this job's."""
        rung = CallbackReceipt.objects.filter(attempt__generation=self)
        return rung.exclude(candidate_id="").exists()

    @property
    def public_status(self) -> str:
        """One of iacrea's four words; it never goes backwards."""
        return public_word(Status(self.status), self.upstream_started)


class Attempt(models.Model):
    """One sending of a generation upstream: what was sent, what was seen, how it ended."""

    generation = models.ForeignKey(Generation, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    # The callback's URL holds the token; only its hash is kept.
    token_sha256 = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(max_length=13, choices=AttemptOutcome, default=AttemptOutcome.OPEN)
    evidence = models.JSONField(default=dict)
    # The id that iacrea gave, kept also when it came too late to move the generation.
    upstream_id = models.CharField(_("id at iacrea"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("generation", "number", name="attempt_once_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"


class CallbackReceipt(models.Model):
    """A ring of the doorbell by iacrea. Its body is not believed; an id in it may be asked for."""

    attempt = models.ForeignKey(
        Attempt, models.CASCADE, related_name="callbacks", verbose_name=_("attempt")
    )
    # By the clock of the attempts: T10 compares the two.
    received_at = models.DateTimeField(_("received"), default=database_now)
    candidate_id = models.CharField(_("id that it named"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    # When the sweep drew its conclusions from it.
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)

    class Meta:
        verbose_name = _("callback received")
        verbose_name_plural = _("callbacks received")
        indexes = [
            models.Index(fields=["attempt"], condition=Q(handled_at=None), name="callback_waiting"),
            models.Index(
                fields=["candidate_id"], condition=~Q(candidate_id=""), name="callback_candidate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_at:%H:%M:%S}"


class GenerationEvent(models.Model):
    """One line of a generation's story, written in the transaction of what it tells."""

    generation = models.ForeignKey(Generation, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.kind
