"""A client that holds each answer against the OpenAPI document."""

import copy
import json
from typing import Any

from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

from projects.reference.document import document

# Where they are there at all, they are said; but not each answer has them.
NOW_AND_THEN = {"Idempotency-Replayed", "Retry-After"}


def closed(whole: dict[str, Any]) -> dict[str, Any]:
    """With objects that have no field beyond those that are told."""
    components = copy.deepcopy(whole["components"])
    for schema in components["schemas"].values():
        schema.setdefault("additionalProperties", False)
    return components


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**schema, "components": closed(document("en"))}
    validator = Draft202012Validator(whole, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


class Checked(Client):
    """`seen` are the operations with their statuses, `codes` the refusals that were met."""

    seen: set[tuple[str, str]] = set()
    codes: set[tuple[str, str]] = set()

    def request(self, **sent: Any) -> Any:
        answer = super().request(**sent)
        name = _route(answer.resolver_match.route)
        operation = document("en")["paths"][name][sent["REQUEST_METHOD"].lower()]
        self.seen.add((operation["operationId"], str(answer.status_code)))
        told = operation["responses"].get(str(answer.status_code))
        assert told, (name, answer.status_code, answer.content)
        self._judge(operation["operationId"], told, answer)
        return answer

    def _judge(self, name: str, told: dict[str, Any], answer: Any) -> None:
        self._judge_headers(name, told, answer)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        assert (kind in told["content"]) if "content" in told else not answer.content, (name, kind)
        if kind.endswith("json"):
            body = json.loads(answer.content)
            assert faults(told["content"][kind]["schema"], body) == [], (name, body)
        if kind == "application/problem+json":
            self.codes.add((name, body["code"]))

    def _judge_headers(self, name: str, told: dict[str, Any], answer: Any) -> None:
        known = set(document("en")["components"]["headers"])
        found = {header for header in known if header in answer.headers}
        assert found - NOW_AND_THEN == set(told["headers"]) - NOW_AND_THEN, name
        assert found <= set(told["headers"]), name


def _route(route: str) -> str:
    return "/" + route.replace("<uuid:", "{").replace(">", "}")
