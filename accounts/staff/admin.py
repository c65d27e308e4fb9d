"""Commands in Django's admin: as actions of a list, and as buttons on the page of a row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.staff.command import Command, commands_for
from accounts.staff.pages import ask_or_work

Action = Callable[["admin.ModelAdmin[Any]", HttpRequest, "QuerySet[Any]"], TemplateResponse | None]
# Of a list at once: the effect on each is told, and each is done while the person waits.
MOST_ROWS = 100


@dataclass(frozen=True)
class Button:
    label: Any
    address: str
    why_not: str


class Operated(admin.ModelAdmin[Any]):
    """A model that has commands: for whoever has a command's permission."""

    change_form_template = "admin/operated.html"

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            command.name: (as_action(command), command.name, command.label)
            for command in commands_for(self.model, request.user)
        }

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if row := kwargs.get("obj"):
            context["commands"] = buttons(request, row)
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer


def buttons(request: HttpRequest, row: Model) -> list[Button]:
    """Those that cannot be pressed say why."""
    return [
        Button(
            command.label,
            reverse("desk:command", args=[command.name, row.pk]),
            command.why_not(row),
        )
        for command in commands_for(type(row), request.user)
    ]


def as_action(command: Command) -> Action:
    def action(
        view: admin.ModelAdmin[Any], request: HttpRequest, rows: QuerySet[Any]
    ) -> TemplateResponse | None:
        chosen = list(rows[: MOST_ROWS + 1])
        if len(chosen) > MOST_ROWS:
            messages.error(request, _too_many())
            return None
        return ask_or_work(request, command, chosen, request.get_full_path())

    return action


def _too_many() -> str:
    """How many more is not told: a list is not counted."""
    told = _(
        "More than %(count)s rows were chosen. Filter the list, or tick fewer; nothing was done."
    )
    return told % {"count": MOST_ROWS}
