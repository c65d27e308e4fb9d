"""The support desk's own pages, for staff: Django's admin decides who may see what."""

from dataclasses import dataclass

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Membership
from projects.desk.search import Found, search


@dataclass(frozen=True)
class Group:
    title: str
    hits: list[tuple[str, str]]  # address and words


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What was meant by an id, an address or a name: its page at once, or a choice."""
    asked = request.GET.get("q", "").strip()[:300]
    found = _seen(request, search(asked))
    if found.only:
        return redirect(_address(found.only))
    context = {
        **admin.site.each_context(request),
        "title": _("Search"),
        "asked": asked,
        "groups": _groups(request, found),
    }
    return TemplateResponse(request, "admin/find.html", context)


def _groups(request: HttpRequest, found: Found) -> list[Group]:
    return [
        Group(str(kind._meta.verbose_name_plural), [(_address(row), _words(row)) for row in rows])
        for kind, rows in found.rows.items()
    ]


def _seen(request: HttpRequest, found: Found) -> Found:
    rows = {kind: rows for kind, rows in found.rows.items() if _may_see(request, kind)}
    return Found(rows, found.is_exact)


def _may_see(request: HttpRequest, kind: type[Model]) -> bool:
    view = admin.site._registry.get(kind)
    return view is not None and view.has_view_permission(request)


def _address(row: Model) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def _words(row: Model) -> str:
    """Itself, what became of it, whose it is, and when it came."""
    made = getattr(row, "created_at", None)
    told = [str(row), _email(row), *(str(getattr(row, name, "")) for name in ("status", "agency"))]
    told += [f"{made:%Y-%m-%d %H:%M}"] if made else []
    return " · ".join(word for word in dict.fromkeys(told) if word)


def _email(row: Model) -> str:
    """A member's is their user's: two of one name are told apart by it."""
    return str(getattr(row.user if isinstance(row, Membership) else row, "email", ""))
