"""How long projects are kept; and typing a name or an address, so that nothing is erased by a slip
of the finger."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MONTHS = (3, 6, 12, 24, 36)
FOR_EVER = "ever"
NOT_LISTED = _("Choose one of the times in the list.")


def kept_words(months: int | None) -> str:
    if months is None:
        return str(_("for ever"))
    return ngettext("for %(n)d month", "for %(n)d months", months) % {"n": months}


class KeptForm(forms.Form):
    """What the agency has is among the choices, whatever it is."""

    months = forms.ChoiceField(
        label=_("Projects that nobody changes are kept"),
        error_messages={"required": NOT_LISTED, "invalid_choice": NOT_LISTED},
    )

    def __init__(self, data: Any = None, *, kept: int | None) -> None:
        super().__init__(data, initial={"months": kept or FOR_EVER})
        field = self.fields["months"]
        assert isinstance(field, forms.ChoiceField)
        each = sorted({*MONTHS, *([kept] if kept else [])})
        field.choices = [
            (FOR_EVER, kept_words(None)), *((str(n), kept_words(n)) for n in each),
        ]  # fmt: skip

    def clean_months(self) -> int | None:
        months: str = self.cleaned_data["months"]
        return None if months == FOR_EVER else int(months)


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
