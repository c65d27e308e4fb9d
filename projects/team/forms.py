"""What the team's pages send."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import User

MOST_ADDRESSES = 50


class InviteForm(forms.Form):
    """Addresses are judged one by one when they are invited: a wrong one holds up no other."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One on each line."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.MEMBER)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, given: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.value, role.label) for role in given]

    def clean_emails(self) -> list[str]:
        """Once each, in their order."""
        lines = re.split(r"[\n,;]", self.cleaned_data["emails"])
        found = list(dict.fromkeys(line.strip().lower() for line in lines if line.strip()))
        if len(found) > MOST_ADDRESSES:
            text = _("At most %(n)d addresses at once.") % {"n": MOST_ADDRESSES}
            raise forms.ValidationError(text)
        return found


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class CapForm(forms.Form):
    photos = forms.IntegerField(min_value=0, max_value=100_000, required=False)


class JoinForm(forms.Form):
    """For who has no account yet."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """A password like one's own name or address is none."""
        fields = self.cleaned_data
        if password := fields.get("password"):
            try:
                validate_password(password, User(email=self.email, name=fields.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return fields
