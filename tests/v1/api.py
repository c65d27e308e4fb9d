"""`/api/v1/` as an agency's software calls it."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import Cast, mask_bytes, photo_bytes

ROOT = "/api/v1"
TRIANGLE = [[20, 120], [300, 120], [160, 230]]


class Api:
    """One key. Each call returns the status and the JSON that came with it."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {key}"})

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return _read(self.client.get(f"{ROOT}/{path}", query))

    def send(self, verb: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        call, text = getattr(self.client, verb), json.dumps(body if body is not None else {})
        answer = call(f"{ROOT}/{path}", data=text, content_type="application/json", headers=headers)
        return _read(answer)

    def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        return self.send("post", path, body, **headers)

    def upload(self, data: bytes, **fields: str) -> tuple[int, Any]:
        file = SimpleUploadedFile("garden.jpg", data)
        return _read(self.client.post(f"{ROOT}/uploads", {"file": file, **fields}))

    def photo(self) -> str:
        return self._uploaded(photo_bytes())

    def mask(self) -> str:
        return self._uploaded(mask_bytes(), kind="mask")

    def job(self, **fields: Any) -> Any:
        """A new one, of an uploaded photo and a polygon unless told otherwise."""
        wish = {"room_type": "POOL", **fields}
        if not {"image", "image_url"} & set(wish):
            wish["image"] = self.photo()
        if not {"mask", "mask_url", "polygon"} & set(wish):
            wish["polygon"] = TRIANGLE
        status, answer = self.post("generations", wish)
        assert status == 202, answer
        return answer

    def _uploaded(self, data: bytes, **fields: str) -> str:
        status, answer = self.upload(data, **fields)
        assert status == 201, answer
        return str(answer["id"])


def live(cast: Cast) -> Api:
    return Api(cast.api_key)


def in_test_mode(cast: Cast) -> Api:
    return Api(cast.test_api_key)


def _read(response: Any) -> tuple[int, Any]:
    return response.status_code, response.json() if response.content else None
