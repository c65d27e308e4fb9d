"""What the developers' pages say of scopes, events and of what became of a message."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.choices import Scope
from integrations.webhooks.choices import EventType

SCOPES: Mapping[str, Promise] = {
    Scope.GENERATIONS_READ: _("See uploads, pictures, projects and events."),
    Scope.GENERATIONS_WRITE: _("Upload photos, ask for pictures and cancel them. Uses photos."),
    Scope.PROJECTS_WRITE: _("Make, change and delete projects."),
    Scope.QUOTA_READ: _("See how many photos are left, and where they went."),
    Scope.MEMBERS_READ: _("See the people of your agency."),
    Scope.MEMBERS_WRITE: _("Add people to your agency and change their roles."),
    Scope.WEBHOOKS_WRITE: _("Manage webhooks, and send messages again."),
}
MANAGING = Scope.MEMBERS_WRITE
# Of an endpoint's choice: a test goes to each that it is sent to.
EVENTS: Mapping[str, Promise] = {
    EventType.GENERATION_SUCCEEDED: _("A picture is ready."),
    EventType.GENERATION_FAILED: _("A picture failed, and its photo was given back."),
    EventType.GENERATION_RECOVERED: _("A picture that was told as failed came after all, free."),
    EventType.QUOTA_LOW: _("Few photos are left."),
    EventType.QUOTA_EXHAUSTED: _("No photo is left."),
}
NO_CONNECTION = _("No connection within 5 seconds")
BROKEN_OFF = _("The connection broke before the answer was whole")
NO_TLS = _("No secure connection: look at the certificate")
UNREADABLE = _("The answer could not be read")
# By the words of integrations/doors/failures.py and integrations/webhooks/events.py.
ERRORS: Mapping[str, Promise] = {
    "address_refused": _("The address is not on the public internet"),
    "url_refused": _("The URL is not allowed"),
    "connect_timeout": NO_CONNECTION,
    "dns_timeout": NO_CONNECTION,
    "tls_timeout": NO_CONNECTION,
    "connection_refused": _("The connection was refused"),
    "dns_failed": _("The name of the host has no address"),
    "unreachable": _("There is no way to this address"),
    "tls_failed": NO_TLS,
    "tls_broken": NO_TLS,
    "timeout": _("No answer within 15 seconds"),
    "reset": BROKEN_OFF,
    "truncated": BROKEN_OFF,
    "bad_answer": UNREADABLE,
    "bad_encoding": UNREADABLE,
    "too_large": _("The answer was larger than 64 kB"),
    "endpoint_disabled": _("Not sent: the endpoint was off"),
    "endpoint_deleted": _("Not sent: the endpoint was deleted"),
    "failed": _("It broke on our side"),
}


def scopes_of(role: str) -> dict[str, Promise]:
    """What somebody with this role may let a key do. Whoever does not manage the team must not come
    to it through a key."""
    manages = roles.may(role, roles.MANAGES_TEAM)
    return {scope: says for scope, says in SCOPES.items() if manages or scope != MANAGING}


def error_text(code: str) -> str:
    return str(ERRORS.get(code, code))
