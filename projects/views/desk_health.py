"""How the service does, for staff: what is wrong is seen at a glance, and leads to its rows."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.staff.command import SUPPORT
from projects.desk import health
from projects.desk.charts import made_chart, times_chart
from projects.desk.signs import Level, Sign, signs, spell


@dataclass(frozen=True)
class Line:
    """A sign, its word, and the list of its rows where this person may see them."""

    sign: Sign
    word: str
    href: str


@require_safe
@permission_required("projects.view_generation", raise_exception=True)
def page(request: HttpRequest) -> HttpResponse:
    state = health.read()
    lines = [_line(request, sign) for sign in signs(state)]
    context = {
        **admin.site.each_context(request),
        "title": _("Health"),
        "state": state,
        "lines": lines,
        "worst": _worst(lines),
        "charts": [made_chart(state.slots), times_chart(state.hours)],
        **_rows(request, state),
    }
    return TemplateResponse(request, "admin/health.html", context)


def _rows(request: HttpRequest, state: health.Health) -> dict[str, Any]:
    """Asked for only where there are some."""
    held_up = state.paused.count + state.tripped.count + state.slowed.count
    sees_accounts = request.user.has_perm("iacrea.view_iacreaaccount")
    return {
        "stuck": [
            (job, spell((state.now - job.status_since).total_seconds()))
            for job in (health.stuck_jobs(state) if state.stuck else ())
        ],
        "may_poll": request.user.has_perm(SUPPORT),
        "accounts": health.held_up_accounts(state.now) if held_up and sees_accounts else (),
    }


def _line(request: HttpRequest, sign: Sign) -> Line:
    words = {Level.WELL: _("well"), Level.LOOK: _("look"), Level.ACT: _("act")}
    return Line(sign, words[sign.level], _address(request, sign))


def _address(request: HttpRequest, sign: Sign) -> str:
    model = sign.model
    if model is None or not _may_see(request, model):
        return ""
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{page}?{sign.query}" if sign.query else page


def _may_see(request: HttpRequest, model: type[Model]) -> bool:
    return bool(request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"))


def _worst(lines: list[Line]) -> Level:
    found = {line.sign.level for line in lines}
    return next(level for level in (Level.ACT, Level.LOOK, Level.WELL) if level in found)
