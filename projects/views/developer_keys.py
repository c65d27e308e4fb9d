"""API keys: the list, a new one, one that takes another's place, and the end of one."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import keys as services
from accounts.choices import Mode, Scope
from accounts.exceptions import InvalidApiKey, TwoKeysActive
from accounts.models import ApiKey
from projects.developers.forms import KeyForm, RotateForm
from projects.developers.rows import KeyRow
from projects.views.access import workplace
from projects.views.developers import actor, answer, may_develop, refused, shown_once, was_shown
from projects.views.lookup import or_404
from projects.views.refusals import Problem, Refusal
from projects.views.sign_up import confirmed_required

asks_and_does = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@may_develop
def keys(request: HttpRequest) -> HttpResponse:
    """Those that work are first."""
    found = services.keys_of(workplace(request).agency)
    rows = [_row(request, key) for key in found]
    rows.sort(key=lambda row: not row.key.is_active)
    return answer(request, "developers/keys.html", {"rows": rows})


@asks_and_does
@may_develop
@confirmed_required
def new(request: HttpRequest) -> HttpResponse:
    role = workplace(request).membership.role
    if request.method != "POST":
        form = KeyForm(role=role, initial={"form_id": uuid4(), "scopes": list(Scope)})
        return answer(request, "developers/new_key.html", {"form": form})
    form = KeyForm(request.POST, role=role)
    if refusal := refused(form, _("The key was not made")):
        return answer(request, "developers/new_key.html", {"form": form}, refusal)
    agency, fields = workplace(request).agency, form.cleaned_data
    try:
        key, text = services.create_api_key(
            agency=agency, mode=Mode(fields["mode"]), name=fields["name"], scopes=fields["scopes"],
            key_id=fields["form_id"], expires_at=fields["ends"], actor_id=actor(request),
        )  # fmt: skip
    except IntegrityError:
        return _made_before(request, or_404(services.key_of, agency, fields["form_id"]))
    return _show(request, key, text)


@asks_and_does
@may_develop
@confirmed_required
def rotate(request: HttpRequest, key_id: UUID) -> HttpResponse:
    key = or_404(services.key_of, workplace(request).agency, key_id)
    if not _row(request, key).may_replace:
        raise PermissionDenied
    if request.method != "POST":
        form = RotateForm(initial={"form_id": uuid4()})
        refusal = None if key.is_active else _over()
        return answer(request, "developers/rotate_key.html", {"form": form, "key": key}, refusal)
    form = RotateForm(request.POST)
    if refusal := refused(form, _("The key was not replaced")):
        return answer(request, "developers/rotate_key.html", {"form": form, "key": key}, refusal)
    return _rotated(request, key, form)


def _rotated(request: HttpRequest, key: ApiKey, form: RotateForm) -> HttpResponse:
    """A form that was sent before is refused for one reason or another; whether it has made its key
    is asked then."""
    fields = form.cleaned_data
    overlap = timedelta(hours=int(fields["overlap"]))
    try:
        made, text = services.rotate_api_key(
            key, overlap, key_id=fields["form_id"], expires_at=fields["ends"],
            actor_id=actor(request),
        )  # fmt: skip
    except (InvalidApiKey, TwoKeysActive, IntegrityError) as error:
        if earlier := services.keys_of(key.agency).filter(pk=fields["form_id"]).first():
            return _made_before(request, earlier)
        refusal = _two(key) if isinstance(error, TwoKeysActive) else _over()
        return answer(request, "developers/rotate_key.html", {"form": form, "key": key}, refusal)
    old = or_404(services.key_of, key.agency, key.pk)
    return _show(request, made, text, old=old)


@asks_and_does
@may_develop
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponseBase:
    """Who asks is asked for the password, but for somebody else's key only that it is not there."""
    key = or_404(services.key_of, workplace(request).agency, key_id)
    response: HttpResponseBase = _revoke(request, key)
    return response


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def _revoke(request: HttpRequest, key: ApiKey) -> HttpResponse:
    if request.method != "POST":
        return answer(request, "developers/revoke_key.html", {"row": _row(request, key)})
    if services.revoke_api_key(key, actor_id=actor(request)):
        messages.success(request, _("The key is revoked: no call with it is answered any more."))
    return redirect("projects:keys")


def _row(request: HttpRequest, key: ApiKey) -> KeyRow:
    return KeyRow(key, workplace(request).membership.role)


def _show(request: HttpRequest, key: ApiKey, text: str, **more: Any) -> HttpResponse:
    return shown_once(request, "developers/key.html", {"key": key, "text": text, **more})


def _made_before(request: HttpRequest, key: ApiKey) -> HttpResponse:
    return was_shown(request, {"key": key})


def _over() -> Refusal:
    text = _("This key does not work any more, so nothing can take its place. Make a new one.")
    return Refusal(_("The key was not replaced"), [Problem(text)], 409)


def _two(key: ApiKey) -> Refusal:
    text = _(
        "Two keys named “%(name)s” work already. End the old one at once, or revoke one of them "
        "first."
    ) % {"name": key.name}
    return Refusal(_("The key was not replaced"), [Problem(text, "id_overlap")], 409)
