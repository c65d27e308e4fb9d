"""The quote sheet of a picture: a small form, answered with a PDF."""

from uuid import UUID

from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import roles
from projects.models import Picture, Project
from projects.quote import content
from projects.quote.forms import QuoteForm
from projects.views.access import role_required
from projects.views.cards import Card, project_name
from projects.views.downloads import cards_in, chosen, stem
from projects.views.files import NOT_KEPT, answer
from projects.views.refusals import Problem, Refusal

may_quote = role_required(*roles.QUOTES)


@require_http_methods(["GET", "HEAD", "POST"])
@may_quote
def quote(request: HttpRequest, project_id: UUID, generation_id: UUID) -> HttpResponseBase:
    project, card, made = chosen(request, project_id, generation_id)
    form = QuoteForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _page(request, project, card, form)
    if not form.is_valid():
        return _page(request, project, card, form, _refusal(form))
    with translation.override(form.cleaned_data["language"]):
        what = _("Quote")
        name = f"{stem(project, card)}-{slugify(what)}.pdf"
        names = {each.generation.pk: _name(each) for each in cards_in(request, project)}
        return answer(
            lambda: ContentFile(_pdf(made, project, names, form)), "application/pdf", NOT_KEPT, name
        )


def _pdf(made: Picture, project: Project, names: dict[UUID, str], form: QuoteForm) -> bytes:
    # Some 55 MB and a second or two, once: for the worker that is asked for one.
    from projects.quote.document import pdf_of

    sheet = content.sheet_of(
        made,
        title=project_name(project),
        names=names,
        prices=form.prices,
        note=form.cleaned_data["note"],
        with_comments=form.cleaned_data["comments"],
    )
    return pdf_of(sheet)


def _name(card: Card) -> str:
    number = _("No. %(n)s") % {"n": card.number}
    return f"{card.generation.type_name} {number}"


def _page(
    request: HttpRequest,
    project: Project,
    card: Card,
    form: QuoteForm,
    refusal: Refusal | None = None,
) -> HttpResponse:
    names = {each.generation.pk: _name(each) for each in cards_in(request, project)}
    assert card.picture
    context = {
        "project": project,
        "name": project_name(project),
        "card": card,
        "picture_name": _name(card),
        "form": form,
        "refusal": refusal,
        "approved": content.approved_in(card.picture, names),
        "remarks": content.remarks_on(card.picture),
    }
    return render(
        request, "projects/quote.html", context, status=refusal.status if refusal else 200
    )


def _refusal(form: QuoteForm) -> Refusal:
    found = [
        Problem(
            _("%(field)s: %(problem)s") % {"field": form[field].label, "problem": text}
            if field in form.fields
            else str(text),
            f"id_{field}",
        )
        for field, errors in form.errors.items()
        for text in errors
    ]
    return Refusal(_("The quote was not made"), found)
