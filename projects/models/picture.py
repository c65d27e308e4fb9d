from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from projects.models.generation import Generation
from projects.models.tenant import TenantModel


class Picture(TenantModel):
    """One picture of a succeeded generation, exactly as the upstream made it, and a thumbnail."""

    generation = models.ForeignKey(
        Generation, models.CASCADE, related_name="pictures", verbose_name=_("generation")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    file = models.FileField(upload_to="pictures/")
    thumbnail = models.FileField(upload_to="thumbnails/")
    # With the photo pasted back outside the zone, where the agency wants that; else empty.
    restored = models.FileField(upload_to="pictures/", blank=True, db_default="")
    content_type = models.CharField(_("content type"), max_length=20)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # The share, from 0 to 1, of what lies outside the zone that differs from the photo; none when
    # there is no photo or mask to compare with.
    outside_changed = models.FloatField(_("changed outside the zone"), null=True, blank=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("generation", "position", name="picture_once_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.generation_id}/{self.position}"

    @property
    def shown(self) -> FieldFile:
        """What the pages show and people download; the API gives what the upstream made."""
        return self.restored or self.file

    @property
    def files(self) -> list[str]:
        """The names of all that is stored of it, but for the sizes (projects/sizes.py)."""
        stored = (self.file, self.thumbnail, self.restored)
        return [str(each.name) for each in stored if each.name]

    @property
    def extension(self) -> str:
        return {"image/png": "png", "image/webp": "webp"}.get(self.content_type, "jpg")
