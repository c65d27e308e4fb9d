"""The drop-in door in this process, as an agency's software calls it."""

import json
from typing import Any

from django.test import Client

from projects.models import Generation
from tests.conftest import Cast
from tests.projects.test_dropin_refusals import GENERATE, GET, VARIATION, body, variation

CREDIT = "/api/account/credit"


class Wire:
    """One key. Each call returns the status and the JSON that came with it."""

    def __init__(self, cast: Cast, key: str = "") -> None:
        self.cast = cast
        self.client = Client(headers={"x-api-key": key or cast.api_key})

    def call(self, path: str, **fields: Any) -> tuple[int, Any]:
        said = {"user_id": self.cast.user_id, **fields}
        answer = self.client.post(path, json.dumps(said), content_type="application/json")
        return answer.status_code, answer.json()

    def generate(self, **changes: Any) -> tuple[int, Any]:
        return self.call(GENERATE, **body(self.cast, **changes))

    def vary(self, parent: Generation, **changes: Any) -> tuple[int, Any]:
        return self.call(VARIATION, **variation(self.cast, parent, **changes))

    def get(self, job: Generation) -> Any:
        status, answer = self.call(GET, generation_id=str(job.pk))
        assert status == 200, answer
        return answer

    def new_job(self, **changes: Any) -> Generation:
        status, answer = self.generate(**changes)
        assert status == 200, answer
        return Generation.objects.get(pk=answer["generation_id"])
