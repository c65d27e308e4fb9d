"""What is kept of a person and of an agency: to read, to take home, and to have erased."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, roles
from accounts.models import User
from accounts.privacy import bonds_of
from accounts.services import set_kept_months
from accounts.sign_up import shown_email
from projects import retention
from projects.privacy import export, requests
from projects.privacy.erasure.person import erase_person
from projects.privacy.erasure.refusals import OnlyOwner, StillRunning
from projects.privacy.forms import KeptForm, TypedForm, kept_words
from projects.privacy.selectors import kept
from projects.privacy.selectors import requests as asked
from projects.views.access import find_workplace, role_required, workplace
from projects.views.files import NOT_KEPT
from projects.views.refusals import Problem, Refusal


@require_safe
@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    mine = kept.of_person(_user(request))
    place = find_workplace(request)
    may_export = place is not None and roles.may(place.membership.role, roles.EXPORTS_AGENCY)
    return render(request, "privacy/my_data.html", {"kept": mine, "may_export": may_export})


@require_safe
@login_required
def my_data_file(request: HttpRequest) -> HttpResponseBase:
    if asked_again := _asked_again(request, "projects:my_data"):
        return asked_again
    name = f"parterre-{timezone.localdate()}.json"
    return _download(export.json_of(_user(request)), "application/json", name)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
def erase_me(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    form = TypedForm(
        request.POST if request.method == "POST" else None,
        expected=shown_email(user),
        label=_("Type your e-mail address to confirm"),
    )
    refusal = _refused(form, _("Your account was not deleted"))
    if form.is_bound and not refusal:
        refusal = _erased(user)
        if not refusal:
            return _left(request)
    context = {"form": form, "refusal": refusal, "bonds": bonds_of(user)}
    return _page(request, "privacy/erase_me.html", context, refusal)


def _erased(user: User) -> Refusal | None:
    title = _("Your account was not deleted")
    try:
        erase_person(user)
    except OnlyOwner:
        return Refusal(title, [Problem(_("You are the only owner of an agency."), "bonds")], 409)
    except StillRunning as problem:
        said = ngettext(
            "%(n)d picture that uses your own iacrea key is still being made. Wait for its end.",
            "%(n)d pictures that use your own iacrea key are still being made. Wait for their end.",
            len(problem.jobs),
        )
        return Refusal(title, [Problem(said % {"n": len(problem.jobs)})], 409)
    return None


def _left(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("Your account is deleted. Nothing here tells who you were."))
    return redirect("account_login")


# --- Of the agency


@require_safe
@role_required(*roles.EXPORTS_AGENCY)
def agency_data(request: HttpRequest) -> HttpResponse:
    return _agency_page(request, KeptForm(kept=workplace(request).agency.kept_months))


@require_POST
@role_required(*roles.ERASES_AGENCY)
def keep_for(request: HttpRequest) -> HttpResponse:
    """Asked once more when projects would go to the bin by it."""
    place = workplace(request)
    form = KeptForm(request.POST, kept=place.agency.kept_months)
    if refusal := _refused(form, _("How long projects are kept was not changed")):
        return _agency_page(request, form, refusal)
    months = form.cleaned_data["months"]
    is_sure = request.POST.get("sure") == "1" or months == place.agency.kept_months
    old = 0 if is_sure else retention.count_old_projects(place.agency, months)
    if old:
        return _sure(request, months, old)
    actor_id = str(place.membership.pk)
    set_kept_months(agency=place.agency, months=months, actor_id=actor_id)
    said = _("Projects that nobody changes are kept %(how_long)s.")
    messages.success(request, said % {"how_long": kept_words(months)})
    return redirect("projects:agency_data")


def _sure(request: HttpRequest, months: int, old: int) -> HttpResponse:
    context = {"months": months, "old": old, "here": reverse("projects:agency_data")}
    return render(request, "privacy/keep_for.html", context)


def _agency_page(
    request: HttpRequest, form: KeptForm, refusal: Refusal | None = None
) -> HttpResponse:
    place = workplace(request)
    waiting = asked.open_request(place.agency)
    context = {
        "here": reverse("projects:agency_data"),
        "kept": kept.of_agency(place.agency),
        "form": form,
        "refusal": refusal,
        "how_long": kept_words(place.agency.kept_months),
        "may_erase": roles.may(place.membership.role, roles.ERASES_AGENCY),
        "waiting": waiting,
        "due": asked.due_at(waiting) if waiting else None,
        "author": asked.author_of(waiting) if waiting else None,
    }
    return _page(request, "privacy/agency.html", context, refusal)


@require_safe
@role_required(*roles.EXPORTS_AGENCY)
def agency_file(request: HttpRequest) -> HttpResponseBase:
    """Who took it, and when, is on record: the whole agency is in it."""
    if asked_again := _asked_again(request, "projects:agency_data"):
        return asked_again
    place = workplace(request)
    if request.method == "GET":
        audit.record(
            agency=place.agency, action="agency.exported", target=str(place.agency.pk),
            actor_id=str(place.membership.pk),
        )  # fmt: skip
    name = f"{slugify(place.agency.name)[:60] or 'parterre'}-{timezone.localdate()}.zip"
    return _download(export.zip_of(place.agency), "application/zip", name)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*roles.ERASES_AGENCY)
@reauthentication_required  # type: ignore[untyped-decorator]
def ask_for_erasure(request: HttpRequest) -> HttpResponse:
    member = workplace(request).membership
    form = TypedForm(
        request.POST if request.method == "POST" else None,
        expected=member.agency.name,
        label=_("Type the name of your agency to confirm"),
    )
    refusal = _refused(form, _("Nothing was asked for"))
    if form.is_bound and not refusal:
        if requests.ask(member):
            messages.success(request, _("Your request was sent. You can call it back."))
        return redirect("projects:agency_data")
    context = {"form": form, "refusal": refusal, "agency": member.agency}
    return _page(request, "privacy/erase_agency.html", context, refusal)


@require_POST
@role_required(*roles.ERASES_AGENCY)
def withdraw_erasure(request: HttpRequest) -> HttpResponse:
    if requests.withdraw(workplace(request).membership):
        messages.success(request, _("Your request is called back. Nothing will be erased."))
    return redirect("projects:agency_data")


def _asked_again(request: HttpRequest, page: str) -> HttpResponseBase | None:
    """Whoever finds a session open takes nothing home. From there back to the page: a form that
    ends in a file would stay on the screen."""
    if did_recently_reauthenticate(request):
        return None
    messages.info(request, _("Confirm that it is you. Then the file is there for five minutes."))
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse(page)})}")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _refused(form: BaseForm, title: str) -> Refusal | None:
    if not form.is_bound or form.is_valid():
        return None
    problems = [
        Problem(str(each), f"id_{name}") for name, errors in form.errors.items() for each in errors
    ]
    return Refusal(title, problems)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal | None
) -> HttpResponse:
    return render(request, template, context, status=refusal.status if refusal else 200)


def _download(pieces: Any, content_type: str, name: str) -> HttpResponseBase:
    answer = StreamingHttpResponse(pieces, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = NOT_KEPT
    return answer
