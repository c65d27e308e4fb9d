"""The Usage page: where every photo went, the same as a file, and the form that asks for more."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts import photo_requests, roles
from accounts.kept_bytes import room_of
from accounts.models import Membership
from accounts.periods import day_of
from accounts.selectors import lots_of
from integrations.iacrea.credits import credits_of
from projects.forms import Words
from projects.usage import selectors
from projects.usage.asked import Asked, AskedForm
from projects.usage.chart import Chart, chart_of
from projects.usage.export import csv_of
from projects.usage.rows import rows_of
from projects.usage.sums import Charged, charged_by, member_rows, summary_of
from projects.views.access import role_required, workplace
from projects.views.refusals import Refusal

PER_PAGE = 50
MOST_PHOTOS = 10_000


class AskForPhotosForm(forms.Form):
    photos = forms.IntegerField(
        label=gettext_lazy("How many photos?"), min_value=1, max_value=MOST_PHOTOS
    )
    message = Words(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy("An order number, or by when you need them. May stay empty."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@dataclass(frozen=True)
class Choice:
    """A link to other days."""

    name: str
    query: str
    is_current: bool


@require_safe
@role_required(*roles.SEES_USAGE)
def usage(request: HttpRequest) -> HttpResponse:
    place, form = workplace(request), AskedForm(request.GET)
    asked = Asked.by(form, day_of(timezone.now()))
    refusal = Refusal.of_form(form, _("The list could not be narrowed"))
    summary = summary_of(selectors.moved(place.agency, place.mode, asked))
    numbers = range(summary.listed)
    page = Paginator(numbers, PER_PAGE).get_page(request.GET.get("page"))
    rows = numbers[page.start_index() - 1 : page.end_index()] if numbers else numbers
    listed = selectors.page_of(place.agency, place.mode, asked, rows)
    people = selectors.people_of(place.agency)
    members = [person.member for person in people]
    used = selectors.usage_of(place.agency, place.mode, asked.period)
    charged = charged_by(used, asked.period.steps())
    context = {
        "form": form if refusal else AskedForm(initial=_shown(asked)),
        "asked": asked,
        "refusal": refusal,
        "choices": _choices(asked),
        "summary": summary,
        "page": page,
        "rows": rows_of(place.agency, listed),
        "people": members,
        "waiting": next((person for person in people if person.asks_for), None),
        "members": member_rows(used, members, list(charged)),
        "chart": _chart(asked, charged, members),
        "lots": lots_of(place.agency, place.mode),
        "credits": credits_of(place.agency),
        "room": room_of(place.agency),
    }
    return render(request, "usage/usage.html", context, status=422 if refusal else 200)


@require_safe
@role_required(*roles.SEES_USAGE)
def usage_csv(request: HttpRequest) -> HttpResponseBase:
    """What the page's list has, all of it; a wrong question shows the page, which says so."""
    form = AskedForm(request.GET)
    asked = Asked.by(form, day_of(timezone.now()))
    if form.errors:
        return usage(request)
    return csv_of(workplace(request).agency, asked)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*roles.ASKS_FOR_PHOTOS)
def ask_for_photos(request: HttpRequest) -> HttpResponse:
    place = workplace(request)
    form = AskForPhotosForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        is_new = photo_requests.ask(place.membership, **form.cleaned_data)
        if is_new:
            messages.success(request, _("Your request was sent. You will be told of the answer."))
        return redirect("projects:ask_for_photos")
    refusal = Refusal.of_form(form, _("Nothing was sent"))
    context = {
        "form": form,
        "refusal": refusal,
        "waiting": photo_requests.open_request(place.agency),
        "answer": photo_requests.last_answer(place.agency),
    }
    return render(request, "usage/ask.html", context, status=422 if refusal else 200)


def _shown(asked: Asked) -> dict[str, object]:
    period = asked.period
    return {
        "first": period.first, "last": period.last, "kind": asked.kind, "member": asked.member,
        "id": asked.id,
    }  # fmt: skip


def _choices(asked: Asked) -> list[Choice]:
    names = {"month": _("This month"), "last": _("Last month"), "year": _("12 months")}
    return [Choice(names[each], asked.query_of(each), asked.preset == each) for each in names]


def _chart(asked: Asked, charged: Charged, people: list[Membership]) -> Chart | None:
    names: dict[UUID | None, str] = {member.pk: member.shown_name for member in people}
    gone = _("Someone who has left")
    return chart_of(asked.period, charged, {pk: names.get(pk, gone) for pk in charged})
