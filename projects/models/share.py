"""A project shown to the agency's client, and what the client said of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from integrations.doors.crypto import EncryptedTextField
from projects.models.generation import Generation
from projects.models.project import Project
from projects.models.tenant import TenantModel


class ShareLink(TenantModel):
    """An address that shows chosen pictures of a project to whoever has it."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="share_links", verbose_name=_("project")
    )
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name=_("author"), related_name="+"
    )
    # The address holds the token. Found by its hash; kept, encrypted, to be copied again.
    token = EncryptedTextField(editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    # Six digits, asked for before anything is shown; empty: none.
    code = EncryptedTextField(blank=True, editable=False)
    wrong_codes = models.PositiveSmallIntegerField(default=0, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    views = models.PositiveIntegerField(_("views"), default=0)
    last_viewed_at = models.DateTimeField(_("last viewed"), null=True, blank=True)

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")

    def __str__(self) -> str:
        return str(self.pk)[:8]


class SharedGeneration(models.Model):
    """A picture that a link shows; the first is shown largest."""

    link = models.ForeignKey(
        ShareLink, models.CASCADE, related_name="shared", verbose_name=_("share link")
    )
    generation = models.ForeignKey(
        Generation, models.CASCADE, related_name="+", verbose_name=_("generation")
    )
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("shared picture")
        verbose_name_plural = _("shared pictures")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("link", "generation", name="shared_once_per_link"),
            models.UniqueConstraint("link", "position", name="shared_once_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id}/{self.position}"


class Approval(models.Model):
    """The client's yes to one picture. An opinion with a date, no signature."""

    link = models.ForeignKey(
        ShareLink, models.CASCADE, related_name="approvals", verbose_name=_("share link")
    )
    generation = models.ForeignKey(
        Generation, models.CASCADE, related_name="approvals", verbose_name=_("generation")
    )
    # Of the very picture that was approved.
    picture_sha256 = models.CharField(_("the picture’s SHA-256"), max_length=64)
    # As the client wrote it; blank after an erasure.
    name = models.CharField(_("name"), max_length=100, blank=True)
    # Without its last part: 203.0.113.0, 2001:db8:1::.
    network = models.CharField(_("network"), max_length=45, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            # A second tap is the same yes.
            models.UniqueConstraint(
                fields=["link", "generation"],
                condition=Q(withdrawn_at=None),
                name="approval_one_standing",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ClientComment(models.Model):
    """What a client wrote under a picture or under all of them, or the agency's answer to it."""

    link = models.ForeignKey(
        ShareLink, models.CASCADE, related_name="comments", verbose_name=_("share link")
    )
    generation = models.ForeignKey(
        Generation, models.CASCADE, null=True, related_name="comments", verbose_name=_("generation")
    )
    # An answer: by a member, under one comment of a client.
    answers = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="answered_by", verbose_name=_("answers")
    )
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name=_("author"), related_name="+"
    )
    # Blank after an erasure, as the text.
    name = models.CharField(_("name"), max_length=100, blank=True)
    text = models.CharField(_("comment"), max_length=1000, blank=True)
    network = models.CharField(_("network"), max_length=45, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("client's comment")
        verbose_name_plural = _("clients' comments")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class ShareWindow(models.Model):
    """How often something was tried in its current minutes: codes and posts of a link, posts of a
    network. Written over when those are past (projects/sharing/limits.py)."""

    # SHA-256 of what is counted: nobody reads an address here.
    key = models.CharField(max_length=64, primary_key=True)
    # Seconds of the database's clock since 1970, as in accounts/models/rate_window.py.
    began_at = models.FloatField(db_index=True)
    tries = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.tries)
