"""Downloads of a project's page, named so that they are found again: martin-terrasse-2.jpg."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from projects import downloads, labels, selectors
from projects.models import Picture, Project
from projects.stored import read
from projects.views.access import sees_projects, workplace
from projects.views.cards import Card, cards_of, project_name
from projects.views.files import NOT_KEPT, answer
from projects.views.lookup import project_or_404

TYPES = {"jpeg": "image/jpeg", "png": "image/png"}


@require_safe
@sees_projects
def picture(
    request: HttpRequest, project_id: UUID, generation_id: UUID, form: str
) -> HttpResponseBase:
    """In its full size, as one of TYPES; with its label, unless `?mention=non` from who may."""
    project, card, made = chosen(request, project_id, generation_id)
    if form not in TYPES:
        raise Http404
    label = "" if _without_label(request) else labels.text()
    bare = "" if label else "-" + slugify(_("without label"))
    name = f"{stem(project, card)}{bare}.{downloads.EXTENSIONS[form]}"
    give = partial(downloads.picture_as, made, form, label)
    return answer(lambda: ContentFile(give()), TYPES[form], NOT_KEPT, name)


def _without_label(request: HttpRequest) -> bool:
    wanted = request.GET.get("mention") == "non"
    return wanted and labels.may_go_without(workplace(request).membership)


@require_safe
@sees_projects
def before_and_after(
    request: HttpRequest, project_id: UUID, generation_id: UUID
) -> HttpResponseBase:
    project, card, made = chosen(request, project_id, generation_id)
    words = (_("Before"), _("After"))
    name = f"{stem(project, card)}-{slugify(' '.join(words))}.jpg"
    pair = partial(downloads.before_and_after, made, words, labels.text())
    return answer(lambda: ContentFile(pair()), "image/jpeg", NOT_KEPT, name)


@require_safe
@sees_projects
def everything(request: HttpRequest, project_id: UUID) -> HttpResponseBase:
    """The photo, as it is, and each ready picture, with its label."""
    project = project_or_404(request, project_id)
    cards = [card for card in cards_in(request, project) if card.picture]
    entries = list(_entries(project, cards))
    if not entries:
        raise Http404
    name = f"{_slug(project)}.zip"
    return answer(lambda: downloads.zipped(entries), "application/zip", NOT_KEPT, name)


def _entries(project: Project, cards: list[Card]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if project.photo:
        yield f"{_slug(project)}-photo.jpg", partial(read, project.photo.file)
    label = labels.text()
    for card in cards:
        for made in card.generation.pictures.all():
            place = f"-{made.position + 1}" if made.position else ""
            name = f"{stem(project, card)}{place}.jpg"
            yield name, partial(downloads.picture_as, made, "jpeg", label)


def chosen(
    request: HttpRequest, project_id: UUID, generation_id: UUID
) -> tuple[Project, Card, Picture]:
    """The picture that the project's page shows for this generation."""
    project = project_or_404(request, project_id)
    for card in cards_in(request, project):
        if card.generation.pk == generation_id and card.picture:
            return project, card, card.picture
    raise Http404


def cards_in(request: HttpRequest, project: Project) -> list[Card]:
    place = workplace(request)
    rows = selectors.any_generations_of(place.agency, place.mode).filter(project=project)
    return cards_of(list(rows))


def stem(project: Project, card: Card) -> str:
    return f"{_slug(project)}-{slugify(card.generation.type_name)}-{card.number}"


def _slug(project: Project) -> str:
    return slugify(project_name(project))[:60].strip("-") or "parterre"
