"""How drf-spectacular reads our views: what they do from calls/, what they need from themselves."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework.views import APIView

from accounts.api.base import KeyedView
from integrations.doors.problems import CONTENT_TYPE
from projects.reference import errors
from projects.reference.calls import OPERATIONS
from projects.reference.fields import description, shape
from projects.reference.operation import Answer, Operation
from projects.reference.outputs import ProblemOutput

JsonObject = dict[str, Any]
EVERY = ("X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


class Generator(SchemaGenerator):
    """Sets the schema on the view that is read, and on no view that answers."""

    def create_view(self, callback: Any, method: str, request: Any = None) -> APIView:
        view: APIView = super().create_view(callback, method, request)
        self._set_schema_to_view(view, CallSchema())
        return view


class CallSchema(AutoSchema):
    @property
    def said(self) -> Operation:
        return OPERATIONS[f"{self.method} {self.path}"]

    @property
    def keyed(self) -> KeyedView:
        assert isinstance(self.view, KeyedView), "every call of the API has a key"
        return self.view

    @property
    def is_create(self) -> bool:
        return self.keyed.is_create(self.keyed.request)

    def get_operation_id(self) -> str:
        return self.said.name

    def get_summary(self) -> str:
        return str(self.said.summary)

    def get_description(self) -> str:  # type: ignore[override]
        return str(self.said.description)

    def get_tags(self) -> list[str]:
        return [self.said.topic]

    def get_auth(self) -> list[JsonObject]:
        """Either header. The scope stands as a role, which OpenAPI 3.1 has for any scheme."""
        needed = [str(self.keyed.needed_scope())]
        return [{"bearer": needed}, {"apiKey": needed}]

    def get_request_serializer(self) -> Any:
        return self.said.body

    def get_override_parameters(self) -> list[Any]:
        return [self.said.query] if self.said.query else []

    def _get_parameters(self) -> list[JsonObject]:
        """`cursor` and `limit` are the page's, whatever form lets them pass."""
        component = getattr(self.said.query, "__name__", "")
        own = [row for row in super()._get_parameters() if row["name"] not in ("cursor", "limit")]
        for row in own:
            is_id = row["in"] == "path"
            row["description"] = str(description(component, "id" if is_id else row["name"]))
        shared = ["cursor", "limit"] if self.said.is_list else []
        shared += ["Idempotency-Key"] if self.is_create else []
        return own + [_ref("parameters", name) for name in shared]

    def _get_request_body(self, direction: Any = "request") -> JsonObject | None:
        body: JsonObject | None = super()._get_request_body(direction)
        for content in (body or {}).get("content", {}).values():
            content["example"] = self.said.example
        return body

    def _get_response_bodies(self, direction: Any = "response") -> JsonObject:
        successes = {str(code): self._success(it) for code, it in self.said.answers.items()}
        return successes | {str(code): self._refused(it) for code, it in self._refusals().items()}

    def _success(self, answer: Answer) -> JsonObject:
        headers = [*EVERY, *(["Idempotency-Replayed"] if self.is_create else [])]
        told: JsonObject = {"description": str(answer.said), "headers": _headers(headers)}
        if answer.body:
            schema = self.resolve_serializer(answer.body, "response").ref
            told["content"] = {"application/json": {"schema": schema, "example": answer.example}}
        if self.said.as_csv:
            told["content"]["text/csv"] = {"schema": {"type": "string"}}
        return told

    def _refusals(self) -> dict[int, list[str]]:
        """The codes of each status, in the order of the catalogue."""
        found: dict[int, list[str]] = {}
        codes = set(self._codes())
        for code, refusal in errors.ERRORS.items():
            if code in codes:
                found.setdefault(refusal.status, []).append(code)
        return found

    def _refused(self, codes: list[str]) -> JsonObject:
        told = [(code, errors.ERRORS[code]) for code in codes]
        lines = [f"`{code}`: {refusal.cause} {refusal.cure}" for code, refusal in told]
        problem = self.resolve_serializer(ProblemOutput, "response").ref
        own = {"type": "object", "properties": {"code": {"enum": codes}}}
        content = {
            "schema": {"allOf": [problem, own]},
            "examples": {code: _ref("examples", code) for code in codes},
        }
        return {
            "description": "\n\n".join(lines),
            "headers": _headers(_refusal_headers(codes)),
            "content": {CONTENT_TYPE: content},
        }

    def _codes(self) -> Iterable[str]:
        yield from (*errors.ALWAYS, *self.said.refusals)
        if self.said.body:
            yield from errors.OF_A_BODY
        if self.said.is_list:
            yield "invalid_input"
        if self.is_create:
            yield from errors.OF_A_CREATE
        if "{" in self.path:
            yield "not_found"

    def _get_callbacks(self) -> JsonObject:
        return {"ended": _told()} if self.said.calls_back else {}

    def get_extensions(self) -> JsonObject:
        example = self.said.query_example
        return {"x-query-example": example} if example else {}

    def _is_list_view(self, serializer: Any = None) -> bool:
        """It would look for a queryset; our pages say what they are."""
        return False

    def _get_serializer_name(
        self, serializer: Any, direction: Any, bypass_extensions: bool = False
    ) -> str:
        """Without what tells our classes apart; iacrea's own have names like ours."""
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        name = name.removesuffix("Request").removesuffix("Output")
        return f"Iacrea{name}" if "dropin" in type(serializer).__module__ else name

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> JsonObject:
        schema: JsonObject = super()._map_basic_serializer(serializer, direction)
        component = self._get_serializer_name(serializer, direction)
        fields: JsonObject = schema.get("properties", {})
        for name, field in fields.items():
            fields[name] = _told_field(field, component, name)
        if direction == "response":
            sometimes = getattr(serializer, "sometimes", ())
            schema["properties"] = {name: _answered(field) for name, field in fields.items()}
            schema["required"] = [name for name in fields if name not in sometimes]
        return schema


def _told_field(field: JsonObject, component: str, name: str) -> JsonObject:
    kept = {key: it for key, it in field.items() if key not in ("title", "readOnly")}
    told = {**kept, **shape(component, name)}
    return {**told, "description": str(description(component, name))}


def _answered(field: JsonObject) -> JsonObject:
    """Without what the database of the moment could hold at most."""
    bounds = ("maximum", "minimum", "maxLength") + (("format",) * ("maximum" in field))
    return {key: it for key, it in field.items() if key not in bounds}


def _refusal_headers(codes: list[str]) -> Iterable[str]:
    """A key that is not known is not counted."""
    if "unauthenticated" in codes:
        return ("X-Request-Id", "WWW-Authenticate")
    return (*EVERY, "Retry-After") if errors.WITH_RETRY_AFTER & set(codes) else EVERY


def _told() -> JsonObject:
    """What is posted to the job's own `webhook`."""
    return {"{$request.body#/webhook}": _ref("pathItems", "jobEnded")}


def _headers(names: Iterable[str]) -> JsonObject:
    return {name: _ref("headers", name) for name in names}


def _ref(kind: str, name: str) -> JsonObject:
    return {"$ref": f"#/components/{kind}/{name}"}
