from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from projects.models.tenant import TenantModel


class Project(TenantModel):
    """One client's garden: a photo and everything that was made of it."""

    title = models.CharField(_("title"), max_length=150, blank=True)
    # The title as searches compare it (projects/words.py).
    words = models.TextField(blank=True, db_default="", editable=False)
    author = models.ForeignKey(
        Membership, models.SET_NULL, null=True, verbose_name=_("author"), related_name="projects"
    )
    photo = models.ForeignKey(
        "projects.Upload",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    # Grows with every change that a page of this project shows; its ETag.
    version = models.PositiveIntegerField(_("version"), default=0)
    updated_at = models.DateTimeField(auto_now=True)
    # The zone that is being drawn (projects/zones.py), so that another device goes on with it.
    draft = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True, editable=False
    )
    draft_saved_at = models.DateTimeField(null=True, blank=True, editable=False)
    # In the bin since then: back with one button, erased after 30 days.
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    # Photos, pictures and words are gone; what was charged stays in the books.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        indexes = [
            models.Index(fields=["agency", "mode", "-created_at"], name="project_list"),
            models.Index(
                fields=["removed_at"],
                condition=models.Q(removed_at__isnull=False),
                name="project_bin",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.created_at:%Y-%m-%d %H:%M}"
