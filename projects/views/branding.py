"""How an agency looks to its clients: the page where that is said, and its public files."""

from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import branding as services
from accounts import colours, roles
from accounts.choices import Role
from accounts.exceptions import OwnersOnly
from accounts.models import Branding
from projects.brand import brand_of, brand_with
from projects.brand_forms import BrandingForm
from projects.sharing.sample import sample_page
from projects.views.access import member_required, role_required, workplace
from projects.views.files import PUBLIC, answer
from projects.views.lookup import or_404
from projects.views.refusals import Refusal

may_brand = role_required(*roles.CHANGES_BRANDING)


@csp_replace({"frame-src": [SELF]})
@require_http_methods(["GET", "HEAD", "POST"])
@may_brand
def branding(request: HttpRequest) -> HttpResponse:
    row = services.branding_of(workplace(request).agency)
    if request.method != "POST":
        return _page(request, row, BrandingForm.of(row))
    form = BrandingForm(request.POST, request.FILES)
    if refusal := Refusal.of_form(form, _("The branding was not saved")):
        return _page(request, row, form, refusal)
    place = workplace(request)
    services.change_branding(
        agency=place.agency, actor_id=str(place.membership.pk), **form.cleaned_data
    )
    messages.success(request, _("The branding is saved."))
    return redirect("projects:branding")


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@require_safe
@may_brand
def preview(request: HttpRequest) -> HttpResponse:
    """The page that clients see, with samples, in a frame of the page above: no other page of ours
    lets itself be framed."""
    brand = brand_of(workplace(request).agency)
    context = {"page": sample_page(brand), "brand": brand}
    return HttpResponse(render_to_string("share/page.html", context))


@require_POST
@may_brand
def remove_logo(request: HttpRequest) -> HttpResponse:
    place = workplace(request)
    if services.remove_logo(agency=place.agency, actor_id=str(place.membership.pk)):
        messages.success(request, _("The logo is removed."))
    return redirect("projects:branding")


@require_POST
@member_required
def labels(request: HttpRequest) -> HttpResponse:
    """The policy; whoever may not change it is refused by the service, which writes that down."""
    on = request.POST.get("always") == "1"
    try:
        services.set_always_labelled(member=workplace(request).membership, on=on)
    except OwnersOnly:
        raise PermissionDenied from None
    said = _("Every download now says that it was made by AI.")
    free = _("Downloads without the label are possible again.")
    messages.success(request, said if on else free)
    return redirect("projects:branding")


@require_safe
def logo(request: HttpRequest, agency_id: UUID, digest: str) -> HttpResponseBase:
    """For whoever has the address: it is on share pages and in mails."""
    row = or_404(services.public_branding, agency_id)
    if digest != services.logo_digest(row) or not row.logo:
        raise Http404
    return answer(lambda: row.logo.open("rb"), "image/png", PUBLIC)


@require_safe
def theme(request: HttpRequest, agency_id: UUID, digest: str) -> HttpResponseBase:
    """Custom properties, made of the colour; nothing that was typed is in it."""
    row = or_404(services.public_branding, agency_id)
    if digest != services.theme_digest(row) or not row.accent:
        raise Http404
    css = services.theme_css(row).encode()
    return answer(lambda: ContentFile(css), "text/css; charset=utf-8", PUBLIC)


def _page(
    request: HttpRequest, row: Branding, form: BrandingForm, refusal: Refusal | None = None
) -> HttpResponse:
    place = workplace(request)
    context: dict[str, Any] = {
        "form": form,
        "refusal": refusal,
        "brand": brand_with(place.agency, row),
        "branding": row,
        "light": colours.on_light(row.accent) if row.accent else None,
        "dark": colours.on_dark(row.accent) if row.accent else None,
        "is_owner": place.membership.role == Role.OWNER,
    }
    return render(request, "branding/page.html", context, status=refusal.status if refusal else 200)
