"""The document as its pages show it: nothing is said here that is not in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.utils.safestring import SafeString

from projects.choices import FailureCode
from projects.photo_problems import TEXTS
from projects.reference.errors import ERRORS
from projects.reference.examples import PATH
from projects.reference.marks import kind_of, marked, name_of, pretty, resolved
from projects.reference.samples import SAMPLES, Wish

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Field:
    name: str
    kind: SafeString
    is_required: bool
    said: SafeString


@dataclass(frozen=True)
class Refusal:
    status: int
    code: str
    cause: SafeString
    cure: SafeString


@dataclass(frozen=True)
class Reason:
    """A value of `failure_code` or `failure_detail`."""

    code: str
    said: str


@dataclass(frozen=True)
class Answer:
    status: str
    said: SafeString
    example: str


@dataclass(frozen=True)
class Call:
    """One operation. `scope` is what the key needs."""

    name: str
    method: str
    path: str
    summary: SafeString
    said: SafeString
    scope: str
    parameters: list[Field]
    body: list[Field]
    body_name: str
    answers: list[Answer]
    refusals: list[Refusal]
    samples: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """What we send, with an example of its body."""

    name: str
    said: SafeString
    example: str


@dataclass(frozen=True)
class Thing:
    """An object that calls answer with."""

    name: str
    fields: list[Field]


def calls_of(document: JsonObject, topic: str) -> list[Call]:
    return [
        _call(document, path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if topic in operation["tags"]
    ]


def things_of(document: JsonObject, topic: str) -> list[Thing]:
    """What the calls of a topic answer with, without the pages around it."""
    names: dict[str, None] = {}
    for methods in document["paths"].values():
        for operation in methods.values():
            if topic in operation["tags"]:
                names |= dict.fromkeys(_answered(document, operation))
    return [Thing(name, _fields(document["components"]["schemas"][name])) for name in names]


def messages(document: JsonObject) -> list[Message]:
    sent = {name: item["post"] for name, item in document["webhooks"].items()}
    sent["webhook"] = document["components"]["pathItems"]["jobEnded"]["post"]
    return [_message(name, operation) for name, operation in sent.items()]


def failures() -> list[Reason]:
    return [Reason(code.value, str(code.label)) for code in FailureCode]


def failure_details() -> list[Reason]:
    return [Reason(code, str(text)) for code, text in TEXTS.items()]


def refusals() -> list[Refusal]:
    return [_refusal(code) for code in ERRORS]


def _call(document: JsonObject, path: str, method: str, operation: JsonObject) -> Call:
    asked = [resolved(document, row) for row in operation.get("parameters", [])]
    _kind_of_body, content = _sent(operation)
    return Call(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=marked(operation["summary"]),
        said=marked(operation["description"]),
        scope=operation["security"][0]["bearer"][0],
        parameters=[_field(r["name"], r["schema"], r.get("required"), r) for r in asked],
        body=_fields(resolved(document, content.get("schema", {}))),
        body_name=name_of(content.get("schema", {})),
        answers=list(_answers(operation)),
        refusals=[_refusal(code, int(status)) for status, code in _codes(operation)],
        samples=_samples(document, path, method, operation),
    )


def _message(name: str, operation: JsonObject) -> Message:
    example = operation["requestBody"]["content"]["application/json"]["example"]
    return Message(name, marked(operation["summary"]), pretty(example))


def _samples(document: JsonObject, path: str, method: str, operation: JsonObject) -> dict[str, str]:
    kind, content = _sent(operation)
    takes_key = any("Idempotency-Key" in str(row) for row in operation.get("parameters", []))
    wish = Wish(
        method.upper(),
        document["servers"][0]["url"] + path.format(**PATH),
        content.get("example"),
        operation.get("x-query-example", {}),
        is_form=kind == "multipart/form-data",
        is_wire="iacrea" in operation["tags"],
        # Of its own, as a program has it: the same one pasted twice with another body is refused.
        idempotency_key=str(uuid4()) if takes_key else "",
    )
    return {language: show(wish) for language, show in SAMPLES.items()}


def _answers(operation: JsonObject) -> Iterator[Answer]:
    for status, told in operation["responses"].items():
        if status.startswith("2"):
            content = told.get("content", {}).get("application/json", {})
            yield Answer(status, marked(told["description"]), pretty(content.get("example")))


def _codes(operation: JsonObject) -> Iterator[tuple[str, str]]:
    for status, told in operation["responses"].items():
        content = told.get("content", {}).get("application/problem+json", {})
        yield from ((status, code) for code in content.get("examples", {}))


def _refusal(code: str, status: int = 0) -> Refusal:
    known = ERRORS[code]
    return Refusal(status or known.status, code, marked(known.cause), marked(known.cure))


def _answered(document: JsonObject, operation: JsonObject) -> Iterator[str]:
    for status, told in operation["responses"].items():
        content = told.get("content", {}).get("application/json")
        if content and status.startswith("2"):
            yield from _named(document, content["schema"])


def _named(document: JsonObject, schema: JsonObject) -> Iterator[str]:
    """Of a page what is on it, and what an object holds after it."""
    name = name_of(schema)
    if not name:
        return
    inner = document["components"]["schemas"][name]["properties"]
    held = [name_of(each.get("items", {})) for each in inner.values()]
    if "data" not in inner or not any(held):
        yield name
    for each in filter(None, held):
        yield from _named(document, {"$ref": f"#/components/schemas/{each}"})


def _sent(operation: JsonObject) -> tuple[str, JsonObject]:
    """The one type of body that a call takes."""
    content: JsonObject = operation.get("requestBody", {}).get("content", {})
    return next(iter(content.items()), ("", {}))


def _fields(schema: JsonObject) -> list[Field]:
    needed = schema.get("required", [])
    rows = schema.get("properties", {})
    return [_field(name, it, name in needed, it) for name, it in rows.items()]


def _field(name: str, schema: JsonObject, needed: Any, told: JsonObject) -> Field:
    return Field(name, kind_of(schema), bool(needed), marked(told.get("description", "")))
