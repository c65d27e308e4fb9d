from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.agency import Agency


class Branding(models.Model):
    """How an agency looks to its clients, and what it says of pictures that a machine made."""

    agency = models.OneToOneField(
        Agency,
        models.CASCADE,
        primary_key=True,
        verbose_name=_("agency"),
        related_name="branding",
    )
    # A PNG of our own making (integrations/doors/images.py), at most 600 x 240 pixels.
    logo = models.FileField(_("logo"), upload_to="logos/", blank=True)
    logo_width = models.PositiveSmallIntegerField(_("logo width"), default=0)
    logo_height = models.PositiveSmallIntegerField(_("logo height"), default=0)
    # "#rrggbb" as it was chosen; what is shown of it is readable (accounts/colours.py).
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    contact = models.CharField(_("contact line"), max_length=200, blank=True)
    footer = models.CharField(_("footer"), max_length=500, blank=True)
    # Policy: nobody of the agency gets a picture that does not say what it is.
    always_labelled = models.BooleanField(
        _("every download says that it was made by AI"), default=False
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("branding")
        verbose_name_plural = _("brandings")

    def __str__(self) -> str:
        return str(self.agency)
