"""Where a process can be told to die. The product knows nothing of it: its functions are wrapped
when a process of the harness starts, and one that was renamed fails that start loudly."""

import functools
import hashlib
from collections.abc import Callable
from contextvars import ContextVar
from importlib import import_module
from typing import Any

from tests.chaos.orders import reach

Call = tuple[Any, ...]
Subject = Callable[[Call, Any], str | None]
# The job whose request is on the wire, or whose picture is fetched, in this thread.
sending: ContextVar[str | None] = ContextVar("sending", default=None)
fetching: ContextVar[str | None] = ContextVar("fetching", default=None)


def install() -> None:
    _remember(sending, "projects.pipeline.submit._send")
    _remember(fetching, "projects.pipeline.archive._download")
    for name, (moment, target, subject) in FAILPOINTS.items():
        _wrap(name, moment, target, subject)
    _wrap_body()


def _job(call: Call, _result: Any) -> str | None:
    return str(call[0].pk)


def _job_of_attempt(call: Call, _result: Any) -> str | None:
    return str(call[0].generation_id)


def _id(call: Call, _result: Any) -> str | None:
    return str(call[0])


def _sent(_call: Call, _result: Any) -> str | None:
    return sending.get()


def _fetched(_call: Call, _result: Any) -> str | None:
    return fetching.get()


def _made(_call: Call, result: Any) -> str | None:
    return str(result.pk)


def _answered(_call: Call, result: Any) -> str | None:
    job: str | None = result.data.get("generation_id")
    return job


def _opened(call: Call, _result: Any) -> str | None:
    return str(call[1].pk) if call[0].name == "T3" else None


def _rung(call: Call, known: bool) -> str | None:
    return f"token:{hashlib.sha256(call[0].encode()).hexdigest()}" if known else None


def _ended(call: Call, _result: Any) -> str | None:
    heard = call[1]
    told = heard and heard.status in ("failed", "succeeded")
    return str(call[0].pk) if told else None


def _delivered(call: Call, _result: Any) -> str | None:
    return str(call[0].subject_id)


# The names are those of the fault matrix, in docs/faults.md. F09 and F10 are in _wrap_body().
FAILPOINTS: dict[str, tuple[str, str, Subject]] = {
    "F01": ("before", "accounts.idempotency._claim", lambda c, _: f"key:{c[0].text}"),
    "F02": ("after", "projects.services._accept", _made),  # the view's transaction is still open
    "F03": ("after", "accounts.api.idempotent.CreateView.post", _answered),
    "F04": ("before", "projects.pipeline.dispatch._hint", _id),
    "F05": ("after", "projects.effects.of_move", _opened),
    "F06": ("after", "projects.lifecycle.open_attempt", _job),
    "F07": ("before", "integrations.doors.connections.dial", _sent),
    "F08": ("after", "integrations.doors.connections.dial", _sent),
    "F11": ("before", "projects.lifecycle.bind", _job_of_attempt),
    "F12": ("after", "projects.lifecycle.bind", _job_of_attempt),
    "F13": ("before", "projects.callbacks._store", lambda c, _: f"token:{c[0]}"),
    "F14": ("after", "projects.callbacks.ring", _rung),
    "F15": ("before", "projects.pipeline.questions.Questions._ask_for", lambda c, _: str(c[1].pk)),
    "F16": ("before", "projects.pipeline.poll.learn", _ended),
    "F17": ("after", "projects.lifecycle.found_result", _job),
    "F18": ("before", "integrations.doors.http._Hop._read", _fetched),
    "F19": ("after", "projects.pipeline.archive._read_back", lambda c, _: str(c[0].generation_id)),
    "F20": ("after", "projects.lifecycle.succeed", _job),
    "F21": ("before", "integrations.webhooks.deliveries.send", _delivered),
    "F22": ("before", "integrations.webhooks.deliveries.finish", _delivered),
    "F23": ("after", "projects.pipeline.due.move", _job),
    "F24": ("before", "projects.support._record", _job),
}
NAMES = sorted([*FAILPOINTS, "F09", "F10"])


def _wrap(name: str, moment: str, target: str, subject: Subject) -> None:
    def reach_it(call: Call, result: Any) -> None:
        if found := subject(call, result):
            reach(name, found)

    def wrapper(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def wrapped(*call: Any, **named: Any) -> Any:
            if moment == "before":
                reach_it(call, None)
            result = original(*call, **named)
            if moment == "after":
                reach_it(call, result)
            return result

        return wrapped

    _replace(target, wrapper)


def _remember(variable: ContextVar[str | None], target: str) -> None:
    """Which job a function works for, while it runs."""

    def wrapper(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def wrapped(job: Any, *call: Any, **named: Any) -> Any:
            before = variable.set(str(job.pk))
            try:
                return original(job, *call, **named)
            finally:
                variable.reset(before)

        return wrapped

    _replace(target, wrapper)


def _wrap_body() -> None:
    """Mid-body and after the last byte: http.client hands over the head first, then the body."""

    def wrapper(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def sendall(sock: Any, data: bytes, *flags: int) -> None:
            job = sending.get()
            if job and not bytes(data).startswith(b"POST "):
                half = len(data) // 2
                original(sock, data[:half], *flags)
                reach("F09", job)
                original(sock, data[half:], *flags)
                reach("F10", job)
            else:
                original(sock, data, *flags)

        return sendall

    _replace("integrations.doors.sockets.PlainSocket.sendall", wrapper)


def _replace(target: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    owner, name = _owner(target)
    setattr(owner, name, wrapper(getattr(owner, name)))


def _owner(target: str) -> tuple[Any, str]:
    """The module or class that has the function, and its name there."""
    path, name = target.rsplit(".", 1)
    try:
        return import_module(path), name
    except ModuleNotFoundError:
        module, owner = path.rsplit(".", 1)
        return getattr(import_module(module), owner), name
