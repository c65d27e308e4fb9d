"""What the Usage page is asked for: which days, and which movements of its list."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.choices import EntryKind
from projects.usage.periods import MOST_YEARS, Period, presets

DEFAULT = "month"
ID = RegexValidator(
    r"^[0-9a-fA-F]{8}[0-9a-fA-F-]{0,28}$", _("Type at least the first 8 characters of an id.")
)


# As a browser's date field has it in every language.
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AskedForm(forms.Form):
    """Everything may be left out; both days or none."""

    period = forms.CharField(required=False)
    first = forms.DateField(label=_("From"), required=False, widget=DAY)
    last = forms.DateField(label=_("To"), required=False, widget=DAY)
    kind = forms.ChoiceField(
        label=_("What"), choices=[("", _("Everything")), *EntryKind.choices], required=False
    )
    member = forms.UUIDField(label=_("Who"), required=False)
    id = forms.CharField(label=_("Id"), validators=[ID], required=False)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        first, last = found.get("first"), found.get("last")
        if not self.errors and (first or last):
            _check(first, last)
        return found


def _check(first: date | None, last: date | None) -> None:
    if first is None or last is None:
        raise ValidationError(_("Give both days, or neither."))
    if last < first:
        raise ValidationError(_("The last day is before the first one."))
    if last.year - first.year > MOST_YEARS or not 2000 <= first.year <= last.year <= 2200:
        raise ValidationError(_("Choose at most five years."))


@dataclass(frozen=True)
class Asked:
    """`kind`, `member` and `id` narrow the list of movements only; an `id` is looked for in all
    of it, whatever the days are."""

    period: Period
    preset: str = ""
    kind: str = ""
    member: UUID | None = None
    id: str = ""

    @classmethod
    def by(cls, form: AskedForm, today: date) -> "Asked":
        """What a form asks for; where it is wrong this month, and everything."""
        known = dict(presets(today))
        if not form.is_valid():
            return cls(known[DEFAULT], DEFAULT)
        found = form.cleaned_data
        name = found["period"] if found["period"] in known else DEFAULT
        asked = cls(known[name], name, found["kind"], found["member"], found["id"].lower())
        if found["first"]:
            period = Period(found["first"], found["last"])
            named = [name for name, preset in known.items() if preset == period]
            asked = replace(asked, period=period, preset="".join(named))
        return asked

    @property
    def is_past(self) -> bool:
        return self.period.end <= timezone.now()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.member or self.id)

    @property
    def query(self) -> str:
        """For links to the same, such as the next page or the file."""
        return urlencode({**self._days(), **self._filters()})

    def query_of(self, preset: str) -> str:
        """For the link to other days with the same filters; an id knows no days."""
        filters = {name: value for name, value in self._filters().items() if name != "id"}
        return urlencode({"period": preset, **filters})

    @property
    def without_filters(self) -> str:
        return urlencode(self._days())

    def _days(self) -> dict[str, str]:
        if self.preset:
            return {"period": self.preset}
        return {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}

    def _filters(self) -> dict[str, str]:
        filters = {"kind": self.kind, "member": str(self.member or ""), "id": self.id}
        return {name: value for name, value in filters.items() if value}
