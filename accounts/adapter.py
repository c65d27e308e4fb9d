"""What differs from django-allauth's defaults."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import devices, second_factor, sign_up
from accounts.models import User
from integrations.doors import crypto

REAUTHENTICATE = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use the code of an app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Not allauth's own way, which asks nothing of the agency: projects/views/sign_up.py."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        # Afterwards `last_login` is now.
        request.is_first_sign_in = user.last_login is None  # type: ignore[attr-defined]
        super().login(request, user)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """By account alone: allauth adds Host, whose port a guesser chooses anew for each try."""
        return credentials.get("email", "").lower()

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """In the words of our pages."""
        methods: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [each | {"description": str(REAUTHENTICATE[each["id"]])} for each in methods]

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address: whoever asks for the mail chooses at least the port in Host."""
        path = urlsplit(super().get_reset_password_from_key_url(key)).path
        return f"{settings.PUBLIC_BASE_URL}{path}"


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": second_factor.NEEDED,
        "incorrect_code": _("This is not right. Try once more."),
    }

    def encrypt(self, text: str) -> str:
        """Seeds of apps and of recovery codes, at rest."""
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt_or_plain(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_last_one(authenticator)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Ours, whatever Host says: a passkey is good for the address that it was made at."""
        return {"id": str(urlsplit(settings.PUBLIC_BASE_URL).hostname), "name": "Parterre"}

    def _get_user_identifier(self, user: User) -> str:
        return sign_up.shown_email(user)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """Where it was made tells passkeys apart: "Chrome, Windows"."""
        return devices.browser_of(context.request) or str(_("Passkey"))
