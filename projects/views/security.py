"""How the agency's members sign in: what its owner asks of them, and who still lacks it."""

from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import roles, second_factor
from accounts.exceptions import OwnersOnly
from accounts.models import User
from accounts.visits import visits_of
from projects.views.access import member_required, role_required, workplace
from projects.views.refusals import Problem, Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def security(request: HttpRequest) -> HttpResponseBase:
    return _change(request) if request.method == "POST" else _shown(request)


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """allauth's own page, unless the passkey is the last second factor and the agency asks for one:
    allauth asks that of the code of an app only (accounts/adapter.py)."""
    user = request.user
    if isinstance(user, User) and second_factor.is_last_passkey(user, pk):
        messages.error(request, str(second_factor.NEEDED))
        return redirect("mfa_index")
    answer: HttpResponseBase = webauthn.remove_webauthn(request, pk=pk)
    return answer


@role_required(*roles.DECIDES_SECURITY)
def _shown(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _change(request: HttpRequest) -> HttpResponse:
    """Whoever may not is refused by the service, which writes that down."""
    on = request.POST.get("required") == "1"
    try:
        second_factor.require_second_factor(member=workplace(request).membership, on=on)
    except OwnersOnly:
        raise PermissionDenied from None
    except second_factor.HasNone:
        return _page(request, _first_yourself())
    said = _("From now on everybody of your agency needs two-step sign-in.")
    free = _("Each member decides again whether to use two-step sign-in.")
    messages.success(request, said if on else free)
    return redirect("projects:security")


def _first_yourself() -> Refusal:
    text = _("Set up your own two-step sign-in first: what you ask of the others is asked of you.")
    return Refusal(_("Nothing was changed"), [Problem(text, "own")])


def _page(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    member = workplace(request).membership
    context = {
        "agency": member.agency,
        "has_one": second_factor.has_one(member.user),
        "visits": visits_of(member.agency),
        "without": second_factor.members_without(member.agency),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "security/page.html", context, status=status)
