"""Signing up, and confirming the address that was typed: accounts/sign_up.py."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sign_up as services
from accounts.models import User
from integrations.iacrea.trial import PHOTOS, open_trial
from projects.sign_up_form import SignUpForm
from projects.views.refusals import Problem, Refusal

View = Callable[..., HttpResponseBase]


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect("projects:list")
    if not services.is_open():
        return render(request, "account/signup_closed.html")
    if request.method != "POST":
        return _page(request, SignUpForm(initial={"language": get_language()}))
    form = SignUpForm(request.POST)
    if refusal := Refusal.of_form(form, _("The account was not made")):
        return _page(request, form, refusal)
    limited = ratelimit.consume_or_429(request, action="signup", key=form.cleaned_data["email"])
    return limited or _open(request, form)


def _open(request: HttpRequest, form: SignUpForm) -> HttpResponse:
    """Straight to the first picture, in the language that was chosen."""
    owner = open_trial(**form.cleaned_data)
    login = Login(user=owner.user, redirect_url=reverse("projects:new"), signup=True)
    answer: HttpResponse = perform_password_login(request, {}, login)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, owner.user.language, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link in the mail. A click confirms nothing yet: machines follow links, and whoever has
    the mail may not be who signed up. Who is not signed in types the password of the sign-up."""
    user = services.user_of(token)
    if user is None:
        return render(request, "account/confirm.html", status=410)
    is_known = request.user == user
    if request.method != "POST":
        return _confirm_page(request, user, is_known)
    if limited := ratelimit.consume_or_429(request, action="confirm", key=str(user.pk)):
        answer: HttpResponseBase = limited
        return answer
    if not is_known and not user.check_password(request.POST.get("password", "")):
        wrong = Problem(
            _("This is not the password that was chosen at the sign-up."), "id_password"
        )
        refusal = Refusal(_("The address was not confirmed"), [wrong])
        return _confirm_page(request, user, is_known, refusal)
    return _confirm(request, user, is_known)


def _confirm(request: HttpRequest, user: User, is_known: bool) -> HttpResponseBase:
    if not services.confirm(user):
        return render(request, "account/confirm.html", {"taken": True}, status=409)
    messages.success(request, _("Your e-mail address is confirmed."))
    return redirect("projects:list" if is_known else "account_login")


@require_POST
@login_required
def again(request: HttpRequest) -> HttpResponseBase:
    """The mail once more, not too often."""
    user = request.user
    assert isinstance(user, User)
    if services.is_confirmed(user):
        return redirect("projects:list")
    if ratelimit.consume(request, action="confirm_email", key=user.claimed_email):
        services.ask_to_confirm(user)
        messages.success(request, _("The e-mail is on its way. Look among unwanted e-mails too."))
    else:
        messages.error(request, _("It was sent a moment ago. Try again in three minutes."))
    return redirect("projects:list")


def confirmed_required(view: View) -> View:
    """Within `role_required`: what reaches others needs an address that is known to be theirs."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        assert isinstance(request.user, User)
        if request.method == "POST" and not services.is_confirmed(request.user):
            return render(request, "account/unconfirmed.html", status=403)
        return view(request, *args, **kwargs)

    return wrapped


def _page(request: HttpRequest, form: SignUpForm, refusal: Refusal | None = None) -> HttpResponse:
    context = {"form": form, "refusal": refusal, "photos": PHOTOS}
    status = refusal.status if refusal else 200
    return render(request, "account/signup.html", context, status=status)


def _confirm_page(
    request: HttpRequest, user: User, is_known: bool, refusal: Refusal | None = None
) -> HttpResponse:
    context = {"claimed": user, "is_known": is_known, "refusal": refusal}
    status = refusal.status if refusal else 200
    return render(request, "account/confirm.html", context, status=status)
