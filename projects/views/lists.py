"""The list of projects, and what changes on it while pictures are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.querysets import TenantQuerySet
from projects import search, selectors
from projects.models import Project
from projects.views import polling
from projects.views.access import PAGES_MODE, member_required, sees_projects, workplace
from projects.views.cards import ProjectCard, cards_of

PER_PAGE = 24


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    text: str
    stage: str
    page: str

    @classmethod
    def by(cls, request: HttpRequest) -> "Asked":
        get = request.GET.get
        return cls(get("q", "").strip()[:150], get("show", ""), get("page", "")[:9])

    @property
    def stages(self) -> list[tuple[str, str]]:
        return [
            ("", _("All")),
            ("running", _("In progress")),
            ("ready", pgettext("projects", "Ready")),
            ("draft", _("Drafts")),
        ]

    @property
    def query(self) -> str:
        """For links to other pages of the same list."""
        fields = {"q": self.text, "show": self.stage}
        return urlencode({name: value for name, value in fields.items() if value})

    def of(self, rows: TenantQuerySet[Project]) -> TenantQuerySet[Project]:
        return search.found(search.that_are(rows, self.stage), self.text)


@require_safe
@member_required
def project_list(request: HttpRequest) -> HttpResponse:
    """Where everybody arrives; who sees no project is led on."""
    place = workplace(request)
    if not roles.may(place.membership.role, roles.SEES_PROJECTS):
        return redirect("projects:developers")
    binned = selectors.is_anything_removed(place.agency, place.mode)
    return render(request, "projects/list.html", {**_context(request), "binned": binned})


@require_safe
def live_list(request: HttpRequest) -> HttpResponseBase:
    """The cards of a page of the list; nothing at all while each has its version."""
    return _unchanged(request) or _cards(request)


def _unchanged(request: HttpRequest) -> HttpResponse | None:
    member, asked = polling.member_of_pass(request, "list"), Asked.by(request)
    number = int(asked.page) if asked.page.isdecimal() else 1
    if member is None or number < 1:
        return None
    versions = _versions(asked, member, (number - 1) * PER_PAGE)
    return polling.unchanged(request, _version(versions), polling.LIST) if versions else None


def _versions(asked: Asked, member: UUID, first: int) -> list[tuple[UUID, int]]:
    if not asked.query:
        return selectors.versions_seen_by(member, PAGES_MODE, first, PER_PAGE)
    rows = asked.of(selectors.projects_seen_by(member, PAGES_MODE))
    return list(rows.values_list("pk", "version")[first : first + PER_PAGE])


@sees_projects
def _cards(request: HttpRequest) -> HttpResponse:
    context = _context(request)
    response = polling.changed(request, "projects/_grid.html", context)
    return polling.paced(response, context["version"], polling.LIST if context["running"] else None)


def _context(request: HttpRequest) -> dict[str, Any]:
    place, asked = workplace(request), Asked.by(request)
    rows = asked.of(selectors.project_cards_of(place.agency, place.mode))
    page = Paginator(rows, PER_PAGE).get_page(asked.page)
    version = _version((row.pk, row.version) for row in page)
    cards = [ProjectCard(row, cards_of(list(row.generations.all()))) for row in page]
    shown = {"q": asked.text, "show": asked.stage, "page": page.number}
    return {
        "page": page,
        "cards": cards,
        "asked": asked,
        "running": sum(1 for card in cards if card.is_running),
        "version": version,
        "etag": polling.etag(version),
        "live": polling.address(reverse("projects:live_list"), place.membership, "list", **shown),
    }


def _version(rows: Iterable[tuple[UUID, int]]) -> str:
    """One word for all versions, in their order."""
    text = " ".join(f"{pk.hex}.{version}" for pk, version in rows)
    return salted_hmac("projects.lists", text).hexdigest()[:16]
