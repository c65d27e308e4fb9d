"""Errors to Sentry, where the operator's SENTRY_DSN names one; else the library is not even loaded.

An event is made of what is listed here, and not the library's less what it should not have: what
was raised, where in the code, in which view, of which call. No request, no variable, nobody.
"""

import re
from importlib.util import find_spec
from typing import Any

from integrations.doors.request_id import current
from integrations.iacrea.evidence import without_secret_paths

KEPT = (
    "event_id", "timestamp", "platform", "level", "logger", "environment", "release",
    "server_name", "sdk", "transaction", "transaction_info",
)  # fmt: skip
RAISED = ("type", "module", "mechanism", "exception_id", "parent_id")
FRAME = ("filename", "module", "function", "lineno", "pre_context", "context_line", "post_context",
         "in_app")  # fmt: skip
# In what an exception says, foreign text may stand: an address, a person's, a key. An id is none.
ADDRESS = re.compile(r"\w+://[^\s'\"<>]+")
MAILBOX = re.compile(r"[^\s<>'\"(=]+@[^\s<>'\")]+")
LONG_WORD = re.compile(r"(?<![\w+/-])(?![0-9a-f-]{36}\b)(?=[\w+/-]*[\dA-Z])[\w+/-]{20,}=*")
CUT = ((ADDRESS, "[address]"), (MAILBOX, "[mail]"), (LONG_WORD, "[word]"))
LONGEST = 500


def is_installed() -> bool:
    return find_spec("sentry_sdk") is not None


def start(dsn: str, *, environment: str, release: str) -> None:
    """In each process that loads the settings."""
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.integrations.dedupe import DedupeIntegration
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        before_send=lambda event, _hint: redacted(event),
        # No others: they would add headers to what we send to iacrea and to agencies' software.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=lambda _waiting, _seconds: None),
            DedupeIntegration(),
            DjangoIntegration(signals_spans=False),
            ExcepthookIntegration(),
            LoggingIntegration(level=None),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
    )


def redacted(event: Any) -> Any:
    told = {name: event[name] for name in KEPT if name in event}
    told["tags"] = {"request_id": current.get()}
    if raised := event.get("exception", {}).get("values"):
        told["exception"] = {"values": [_raised(value) for value in raised]}
    if said := event.get("logentry"):
        told["logentry"] = {"message": _said(said.get("formatted") or said.get("message") or "")}
    return told


def _raised(value: Any) -> dict[str, Any]:
    told = {name: value[name] for name in RAISED if name in value}
    frames = (value.get("stacktrace") or {}).get("frames", [])
    told["value"] = _said(value.get("value") or "")
    told["stacktrace"] = {
        "frames": [{name: frame[name] for name in FRAME if name in frame} for frame in frames]
    }
    return told


def _said(text: Any) -> str:
    """The first line: in those that follow the database names rows, or a traceback stands."""
    line = without_secret_paths(str(text).partition("\n")[0])
    for pattern, stands_for in CUT:
        line = pattern.sub(stands_for, line)
    return line[:LONGEST]
