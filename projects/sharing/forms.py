"""What a client sends, made readable: no control characters, and no marks that turn the direction
of writing and so the words around them."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms import Words
from projects.notices.names import one_line

MAX_NAME, MAX_TEXT = 100, 1000
KEPT = {"\n", "\u200d"}  # the second joins the parts of an emoji


class ClientForm(forms.Form):
    """`website` is a field that no person sees: what fills it in is no person."""

    name = forms.CharField(max_length=MAX_NAME, error_messages={"required": _("Write your name.")})
    website = forms.CharField(required=False)

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"], MAX_NAME)
        if not name:
            raise forms.ValidationError(_("Write your name."))
        return name

    @property
    def is_of_a_robot(self) -> bool:
        return bool(self.data.get("website"))

    @property
    def problems(self) -> list[str]:
        return [str(text) for errors in self.errors.values() for text in errors]


class ApprovalForm(ClientForm):
    pass


class CommentForm(ClientForm):
    text = Words(max_length=MAX_TEXT, error_messages={"required": _("Write your comment.")})

    def clean_text(self) -> str:
        return readable(self.cleaned_data["text"])


class AnswerForm(forms.Form):
    answer = Words(max_length=MAX_TEXT, error_messages={"required": _("Write your answer.")})

    def clean_answer(self) -> str:
        return readable(self.cleaned_data["answer"])


class LinkForm(forms.Form):
    """Which pictures, how long, with a code or not. The pictures are the project's ready ones."""

    DAYS = [("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days")), ("", _("no end"))]

    pictures = forms.MultipleChoiceField(
        error_messages={
            "required": _("Choose at least one picture."),
            "invalid_choice": _("One of these pictures is not there any more. Choose again."),
        }
    )
    days = forms.ChoiceField(choices=DAYS, required=False)
    code = forms.BooleanField(required=False)

    def __init__(self, *arguments: Any, ready: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["pictures"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each, each) for each in ready]

    @property
    def lives(self) -> int | None:
        """So many days; None: until it is revoked."""
        days: str = self.cleaned_data["days"]
        return int(days) if days else None


def readable(text: str) -> str:
    return "".join(c for c in text if c in KEPT or unicodedata.category(c)[0] != "C").strip()
