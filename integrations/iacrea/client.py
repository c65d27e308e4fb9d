"""The four calls of iacrea's API, with typed requests and answers.

What an ending of a call means is decided here, once: see errors.py and docs/lifecycle.md.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

from integrations.doors import http
from integrations.doors.retry_after import seconds_to_wait
from integrations.iacrea import errors
from integrations.iacrea.evidence import redacted
from integrations.iacrea.services import CREATE_EXTERIOR, CREDIT_PATH, Service

SUBMIT_TIMEOUT = http.Timeout(connect=5, idle=60, total=120)
READ_TIMEOUT = http.Timeout(connect=5, idle=10, total=20)
MAX_ANSWER_BYTES = 1024 * 1024
MAX_ID_LENGTH = 200
ACCOUNT_FAULTS = frozenset({401, 402, 403})
REFUSALS = frozenset({400, 404, 413, 415, 422})
JsonObject = dict[str, Any]


@dataclass(frozen=True)
class GenerateRequest:
    """`width` and `height` are the photo's, in pixels."""

    image_url: str
    mask_url: str
    room_type: str
    width: int
    height: int
    webhook: str | None = None
    # The built-in emulator's own field: the ending that a test asks for.
    simulate: str | None = None


@dataclass(frozen=True)
class VariationRequest:
    """Without `mask_url` iacrea uses the previous generation's mask."""

    generation_id: str
    original_url: str
    room_type: str
    mask_url: str | None = None
    webhook: str | None = None
    simulate: str | None = None


@dataclass(frozen=True)
class Accepted:
    """`remaining_photos` is iacrea's own count, seen and never believed; a variation has none."""

    generation_id: str
    remaining_photos: int | None = None
    project_id: str | None = None


@dataclass(frozen=True)
class JobState:
    """`status` in lower case, also one that nobody documented, empty for none; `urls` only of a
    success."""

    status: str
    urls: tuple[str, ...] = ()
    variation_number: int | None = None


@dataclass(frozen=True)
class Credit:
    """Photos that the iacrea account has left."""

    total: int
    subscription: int
    extra: int


@dataclass(frozen=True)
class IacreaClient:
    """One iacrea account: `base_url` is an origin, `user_id` the one that the key belongs to."""

    base_url: str
    api_key: str
    user_id: str
    service: Service = CREATE_EXTERIOR

    def generate(self, request: GenerateRequest) -> Accepted:
        """Raises NotSent, RateLimited, AccountFault, Refused or Unclear."""
        return self._submit(self.service.generate_path, asdict(request))

    def generate_variation(self, request: VariationRequest) -> Accepted:
        """Raises as generate()."""
        return self._submit(self.service.variation_path, asdict(request))

    def get(self, generation_id: str) -> JobState:
        """Raises an IacreaError, which tells nothing of the job."""
        answer = self._post(self.service.get_path, {"generation_id": generation_id}, READ_TIMEOUT)
        body = self._json(answer)
        status, urls = body.get("status"), body.get("urls")
        return JobState(
            status=status.lower() if isinstance(status, str) else "",
            urls=tuple(u for u in urls if isinstance(u, str)) if isinstance(urls, list) else (),
            variation_number=_integer(body.get("variationNumber")),
        )

    def credit(self) -> Credit:
        """Raises an IacreaError."""
        answer = self._post(CREDIT_PATH, {}, READ_TIMEOUT)
        body = self._json(answer)
        numbers = [_integer(body.get(name)) for name in ("total", "subscription", "extra")]
        if None in numbers:
            raise errors.Unclear("no credit in the answer", self._evidence(answer))
        return Credit(*(number or 0 for number in numbers))

    def _submit(self, path: str, fields: JsonObject) -> Accepted:
        sent = {name: value for name, value in fields.items() if value is not None}
        answer = self._post(path, sent, SUBMIT_TIMEOUT)
        body = self._json(answer)
        generation_id = body.get("generation_id")
        if not isinstance(generation_id, str) or not _is_usable(generation_id):
            raise errors.Unclear("no usable id in the answer", self._evidence(answer))
        project_id = body.get("project_id")
        return Accepted(
            generation_id=generation_id,
            remaining_photos=_integer(body.get("remaining_photos")),
            project_id=project_id if isinstance(project_id, str) else None,
        )

    def _post(self, path: str, fields: JsonObject, timeout: http.Timeout) -> http.Answer:
        """The answer if it is 2xx; any other ending is one of errors.py."""
        try:
            answer = http.request(
                "POST",
                self.base_url + path,
                policy=http.operator_policy(self.base_url),
                timeout=timeout,
                max_bytes=MAX_ANSWER_BYTES,
                headers={"x-api-key": self.api_key, "content-type": "application/json"},
                data=json.dumps({"user_id": self.user_id, **fields}).encode(),
            )
        except http.DoorError as error:
            kind = errors.Unclear if error.sent else errors.NotSent
            raise kind(error.code, {"code": error.code}) from None
        if not 200 <= answer.status < 300:
            self._raise_for(answer)
        return answer

    def _raise_for(self, answer: http.Answer) -> NoReturn:
        message, evidence = f"status {answer.status}", self._evidence(answer)
        if answer.status == 429:
            wait = seconds_to_wait(answer.headers.get("retry-after", ""))
            raise errors.RateLimited(message, evidence, wait)
        if answer.status in ACCOUNT_FAULTS:
            raise errors.AccountFault(message, evidence)
        if answer.status in REFUSALS:
            raise errors.Refused(message, evidence)
        raise errors.Unclear(message, evidence)

    def _json(self, answer: http.Answer) -> JsonObject:
        try:
            body = json.loads(answer.body.decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise errors.Unclear("the answer is no JSON", self._evidence(answer)) from None
        if not isinstance(body, dict):
            raise errors.Unclear("the answer is no JSON object", self._evidence(answer))
        return body

    def _evidence(self, answer: http.Answer) -> JsonObject:
        return {"status": answer.status, "body": redacted(answer.body, self.api_key)}


def _is_usable(upstream_id: str) -> bool:
    """Not empty, and such that every database can keep it: no NUL, no half character."""
    return 0 < len(upstream_id) <= MAX_ID_LENGTH and upstream_id.isprintable()


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
