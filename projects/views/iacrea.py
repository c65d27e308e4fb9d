"""The agency's accounts at iacrea: whose account makes its pictures, and connecting its own."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import roles
from accounts.selectors import quota_of
from integrations.iacrea import connections
from integrations.iacrea.connections import ChangedMeanwhile, NotConnected
from integrations.iacrea.models import IacreaAccount
from projects.iacrea_forms import ConnectForm, KeyForm
from projects.iacrea_words import Line, refused, upstream_of
from projects.views.access import role_required, workplace
from projects.views.lookup import or_404
from projects.views.refusals import Problem, Refusal

may_connect = role_required(*roles.CONNECTS_IACREA)
key_form = require_http_methods(["GET", "HEAD", "POST"])
hides_key = sensitive_post_parameters("api_key")


@require_safe
@may_connect
def accounts(request: HttpRequest) -> HttpResponse:
    place = workplace(request)
    rows = list(connections.connections_of(place.agency))
    context = {
        "upstream": upstream_of(rows),
        "lines": [Line(row) for row in rows],
        "photos": quota_of(place.agency, place.mode),
    }
    return render(request, "iacrea/accounts.html", context)


@hides_key
@sensitive_variables("form")
@key_form
@may_connect
def connect(request: HttpRequest) -> HttpResponse:
    agency = workplace(request).agency
    initial = {"member": request.GET.get("member", "")}
    form = ConnectForm(agency, request.POST or None, initial=initial)
    said = _("iacrea has taken the key: pictures are made with this account from now on.")
    made = _kept(request, form, lambda typed: connections.connect(agency=agency, **typed))
    return _done(request, said) if made else _form_page(request, form, "iacrea/connect.html")


@hides_key
@sensitive_variables("form")
@key_form
@may_connect
def replace_key(request: HttpRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    initial = {"iacrea_user_id": account.iacrea_user_id}
    form = KeyForm(request.POST or None, initial=initial)
    said = _("iacrea has taken the new key. The old one is forgotten.")
    made = _kept(request, form, lambda typed: connections.replace_key(account, **typed))
    if made:
        return _done(request, said)
    return _form_page(request, form, "iacrea/key.html", line=Line(account))


@require_POST
@may_connect
def pause(request: HttpRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    connections.pause(account, actor_id=_actor(request))
    return _done(request, _("Paused: new pictures wait, and no photo is lost."))


@require_POST
@may_connect
def resume(request: HttpRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    if connections.resume(account, actor_id=_actor(request)):
        return _done(request, _("Resumed: the pictures that waited are sent now."))
    return redirect("projects:iacrea")


@require_POST
@may_connect
def stop_using(request: HttpRequest, account_id: UUID) -> HttpResponse:
    account = _account(request, account_id)
    if connections.stop_using(account, actor_id=_actor(request)):
        return _done(request, _("This account is not used for new projects any more."))
    return redirect("projects:iacrea")


@sensitive_variables("form", "typed")
def _kept(
    request: HttpRequest, form: KeyForm, keep: Callable[[dict[str, Any]], IacreaAccount]
) -> bool:
    """False: nothing was stored, and the form says why."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        keep({**form.cleaned_data, "actor_id": _actor(request)})
    except NotConnected as error:
        form.add_error(*refused(error.verdict))
    except ChangedMeanwhile:
        text = _("Somebody else changed this account at the same time. Look at what there is now.")
        form.add_error(None, text)
    return not form.errors


def _form_page(request: HttpRequest, form: KeyForm, template: str, **more: Any) -> HttpResponse:
    problems = [
        Problem(str(text), "" if field == "__all__" else f"id_{field}")
        for field, errors in form.errors.items()
        for text in errors
    ]
    refusal = Refusal(_("Nothing was stored"), problems) if problems else None
    context = {"form": form, "refusal": refusal, **more}
    return render(request, template, context, status=refusal.status if refusal else 200)


def _account(request: HttpRequest, account_id: UUID) -> IacreaAccount:
    return or_404(connections.connection_of, workplace(request).agency, account_id)


def _actor(request: HttpRequest) -> str:
    return str(workplace(request).membership.pk)


def _done(request: HttpRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("projects:iacrea")
