"""`/api/v1/openapi.json`: valid OpenAPI 3.1, and nothing of the API is missing in it."""

import re
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import validate

from accounts.choices import Scope
from deploy.tree import ROOT
from integrations.doors.images import ImageProblem
from integrations.doors.problems import CODES
from integrations.webhooks.choices import EventType
from projects.exceptions import NotAccepted
from projects.reference.document import PATH, document
from projects.reference.errors import ERRORS
from tests.conftest import Cast
from tests.reference.checked import faults
from tests.test_isolation import routes
from tests.test_layout import product_files

SAID_ELSEWHERE = {"error"}  # what DRF raises and nobody named


def operations() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document("en")["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_valid_openapi_3_1() -> None:
    for language in ("en", "fr"):
        assert document(language)["openapi"].startswith("3.1.")
        validate(document(language))


def test_each_route_of_the_api_is_in_it_with_each_method() -> None:
    told = {name for name, _operation in operations()}
    found = set()
    for name, pattern in routes():
        view = getattr(pattern.callback, "cls", None)
        if view and not name.startswith("admin:"):
            path = "/api/" + ("" if name.startswith("dropin:") else "v1/")
            path += str(pattern.pattern).replace("<uuid:", "{").replace(">", "}")
            verbs = [verb for verb in view.http_method_names if hasattr(view, verb)]
            found |= {f"{verb.upper()} {path}" for verb in verbs if verb != "options"}
    assert found | {f"GET {PATH}"} == told


@pytest.mark.django_db
def test_it_is_open_to_everybody_and_can_be_cached(client: Client) -> None:
    answer = client.get(PATH, headers={"accept-language": "fr"})
    assert answer.status_code == 200 and answer["Content-Type"] == "application/json"
    assert "public" in answer["Cache-Control"]
    assert answer.json() == document("en")
    again = client.get(PATH, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304 and not again.content


def test_each_call_says_its_scope_and_how_it_may_be_refused() -> None:
    for name, operation in operations():
        if name != f"GET {PATH}":
            needed = operation["security"][0]["bearer"]
            assert needed == operation["security"][1]["apiKey"] and Scope(needed[0])
            assert {"401", "403", "429", "500", "503"} <= set(operation["responses"]), name
            assert operation["summary"] and operation["description"]


def test_each_field_and_parameter_is_described() -> None:
    schemas = document("en")["components"]["schemas"]
    for name, schema in schemas.items():
        for field, told in schema["properties"].items():
            assert told["description"], f"{name}.{field}: describe it in reference/fields.py"
    for name, operation in operations():
        for told in operation.get("parameters", []):
            assert "$ref" in told or told["description"], (name, told["name"])


def test_each_example_is_one() -> None:
    for name, operation in operations():
        told = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (kind for part in told for kind in part.get("content", {}).values()):
            if "example" in content:
                assert faults(content["schema"], content["example"]) == [], name
    for code, example in document("en")["components"]["examples"].items():
        problem = {"$ref": "#/components/schemas/Problem"}
        assert faults(problem, example["value"]) == [], code


def test_each_event_is_there_as_it_is_sent() -> None:
    told = document("en")["webhooks"]
    assert set(told) == set(EventType.values)
    for name, item in told.items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        assert faults(content["schema"], content["example"]) == [], name


def kinds_of(error: type[NotAccepted]) -> set[type[NotAccepted]]:
    """Those that are raised: a class that others share says nothing itself."""
    below = error.__subclasses__()
    return {leaf for each in below for leaf in kinds_of(each)} if below else {error}


def test_each_code_that_is_raised_has_its_cause_and_cure() -> None:
    raised = set(ImageProblem.MESSAGES) | {code for code, _title in CODES.values()}
    raised |= {each.code for each in kinds_of(NotAccepted)}
    for path in product_files():
        raised |= set(re.findall(r'Problem\(\s*code="(\w+)"', path.read_text()))
    assert raised - set(ERRORS) - {"method_not_allowed"} - SAID_ELSEWHERE == set()


def test_the_examples_of_errors_are_what_is_answered(alice: Cast, client: Client) -> None:
    answer = client.get("/api/v1/quota").json()
    assert set(answer) == set(document("en")["components"]["examples"]["unauthenticated"]["value"])


def test_docs_api_has_the_same_errors() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", (ROOT / "docs/api.md").read_text(), re.MULTILINE)
    assert [(code, int(status)) for status, code in rows] == [
        (code, refusal.status) for code, refusal in ERRORS.items()
    ]
