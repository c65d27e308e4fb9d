"""What an integrator asks for on the developers' pages."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from rest_framework.serializers import ValidationError as Refused

from accounts.choices import Mode
from integrations.webhooks.api.inputs import EndpointUrl
from integrations.webhooks.choices import DeliveryState, EventType
from projects.developers.words import EVENTS, scopes_of

# In hours. The first is usual: by then the agency's software should know what is new.
OF_KEYS = [("24", _("The old key works for 24 hours more")), ("0", _("The old key ends at once"))]
OF_SECRETS = [
    ("24", _("The old secret works for 24 hours more")), ("0", _("The old secret ends at once")),
]  # fmt: skip
PERIODS = [("24h", _("Last 24 hours")), ("7d", _("Last 7 days")), ("", _("All, 30 days"))]
HOURS = {"24h": 24, "7d": 7 * 24}
SINCE = [
    ("1", _("an hour ago")), ("24", _("24 hours ago")), ("168", _("7 days ago")),
    ("720", _("30 days ago")),
]  # fmt: skip


def explained(words: Mapping[str, Promise]) -> list[tuple[str, str]]:
    """Choices with their code and a sentence each, in the language of who reads them."""
    return [(code, format_html("<span>{} <code>{}</code></span>", says, code))
            for code, says in words.items()]  # fmt: skip


def mode_field() -> forms.ChoiceField:
    """Test first: it costs nothing."""
    return forms.ChoiceField(
        label=_("Mode"),
        choices=[(Mode.TEST, _("Test: it costs nothing")), (Mode.LIVE, _("Live"))],
        widget=forms.RadioSelect,
        initial=Mode.TEST,
    )


class EndsForm(forms.Form):
    """The form's own id becomes the key's: sent twice, it makes one."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    ends = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("The key works until the end of this day. Empty: until you revoke it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_ends(self) -> datetime | None:
        day: date | None = self.cleaned_data["ends"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise ValidationError(_("This day is over. Choose today or a later day."))
        return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))


class KeyForm(EndsForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What will use the key, such as “website” or “CRM”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the key a name.")},
    )
    mode = mode_field()
    scopes = forms.MultipleChoiceField(
        label=_("What the key may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one thing that the key may do.")},
    )
    field_order = ("form_id", "name", "mode", "scopes", "ends")

    def __init__(self, *sent: Any, role: str, **options: Any) -> None:
        super().__init__(*sent, **options)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField), "see above"
        scopes.choices = explained(scopes_of(role))


class RotateForm(EndsForm):
    overlap = forms.ChoiceField(
        label=_("The old key"), choices=OF_KEYS, widget=forms.RadioSelect, initial="24"
    )
    field_order = ("form_id", "overlap", "ends")


class ChangeEndpointForm(forms.Form):
    url = forms.CharField(
        label=_("URL"),
        max_length=2000,
        help_text=_("An https:// address of your server, on the public internet."),
        error_messages={"required": _("Type the URL.")},
        widget=forms.TextInput(attrs={
            "inputmode": "url", "autocomplete": "off", "autocapitalize": "off",
            "spellcheck": "false",
        }),
    )  # fmt: skip
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    event_types = forms.MultipleChoiceField(
        label=_("Events"),
        required=False,
        choices=lambda: explained(EVENTS),
        help_text=_("With none ticked it gets all of them, also kinds that come later."),
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_url(self) -> str:
        """Judged where the API's are."""
        try:
            return str(EndpointUrl().run_validation(self.cleaned_data["url"]))
        except Refused as refused:
            assert isinstance(refused.detail, list), "of one field"
            raise ValidationError([str(each) for each in refused.detail]) from None


class EndpointForm(ChangeEndpointForm):
    """The form's own id becomes the endpoint's."""

    form_id = forms.UUIDField(widget=forms.HiddenInput)
    mode = mode_field()
    field_order = ("form_id", "mode", "url", "description", "event_types")


class SecretForm(forms.Form):
    """`replaces` is the secret that was the present one when the form was shown."""

    replaces = forms.IntegerField(widget=forms.HiddenInput)
    overlap = forms.ChoiceField(
        label=_("The old secret"), choices=OF_SECRETS, widget=forms.RadioSelect, initial="24"
    )


class ResendForm(forms.Form):
    since = forms.ChoiceField(label=_("Everything that failed since"), choices=SINCE, initial="24")

    @property
    def moment(self) -> datetime:
        return timezone.now() - timedelta(hours=int(self.cleaned_data["since"]))


class DeliveryFilter(forms.Form):
    """Everything may be left out."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), *DeliveryState.choices], required=False
    )
    type = forms.ChoiceField(
        label=_("Event"),
        choices=[("", _("All")), *((kind, kind) for kind in EventType.values)],
        required=False,
    )
    endpoint = forms.UUIDField(label=_("Endpoint"), required=False)
    since = forms.ChoiceField(label=_("Written"), choices=PERIODS, required=False)
