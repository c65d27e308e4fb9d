"""Typing a name or an address, so that nothing is erased by a slip of the finger."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class TypedForm(forms.Form):
    """What was typed is `expected`; capitals and spaces around it do not matter."""

    typed = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )

    def __init__(self, data: Any = None, *, expected: str, label: str) -> None:
        super().__init__(data)
        self.expected = expected
        self.fields["typed"].label = label

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if " ".join(typed.split()).casefold() != " ".join(self.expected.split()).casefold():
            raise ValidationError(_("Type it as it stands above."), code="other")
        return typed
