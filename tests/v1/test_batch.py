"""Up to a hundred jobs at once, all or nothing."""

from typing import Any

import pytest

from projects.models import Generation
from tests.conftest import Cast
from tests.projects.jobs import balances
from tests.v1.api import TRIANGLE, live

pytestmark = pytest.mark.django_db


def wishes(photo: str, count: int) -> list[dict[str, Any]]:
    return [{"room_type": "POOL", "image": photo, "polygon": TRIANGLE} for _ in range(count)]


def test_all_of_them(alice: Cast) -> None:
    api = live(alice)
    status, answer = api.post("generations/batch", {"generations": wishes(api.photo(), 10)})
    assert (status, len(answer["data"])) == (202, 10) and balances(alice) == (0, 10, 0)


def test_one_photo_too_few_and_none_is_made(alice: Cast) -> None:
    api = live(alice)
    status, answer = api.post("generations/batch", {"generations": wishes(api.photo(), 11)})
    assert (status, answer["code"]) == (402, "no_photos_left")
    assert balances(alice) == (10, 0, 0) and not Generation.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"room_type": "GARAGE"}, "generations.2.room_type", "invalid_input"),
        ({"image": "5b0e4a53-3b3c-4d57-8a5e-6ad6f0c7f0aa"}, "generations.2.image", "not_found"),
        ({"polygon": [[1, 1]]}, "generations.2.polygon", "invalid_input"),
    ],
)
def test_one_that_is_wrong_and_none_is_made(
    alice: Cast, change: dict[str, Any], field: str, code: str
) -> None:
    api = live(alice)
    jobs = wishes(api.photo(), 4)
    jobs[2] |= change
    status, answer = api.post("generations/batch", {"generations": jobs})
    assert (answer["code"], answer["field"]) == (code, field) and status in (400, 404)
    assert balances(alice) == (10, 0, 0) and not Generation.objects.exists()


@pytest.mark.parametrize("jobs", [[], [{}] * 101, "all", None, [1]])
def test_what_is_no_batch(alice: Cast, jobs: Any) -> None:
    status, answer = live(alice).post("generations/batch", {"generations": jobs})
    assert status == 400 and answer["field"].startswith("generations")
