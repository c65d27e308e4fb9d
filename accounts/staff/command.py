"""A command of support staff: what it is called, whom it is for, what it would do, and the one
service that does it. Pressing twice does no harm: a service says whether it did anything."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SUPPORT, MONEY, SECURITY = "accounts.support", "accounts.money", "accounts.security"
Fields = Mapping[str, Any]


class NotNow(Exception):
    """Why it cannot be done to this row, said to the person."""


@dataclass(frozen=True)
class Press:
    """Who pressed, and what they filled in. `asked_at` is earlier where it waited for a second
    person: what came later is not what was meant."""

    actor_id: str
    reason: str
    fields: Fields
    asked_at: datetime = field(default_factory=timezone.now)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays in the audit trail, with your name."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    # The same page sent twice is one press.
    once = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    # What the effect depends on: it is told with these before they are pressed.
    decides = ()  # type: tuple[str, ...]


def _can_be_done(_row: Any) -> None:
    """To any row."""


def _is_in_the_question(_row: Any, _fields: Fields) -> str:
    return ""


def _one_is_enough(_row: Any, _fields: Fields) -> bool:
    return False


def _at_any_time(_row: Any, _fields: Fields) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True)
class Command:
    """`label` and `question` are lazy; `work` does it to one row and returns whether it did.

    `check` raises NotNow where it cannot apply; `effect` is a sentence of what will change, with
    the fields once they are filled in; `second_person` tells whether a colleague has to confirm.
    Where that depends on what was done before, `turn` keeps another press waiting until this one is
    decided and done.
    """

    name: str
    model: type[Model]
    label: Any
    question: Any
    work: Callable[[Any, Press], bool]
    permission: str = SUPPORT
    form_class: type[ReasonForm] = ReasonForm
    check: Callable[[Any], None] = _can_be_done
    effect: Callable[[Any, Fields], str] = _is_in_the_question
    second_person: Callable[[Any, Fields], bool] = _one_is_enough
    turn: Callable[[Any, Fields], AbstractContextManager[None]] = _at_any_time

    def why_not(self, row: Model) -> str:
        """Empty: it can be done."""
        try:
            self.check(row)
        except NotNow as reason:
            return str(reason)
        return ""

    def work_alone(self, row: Model, press: Press) -> bool | None:
        """None: nothing was done, since a second person has to confirm it."""
        with self.turn(row, press.fields):
            if self.second_person(row, press.fields):
                return None
            return self.work(row, press)


_registry: dict[str, Command] = {}


def register(*commands: Command) -> None:
    for command in commands:
        _registry[command.name] = command


def command_named(name: str) -> Command | None:
    return _registry.get(name)


def commands_for(model: type[Model], user: Any) -> list[Command]:
    """In the order of their registration: what is mostly meant first."""
    mine = [command for command in _registry.values() if command.model is model]
    return [command for command in mine if user.has_perm(command.permission)]
