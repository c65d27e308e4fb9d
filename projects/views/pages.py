"""Reading pages: the list of projects, one project, and what changes while a picture is made."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from integrations.iacrea.services import CREATE_EXTERIOR
from projects import search, selectors
from projects.choices import RoomType, Status
from projects.models import Project
from projects.views.access import member_required, workplace
from projects.views.cards import Card, ProjectCard, cards_of, photos, project_name
from projects.views.lookup import chosen_id, project_or_404
from projects.views.refusals import Refusal

PER_PAGE = 24
# Seconds until a page asks again: the last phases are short, the first ones are not.
POLL_AFTER = {Status.PROCESSING: 2, Status.ARCHIVING: 1}
POLL_AFTER_ELSE = 3


@dataclass(frozen=True)
class Another:
    """A button of "same zone, other type": its form's id is the id that its picture will have."""

    room_type: RoomType
    form_id: UUID


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    text: str
    stage: str

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


@require_safe
@member_required
def project_list(request: HttpRequest) -> HttpResponse:
    place = workplace(request)
    asked = Asked(request.GET.get("q", "").strip()[:150], request.GET.get("show", ""))
    rows = selectors.project_cards_of(place.agency, place.mode)
    rows = search.found(search.that_are(rows, asked.stage), asked.text)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    cards = [ProjectCard(row, cards_of(list(row.generations.all()))) for row in page]
    context = {"page": page, "cards": cards, "asked": asked}
    return render(request, "projects/list.html", context)


@require_safe
@member_required
def detail(request: HttpRequest, project_id: UUID) -> HttpResponse:
    return show(request, project_or_404(request, project_id), chosen_id(request, "image"))


@require_safe
@member_required
def live(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The changing part of a project's page; nothing at all while its version is the same."""
    project = project_or_404(request, project_id)
    unchanged = get_conditional_response(request, etag=_etag(project))
    if unchanged:
        return unchanged
    context = _context(request, project, chosen_id(request, "image"))
    response = render(request, "projects/_live.html", context)
    return _paced(response, project, context["running"])


def show(
    request: HttpRequest, project: Project, chosen: UUID | None, refusal: Refusal | None = None
) -> HttpResponse:
    """A project's page, with a refusal on top when its last action was refused."""
    context = _context(request, project, chosen)
    context |= {"refusal": refusal, "here": reverse("projects:detail", args=[project.pk])}
    status = refusal.status if refusal else 200
    return render(request, "projects/detail.html", context, status=status)


def _context(request: HttpRequest, project: Project, chosen: UUID | None) -> dict[str, Any]:
    place = workplace(request)
    rows = selectors.generations_of(place.agency, place.mode).filter(project=project)
    cards = cards_of(list(rows))
    shown = _shown(cards, chosen)
    price = CREATE_EXTERIOR.photos_per_variation
    return {
        "project": project,
        "name": project_name(project),
        "etag": _etag(project),
        "cards": cards,
        "shown": shown,
        "chosen": chosen,
        "running": [card for card in cards if card.is_running],
        "others": _others(shown),
        "variation_price": photos(price) if price else "",
    }


def _shown(cards: list[Card], chosen: UUID | None) -> Card | None:
    """The picture that the page compares with the photo: the chosen one, else the newest."""
    ready = [card for card in cards if card.picture]
    newest = ready[-1] if ready else None
    return next((card for card in ready if card.generation.pk == chosen), newest)


def _others(shown: Card | None) -> list[Another]:
    same = shown.generation.room_type if shown else None
    return [Another(other, uuid4()) for other in RoomType if shown and other != same]


def _etag(project: Project) -> str:
    return f'W/"{project.version}-{get_language()}"'


def _paced(response: HttpResponse, project: Project, running: list[Card]) -> HttpResponse:
    response["ETag"] = _etag(project)
    response["Cache-Control"] = "private, no-cache"
    if running:
        waits = [POLL_AFTER.get(Status(c.generation.status), POLL_AFTER_ELSE) for c in running]
        response["X-Poll-After"] = str(min(waits))
    else:
        response["X-Poll-Stop"] = "1"
    return response
