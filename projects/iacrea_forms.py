"""What an owner or manager types of an account at iacrea. The key is never shown again: whoever is
refused types it once more."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership
from accounts.selectors import members_of
from integrations.iacrea.connections import connections_of

# What a header of HTTP can carry.
IS_A_KEY = RegexValidator(
    r"\A[\x21-\x7e]+\Z", _("This is no key: it has a space or an accent in it.")
)


class PersonField(forms.ModelChoiceField[Membership]):
    def label_from_instance(self, member: Membership) -> str:
        return member.shown_name


class KeyForm(forms.Form):
    iacrea_user_id = forms.UUIDField(
        label=_("User id at iacrea"),
        help_text=_("In iacrea’s developer space, such as 1b4e28ba-2fa1-11d2-883f-0016d3cca427."),
        error_messages={
            "invalid": _("This is no user id: it has 32 digits and letters a to f, with dashes.")
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    api_key = forms.CharField(
        label=_("API key of iacrea"),
        max_length=500,
        validators=[IS_A_KEY],
        help_text=_(
            "Tried at iacrea at once, then kept encrypted. Nobody sees it again, not even you."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ConnectForm(KeyForm):
    """Only for whom there is no account yet."""

    member = PersonField(
        label=_("For whom?"),
        queryset=None,
        required=False,
        empty_label=_("The whole agency"),
        help_text=_("Whoever has an account of their own uses it instead of the agency’s."),
    )
    field_order = ["member", "iacrea_user_id", "api_key"]

    def __init__(self, agency: Agency, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        rows = [row for row in connections_of(agency) if not row.is_trial]
        taken = {row.membership_id for row in rows if row.membership_id}
        people = self.fields["member"]
        assert isinstance(people, PersonField)
        people.queryset = members_of(agency).exclude(pk__in=taken)
        people.required = len(rows) > len(taken)
        if people.required:
            people.empty_label = _("Choose a person")
