"""A POST that creates, which a caller may repeat when it got no answer."""

import hashlib
import json
import re
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import KeyedView
from accounts.exceptions import KeyInProgress, KeyReused
from accounts.idempotency import Answer, Key, answer_once
from accounts.models.idempotency import MAX_KEY_LENGTH
from integrations.doors.problems import Problem

# Others are no text in a header: what they are depends on who reads it.
VISIBLE_ASCII = re.compile(rf"[\x20-\x7e]{{1,{MAX_KEY_LENGTH}}}")


class CreateView(KeyedView):
    """`create` answers the POST, in one transaction with the row of its Idempotency-Key. A refusal
    is raised, never returned. Of an answer the status and the body are kept, no headers."""

    def create(self, request: Request, **path: Any) -> Response:
        raise NotImplementedError

    def post(self, request: Request, **path: Any) -> Response:
        text = request.headers.get("Idempotency-Key")
        if text is None:
            return self.create(request, **path)
        key = Key(self.agency.pk, self.mode, request.path, _judged(text))
        create = partial(self._rendered, request, **path)
        try:
            return _response(answer_once(key, body_sha256(request.data), create))
        except KeyReused:
            raise _reused() from None
        except KeyInProgress:
            raise _in_progress() from None

    def is_create(self, request: Request) -> bool:
        return request.method == "POST"

    def _rendered(self, request: Request, **path: Any) -> Answer:
        response = self.create(request, **path)
        return Answer(response.status_code, JSONRenderer().render(response.data).decode())


def body_sha256(data: Any) -> str:
    """Of the fields in whatever order and spacing they came, since a caller that repeats a call may
    write it anew; of a file, its content."""
    text = json.dumps(data, sort_keys=True, default=_content)
    return hashlib.sha256(text.encode()).hexdigest()


def _content(file: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _judged(text: str) -> str:
    if not VISIBLE_ASCII.fullmatch(text):
        raise _malformed()
    return text


def _response(answer: Answer) -> Response:
    headers = {"Idempotency-Replayed": "true"} if answer.replayed else None
    return Response(json.loads(answer.text), answer.status, headers=headers)


def _malformed() -> Problem:
    detail = _(
        "An Idempotency-Key is 1 to %(most)s visible ASCII characters, such as a UUID. "
        "Nothing was created."
    ) % {"most": MAX_KEY_LENGTH}
    return Problem(
        code="invalid_idempotency_key",
        status=400,
        title=_("Invalid Idempotency-Key"),
        detail=detail,
    )


def _reused() -> Problem:
    detail = _(
        "This Idempotency-Key was used within the last 24 hours with another body. Nothing was "
        "created. Send the same body to get the first answer again, or another key."
    )
    return Problem(
        code="idempotency_key_reused",
        status=422,
        title=_("Idempotency-Key already used"),
        detail=detail,
    )


def _in_progress() -> Problem:
    detail = _(
        "The first call with this Idempotency-Key is still at work. Send the same call again in a "
        "second: it gets the first one's answer."
    )
    return Problem(
        code="idempotency_in_progress",
        status=409,
        title=_("Still at work"),
        detail=detail,
        headers={"Retry-After": "1"},
    )
