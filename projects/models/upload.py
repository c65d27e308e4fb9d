import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.choices import UploadKind
from projects.models.tenant import TenantModel


def public_token() -> str:
    """32 random bytes: whoever has the link can see the file, so nobody may guess it."""
    return secrets.token_urlsafe(32)


class Upload(TenantModel):
    """A photo or a mask as the product works with it: upright, sRGB, without metadata.

    The photo is the *working image*: every coordinate and every mask is in its pixels.
    """

    kind = models.CharField(_("kind"), max_length=5, choices=UploadKind)
    file = models.FileField(upload_to="uploads/")
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # The path under which iacrea fetches it: /m/<token>/photo.jpg or mask.png.
    token = models.CharField(max_length=43, unique=True, default=public_token, editable=False)
    # What a mask was drawn with in the editor (projects/zones.py); empty for any other.
    operations = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True, editable=False
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return f"{self.kind} {self.width}×{self.height}"

    @property
    def file_name(self) -> str:
        return "photo.jpg" if self.kind == UploadKind.PHOTO else "mask.png"

    @property
    def content_type(self) -> str:
        return "image/jpeg" if self.kind == UploadKind.PHOTO else "image/png"
