"""Beginning and leaving a look at the product as one of its members sees it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Membership
from accounts.selectors import any_member
from accounts.staff.command import SUPPORT
from projects.desk.looking import session
from projects.desk.looking.middleware import MARK, look_of, page_after
from projects.views.lookup import or_404


class LookForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The owners of the agency read it, with the day and the minutes."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Asks for a reason; a member who may not be looked at is a refusal and no form."""
    if not request.user.has_perm(SUPPORT):
        raise PermissionDenied
    member = or_404(any_member, member_id)
    if not session.may_be_looked_at(member):
        return _page(request, member, None, status=409)
    form = LookForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, member, form)
    session.begin(request, member, form.cleaned_data["reason"])
    response = redirect("projects:list")
    response.set_cookie(MARK, "1", httponly=True, samesite="Lax", secure=request.is_secure())
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Back to the member's page in the admin."""
    look = look_of(request)
    session.leave(request)
    return redirect(page_after(look.member) if look else "admin:index")


def _page(
    request: HttpRequest, member: Membership, form: LookForm | None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Look as %(name)s") % {"name": member.user},
        "member": member,
        "form": form,
    }
    return TemplateResponse(request, "admin/look.html", context, status=status)
