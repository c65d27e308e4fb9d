"""What somebody types who signs up."""

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.sign_up import NOWHERE


class SignUpForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    agency_name = forms.CharField(
        label=_("Name of your agency"),
        max_length=Agency._meta.get_field("name").max_length,
        help_text=_("Your clients see it on what you share."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=_("At least 8 characters, and nothing that is easy to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean_email(self) -> str:
        """The unconfirmed of ours are below `.invalid`: nothing is mailed there."""
        email = str(self.cleaned_data["email"]).lower()
        if email.endswith(NOWHERE):
            raise ValidationError(_("No mail arrives at this address."))
        return email

    def clean(self) -> None:
        """With the address, which is no password."""
        if password := self.cleaned_data.get("password"):
            try:
                validate_password(password, User(email=self.cleaned_data.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
