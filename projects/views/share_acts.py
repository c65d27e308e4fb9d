"""What a client says on a project's public page: a yes, a comment, and taking either back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from projects.models import SharedGeneration, ShareLink
from projects.sharing import limits, selectors, services
from projects.sharing.forms import ApprovalForm, ClientForm, CommentForm
from projects.sharing.page import address_of, mark_of
from projects.sharing.tokens import Visit
from projects.views.lookup import or_404
from projects.views.share_frame import ask_for_code, later, public, show, too_often

Act = Callable[[ShareLink, SharedGeneration, dict[str, Any]], str]


@public
@require_POST
def approve(request: HttpRequest, link: ShareLink, position: int) -> HttpResponse:
    network = _network(request)

    def act(link: ShareLink, shared: SharedGeneration, said: dict[str, Any]) -> str:
        """The yes is this visitor's to take back only if they said it."""
        who = {"name": said["name"], "network": network}
        approval = services.approve(link, shared, **who)
        return mark_of(approval) if services.is_own_tap(approval, **who) else ""

    return _say(request, link, position, ApprovalForm(request.POST), act, "approved")


@public
@require_POST
def comment(request: HttpRequest, link: ShareLink, position: int) -> HttpResponse:
    network = _network(request)

    def act(link: ShareLink, shared: SharedGeneration, said: dict[str, Any]) -> str:
        who = {"name": said["name"], "network": network}
        return mark_of(services.comment(link, shared, text=said["text"], **who))

    return _say(request, link, position, CommentForm(request.POST), act, "commented")


@public
@require_POST
def withdraw(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """What the address says was said by its visitor."""
    visit, said = Visit.of(link, request.GET), request.POST.get("said", "")
    if not visit.may_look or said not in visit.mine:
        raise Http404
    take_back = {"a": services.withdraw_approval, "c": services.withdraw_comment}[said[0]]
    take_back(link, int(said[1:]))
    return _back(visit, "withdrawn", request.POST.get("at", ""))


def _say(
    request: HttpRequest, link: ShareLink, position: int, form: ClientForm, act: Act, just: str
) -> HttpResponse:
    visit = Visit.of(link, request.GET)
    if not visit.may_look:
        return ask_for_code(visit)
    shared = or_404(selectors.shared_at, link, position)
    if form.is_of_a_robot:
        return _back(visit, just, str(position))  # it believes that it was heard
    refuse = partial(_refuse, visit, position, form, just)
    if not form.is_valid():
        return refuse(form.problems, 422)
    if wait := limits.wait_for_post(link.pk, _network(request)):
        return refuse([too_often(wait)], 429, wait)
    try:
        mark = act(link, shared, form.cleaned_data)
    except services.TooManyComments:
        return refuse([_("There are too many comments here. Call or write instead.")], 409)
    return _back(visit.having(mark) if mark else visit, just, str(position))


def _refuse(
    visit: Visit,
    position: int,
    form: ClientForm,
    just: str,
    wrong: list[str],
    status: int,
    wait: int = 0,
) -> HttpResponse:
    """The page with what was typed still in its form."""
    typed = {name: str(form.data.get(name, "")) for name in ("name", "text")}
    shown = show(
        visit, status=status, refused=position, refused_form=just, wrong=wrong, typed=typed
    )
    return later(shown, wait)


def _back(visit: Visit, just: str, position: str) -> HttpResponse:
    """To the page, with an address that says what may be taken back."""
    part = f"#p{position}" if position.isdecimal() else ""
    address = f"{address_of(visit.link)}{visit.query(just=just)}{part}"
    return HttpResponseRedirect(address, status=303)


def _network(request: HttpRequest) -> str:
    """Of an address that is none, all in one."""
    try:
        return limits.network_of(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return ""
