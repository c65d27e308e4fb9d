"""How an agency's software is recognised at both HTTP doors."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.exceptions import InvalidApiKey
from accounts.keys import authenticate_api_key
from accounts.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """`x-api-key: KEY`, or `Authorization: Bearer KEY`. `request.auth` is the ApiKey."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        text = request.headers.get("x-api-key") or self._bearer(request)
        if not text:
            return None
        try:
            return None, authenticate_api_key(text.strip())
        except InvalidApiKey:
            raise AuthenticationFailed(
                _("This API key is unknown, expired or revoked. Check it in your developer page.")
            ) from None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _bearer(self, request: Request) -> str:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        return text if scheme.lower() == "bearer" else ""


class HasScope(BasePermission):
    """The key has the scope that the view needs. No key at all is 401."""

    message = _("This API key does not have the scope that this call needs.")

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            raise NotAuthenticated(
                _("Send your API key in the x-api-key header, or as a Bearer token.")
            )
        return view.needed_scope() in request.auth.scopes
