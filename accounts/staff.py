"""Buttons for support staff: an action of Django's admin, a page that asks for a reason, and one
service, which writes the audit entry. Pressing twice does no harm: a service says whether it did
anything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext


class NotNow(Exception):
    """Why it cannot be done to this row, said to the person."""


@dataclass(frozen=True)
class Press:
    """Who pressed, and what they filled in."""

    actor_id: str
    reason: str
    fields: Mapping[str, Any]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stays in the audit trail, with your name."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    # The same page sent twice is one press.
    once = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


class Operated(admin.ModelAdmin[Any]):
    """For superusers, and for staff who were given the model's change permission."""

    def has_operate_permission(self, request: HttpRequest) -> bool:
        name = f"{self.opts.app_label}.change_{self.opts.model_name}"
        return bool(request.user.has_perm(name))


Action = Callable[["admin.ModelAdmin[Any]", HttpRequest, "QuerySet[Any]"], TemplateResponse | None]


def staff_action(
    name: str,
    label: Any,
    question: Any,
    work: Callable[[Any, Press], bool],
    form_class: type[ReasonForm] = ReasonForm,
) -> Action:
    """`label` and `question` are lazy; `work` does it to one row and returns whether it did."""

    @admin.action(description=label, permissions=["operate"])
    def action(
        view: admin.ModelAdmin[Any], request: HttpRequest, rows: QuerySet[Any]
    ) -> TemplateResponse | None:
        form = form_class(request.POST if "press" in request.POST else None)
        if form.is_bound and form.is_valid():
            _work_on(rows, work, request, form)
            return None
        shown = {"name": name, "label": label, "question": question, "rows": rows, "form": form}
        return TemplateResponse(request, "admin/staff_action.html", _context(view, request, shown))

    action.__name__ = name
    return action


def _context(
    view: admin.ModelAdmin[Any], request: HttpRequest, shown: dict[str, Any]
) -> dict[str, Any]:
    site = view.admin_site.each_context(request)
    return {**site, "opts": view.opts, "title": shown["label"], "media": view.media, **shown}


def _work_on(
    rows: QuerySet[Any],
    work: Callable[[Any, Press], bool],
    request: HttpRequest,
    form: ReasonForm,
) -> None:
    press = Press(str(request.user.pk), form.cleaned_data["reason"], form.cleaned_data)
    done = 0
    for row in rows:
        done += _work_on_one(row, work, request, press)
    if done:
        told = ngettext("%(count)d row: done.", "%(count)d rows: done.", done)
        messages.success(request, told % {"count": done})


def _work_on_one(
    row: Model, work: Callable[[Any, Press], bool], request: HttpRequest, press: Press
) -> bool:
    try:
        if work(row, press):
            return True
        messages.info(request, _("%(row)s: already resolved.") % {"row": row})
    except NotNow as reason:
        messages.error(request, f"{row}: {reason}")
    return False
