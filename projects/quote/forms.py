"""What a member adds to a quote sheet. Nothing of it is kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from projects.forms import Words
from projects.quote.content import Price

ROWS = 8


class QuoteForm(forms.Form):
    """`label_1` … `label_8` with `amount_1` … `amount_8`, both free text; an empty row is left
    out."""

    note = Words(
        label=gettext_lazy("Note"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    comments = forms.BooleanField(
        label=gettext_lazy("With the client’s comments"), required=False, initial=True
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the sheet"), choices=settings.LANGUAGES
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["language"].initial = get_language()
        for n in range(1, ROWS + 1):
            self.fields[f"label_{n}"] = _text(_("Line %(n)s, what it is") % {"n": n}, 120)
            self.fields[f"amount_{n}"] = _text(_("Line %(n)s, amount") % {"n": n}, 30)

    @property
    def rows(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"label_{n}"], self[f"amount_{n}"]) for n in range(1, ROWS + 1)]

    @property
    def prices(self) -> list[Price]:
        """Of a valid form."""
        typed = [
            Price(self.cleaned_data[label.name], self.cleaned_data[amount.name])
            for label, amount in self.rows
        ]
        return [price for price in typed if price.label or price.amount]


def _text(label: str, longest: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"aria-label": label, "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=widget,
        error_messages={"max_length": _("Shorten it to %(limit_value)d characters.")},
    )  # fmt: skip
