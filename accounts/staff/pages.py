"""The page between a button and its work: what will change, and why it is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import is_recorded, recording_as
from accounts.staff import proposals
from accounts.staff.command import Command, Fields, NotNow, Press, ReasonForm


@dataclass(frozen=True)
class Shown:
    row: Model
    effect: str
    why_not: str


def ask_or_work(
    request: HttpRequest, command: Command, rows: Iterable[Any], back: str
) -> TemplateResponse | None:
    """None: it was done, or could not be, and the person is told. Else the page that asks."""
    form = command.form_class(request.POST if "press" in request.POST else None)
    if form.is_bound and form.is_valid() and _was_told(request, form):
        _work_on(rows, command, request, form)
        return None
    return TemplateResponse(
        request, "admin/command.html", _context(request, command, list(rows), form, back)
    )


def _was_told(request: HttpRequest, form: ReasonForm) -> bool:
    """The effect of what is filled in now, and not of something else."""
    return not form.decides or request.POST.get("told") == _told(form)


def _told(form: ReasonForm) -> str:
    return "|".join(str(form.cleaned_data[name]) for name in form.decides)


def _context(
    request: HttpRequest, command: Command, rows: list[Any], form: ReasonForm, back: str
) -> dict[str, Any]:
    filled = form.is_bound and form.is_valid()
    fields = form.cleaned_data if filled else {}
    site = admin.site.each_context(request)
    return {
        **site,
        "title": command.label,
        "opts": command.model._meta,
        "command": command,
        "rows": [shown(command, row, fields) for row in rows],
        "form": form,
        "told": _told(form) if filled else "",
        "is_told": filled or not form.decides,
        "second": any(filled and command.second_person(row, fields) for row in rows),
        "back": back,
    }


def shown(command: Command, row: Model, fields: Fields) -> Shown:
    why_not = command.why_not(row)
    try:
        return Shown(row, "" if why_not else command.effect(row, fields), why_not)
    except NotNow as reason:
        return Shown(row, "", str(reason))


def _work_on(rows: Iterable[Any], command: Command, request: HttpRequest, form: ReasonForm) -> None:
    press = Press(str(request.user.pk), form.cleaned_data["reason"], form.cleaned_data)
    done = sum(_work_on_one(row, command, request, press) for row in rows)
    if done:
        told = ngettext("%(count)d row: done.", "%(count)d rows: done.", done)
        messages.success(request, told % {"count": done})


def _work_on_one(row: Model, command: Command, request: HttpRequest, press: Press) -> bool:
    try:
        done = _work_once(row, command, request, press)
        if done is False:
            messages.info(request, _("%(row)s: already resolved.") % {"row": row})
        return bool(done)
    except NotNow as reason:
        messages.error(request, f"{row}: {reason}")
        return False


def _work_once(row: Model, command: Command, request: HttpRequest, press: Press) -> bool | None:
    """The audit entry has the page's own id. Who finds it there sends the page again: nothing is
    done, even where a worker or a colleague has led the row back to where it was."""
    entry_id = uuid5(press.fields["once"], str(row.pk))
    if is_recorded(entry_id):
        return False
    try:
        with recording_as(entry_id):
            return _work_or_propose(row, command, request, press)
    except IntegrityError:
        if not is_recorded(entry_id):
            raise
        return False  # its twin was faster


def _work_or_propose(
    row: Model, command: Command, request: HttpRequest, press: Press
) -> bool | None:
    done = command.work_alone(row, press)
    if done is None:
        _propose(row, command, request, press)
    return done


def _propose(row: Model, command: Command, request: HttpRequest, press: Press) -> None:
    command.check(row)  # a colleague is not asked for what cannot be done
    if proposals.propose(command, row, press):
        messages.success(request, _("%(row)s: it waits for a second person now.") % {"row": row})
    else:
        messages.error(request, _("%(row)s: one waits for a second person already.") % {"row": row})
