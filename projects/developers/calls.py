"""What the log of calls is narrowed to, and its lines as the page shows them."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Mode
from accounts.models import ApiKey, ApiRequest
from accounts.request_log import ended_so, named, result_of

WORDS = {
    "accepted": pgettext_lazy("calls", "Accepted"),
    "refused": pgettext_lazy("calls", "Refused"),
    "failed": pgettext_lazy("calls", "Our error"),
}
CHIPS = {"accepted": "ready", "refused": "failed", "failed": "failed"}


class CallFilter(forms.Form):
    """Everything may be left out; `before` is where the next page begins."""

    result = forms.ChoiceField(
        label=_("Result"), choices=[("", _("All")), *WORDS.items()], required=False
    )
    key = forms.UUIDField(label=pgettext_lazy("developers", "API key"), required=False)
    id = forms.CharField(
        label=_("Id"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    before = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    @property
    def query(self) -> str:
        """Without the page: to be passed on."""
        asked = self.cleaned_data if self.is_valid() else {}
        return urlencode({name: asked[name] for name in ("result", "key", "id") if asked.get(name)})

    @property
    def where(self) -> Q:
        """Where something is wrong, everything."""
        asked = self.cleaned_data if self.is_valid() else {}
        found = ended_so(asked["result"]) if asked.get("result") else Q()
        if asked.get("key"):
            found &= Q(api_key=asked["key"])
        if asked.get("id"):
            found &= named(asked["id"])
        return found & Q(called_at__lt=asked["before"]) if asked.get("before") else found


@dataclass(frozen=True)
class CallRow:
    call: ApiRequest

    @property
    def result(self) -> str:
        return result_of(self.call.status)

    @property
    def chip(self) -> str:
        return CHIPS[self.result]

    @property
    def key(self) -> ApiKey:
        return self.call.api_key

    @property
    def mode(self) -> Mode:
        return Mode(self.call.api_key.mode)

    @property
    def address(self) -> str:
        """With its filters, as it was called."""
        return f"{self.call.path}?{self.call.query}" if self.call.query else self.call.path


def mark_of(moment: datetime) -> str:
    """Of the last line of a page, for `before`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f%z")
