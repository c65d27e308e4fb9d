"""What an owner or manager says of how the agency looks."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import colours
from accounts.models import Branding
from integrations.doors.images import ImageProblem, NormalisedImage
from integrations.doors.logos import MAX_BYTES, read_logo
from projects.forms import Words

LOGO_PROBLEMS = {
    "image_empty": _("This file is empty. Choose another logo."),
    "image_not_decodable": _("This file cannot be read as a logo. Choose a PNG or JPEG file."),
    "image_too_large": _("This logo is too large. Choose one below 1 MB and 16 megapixels."),
    "image_too_small": _("This logo is too small. Choose one of at least 16 × 16 pixels."),
}


class BrandingForm(forms.Form):
    """Without a new logo the old one stays."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        allow_empty_file=True,
        help_text=_("A PNG or JPEG file below 1 MB; it is shown at most 300 × 120 pixels large."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )
    accent = forms.CharField(
        label=_("Accent colour"),
        required=False,
        max_length=20,
        help_text=_("Of buttons and links, such as #2c6a4b. Empty: the green of this page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact = forms.CharField(
        label=_("Contact line"),
        required=False,
        max_length=200,
        help_text=_("How your clients reach you, such as a name and a telephone number."),
    )
    footer = Words(
        label=_("Footer"),
        required=False,
        max_length=500,
        help_text=_("Under every share page and quote, such as your address and SIRET number."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def of(cls, branding: Branding) -> "BrandingForm":
        """Filled with what there is."""
        names = ("accent", "contact", "footer")
        return cls(initial={name: getattr(branding, name) for name in names})

    def clean_logo(self) -> NormalisedImage | None:
        sent: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if not sent:
            return None
        try:
            return read_logo(sent.read(MAX_BYTES + 1))
        except ImageProblem as problem:
            text = LOGO_PROBLEMS[problem.code]
            raise ValidationError(text, code=problem.code) from None

    def clean_accent(self) -> str:
        typed: str = self.cleaned_data["accent"]
        try:
            return colours.as_hex(typed) if typed else ""
        except ValueError:
            text = _("This is no colour. Type # and six digits or letters a to f, such as #2c6a4b.")
            raise ValidationError(text) from None

    def clean_contact(self) -> str:
        return " ".join(str(self.cleaned_data["contact"]).split())  # it is one line
