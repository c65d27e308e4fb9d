"""What differs from django-allauth's defaults."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Agencies are made by the operator (`manage.py create_agency`) for now."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        # Afterwards `last_login` is now.
        request.is_first_sign_in = user.last_login is None  # type: ignore[attr-defined]
        super().login(request, user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address: whoever asks for the mail chooses at least the port in Host."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.PUBLIC_BASE_URL}{path}"
