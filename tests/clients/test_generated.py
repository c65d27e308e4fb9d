"""A client that a generator makes of our OpenAPI document works as it comes, with types."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
import requests
from PIL import Image

from tests.conftest import SIZE, photo_bytes
from tests.stack import JOB_S, Stack, wait_until
from tests.v1.api import TRIANGLE

pytestmark = pytest.mark.processes
NAME = "generated_parterre"
CALLS = {
    "uploads": ["create_upload"],
    "generations": ["create_generation", "get_generation", "list_generations"],
    "quota": ["get_quota"],
}


@pytest.fixture(scope="module")
def package(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Made from the document that is served; a warning of the generator's fails the test."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "config.yml").write_text("post_hooks: []\n")  # else it formats what it made
    argv = [
        sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning",
        "--url", f"{stack.url}/api/v1/openapi.json", "--meta", "none",
        "--output-path", str(folder / NAME), "--config", str(folder / "config.yml"),
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield NAME


@pytest.fixture(scope="module")
def calls(package: str) -> SimpleNamespace:
    """The functions of the generated client, by the name of their operation."""
    return SimpleNamespace(
        **{
            name: import_module(f"{package}.api.{topic}.{name}")
            for topic, names in CALLS.items()
            for name in names
        }
    )


@pytest.fixture(scope="module")
def models(package: str) -> Any:
    return import_module(f"{package}.models")


@pytest.fixture(scope="module")
def client(package: str, stack: Stack) -> Any:
    key = stack.agency["test_api_key"]
    return import_module(package).AuthenticatedClient(base_url=stack.url, token=key, timeout=30)


@pytest.fixture
def wish(calls: Any, models: Any, client: Any, package: str) -> Any:
    """A job of a photo that was uploaded."""
    file = import_module(f"{package}.types").File(BytesIO(photo_bytes()), "garden.jpg")
    photo = calls.create_upload.sync(client=client, body=models.UploadInput(file=file))
    assert isinstance(photo, models.Upload) and (photo.width, photo.height) == SIZE
    pool = models.GenerationInputRoomType.POOL
    return models.GenerationInput(room_type=pool, image=photo.id, polygon=TRIANGLE)


def test_a_picture(stack: Stack, calls: Any, models: Any, client: Any, wish: Any) -> None:
    made = calls.create_generation.sync(client=client, body=wish, idempotency_key=str(uuid4()))
    assert isinstance(made, models.Generation) and isinstance(made.id, UUID)

    def now() -> Any:
        return calls.get_generation.sync(made.id, client=client)

    succeeded = models.GenerationStatus.SUCCEEDED
    wait_until(lambda: now().status == succeeded, JOB_S, stack.logs)
    picture = requests.get(now().urls[0], timeout=30).content
    assert Image.open(BytesIO(picture)).size == SIZE
    assert calls.get_quota.sync(client=client).consumed >= 1


def test_pages(calls: Any, models: Any, client: Any, wish: Any) -> None:
    older, newer = (calls.create_generation.sync(client=client, body=wish).id for _ in range(2))
    first = calls.list_generations.sync(client=client, limit=1)
    assert isinstance(first, models.GenerationPage)
    (cursor,) = parse_qs(urlsplit(first.next_).query)["cursor"]
    second = calls.list_generations.sync(client=client, limit=1, cursor=cursor)
    assert [row.id for row in first.data + second.data] == [newer, older]


def test_a_problem_has_a_type(calls: Any, models: Any, client: Any, wish: Any) -> None:
    wish.image = uuid4()
    problem = calls.create_generation.sync(client=client, body=wish)
    assert isinstance(problem, models.CreateGenerationResponse404)
    assert problem.code == models.CreateGenerationResponse404Code.NOT_FOUND
    assert (problem.status, problem.field) == (404, "image") and problem.detail


def test_a_key_that_is_none(stack: Stack, package: str, calls: Any, models: Any) -> None:
    stranger = import_module(package).AuthenticatedClient(base_url=stack.url, token="prt_test_none")
    problem = calls.get_quota.sync(client=stranger)
    assert isinstance(problem, models.GetQuotaResponse401)
    assert problem.code == models.GetQuotaResponse401Code.UNAUTHENTICATED
