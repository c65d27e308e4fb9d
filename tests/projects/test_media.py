"""Files through our own views: what iacrea fetches, result links, the pages' pictures."""

import io
import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from projects import links
from projects.models import Generation, Picture, Upload
from tests.conftest import Cast, photo_bytes
from tests.garden import project_with_photo, queued_generation, succeeded_generation

pytestmark = pytest.mark.django_db
PNG = photo_bytes(kind="PNG")
PRIVATE = "private, max-age=31536000, immutable"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def same_pixels(one: bytes, other: bytes) -> bool:
    """Whatever else the files say."""
    first, second = (Image.open(io.BytesIO(data)) for data in (one, other))
    return first.format == second.format and first.tobytes() == second.tobytes()


@pytest.fixture
def photo(alice: Cast) -> Upload:
    upload = project_with_photo(alice).photo
    assert upload is not None
    return upload


@pytest.fixture
def picture(alice: Cast) -> Picture:
    return succeeded_generation(alice).pictures.get()


# --- what iacrea fetches


def test_a_photo_and_its_mask_are_fetched(alice: Cast, client: Client) -> None:
    job = queued_generation(alice)
    for upload, name, kind in ((job.photo, "photo.jpg", "jpeg"), (job.mask, "mask.png", "png")):
        url = links.input_url(upload)
        assert url == f"http://testserver/m/{upload.token}/{name}" and len(upload.token) == 43
        answer = client.get(url)
        data = upload.file.read()
        assert answer.status_code == 200 and body(answer) == data
        assert answer["Content-Type"] == f"image/{kind}"
        assert answer["Content-Length"] == str(len(data))
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "private" in answer["Cache-Control"]


def test_head_tells_the_same_without_the_body(photo: Upload, client: Client) -> None:
    answer = client.head(links.input_url(photo))
    assert answer.status_code == 200 and body(answer) == b""
    assert answer["Content-Length"] == str(photo.size)
    assert answer["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete", "options"])
def test_no_other_verb(verb: str, photo: Upload, client: Client) -> None:
    answer = getattr(client, verb)(links.input_url(photo))
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/m/{token}/mask.png",
        "/m/{token}/photo.png",
        "/m/{token}/photo.jpg/",
        "/m/{token}/",
        "/m/{token}",
        "/m/{start}/photo.jpg",
        "/m/{other}/photo.jpg",
        "/m/x/photo.jpg",
        "/m/%00/photo.jpg",
        "/m/{token}%00/photo.jpg",
        "/m/%C3%A9/photo.jpg",
        "/m/" + "x" * 5000 + "/photo.jpg",
        "/m/..%2F..%2Fetc/passwd",
    ],
)
def test_nothing_else_is_found(path: str, photo: Upload, client: Client) -> None:
    token = photo.token
    other = token.swapcase()
    answer = client.get(path.format(token=token, start=token[:-1], other=other))
    assert answer.status_code == 404


def test_a_link_dies_after_its_time(photo: Upload, client: Client, settings: Any) -> None:
    life = timedelta(seconds=settings.INPUT_LINK_S)
    for age, status in ((life - timedelta(minutes=1), 200), (life + timedelta(minutes=1), 404)):
        Upload.objects.update(created_at=timezone.now() - age)
        assert client.get(links.input_url(photo)).status_code == status


def test_a_job_gives_the_link_new_life(photo: Upload, client: Client, settings: Any) -> None:
    long_ago = timezone.now() - 2 * timedelta(seconds=settings.INPUT_LINK_S)
    Upload.objects.update(created_at=long_ago, last_used_at=timezone.now())
    assert client.get(links.input_url(photo)).status_code == 200
    Upload.objects.update(created_at=long_ago, last_used_at=long_ago)
    assert client.get(links.input_url(photo)).status_code == 404


# --- result links


def test_a_result_link_opens_without_signing_in(picture: Picture, client: Client) -> None:
    answer = client.get(links.result_url(picture))
    assert answer.status_code == 200 and body(answer) == PNG
    assert answer["Content-Type"] == "image/png" and answer["Content-Length"] == str(len(PNG))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.post(links.result_url(picture)).status_code == 405


def result(client: Client, token: str) -> int:
    return client.get(reverse("media:result", args=[token, "1.png"])).status_code


def test_a_forged_link_opens_nothing(picture: Picture, photo: Upload, client: Client) -> None:
    token = urlsplit(links.result_url(picture)).path.split("/")[2]
    payload, moment, signature = token.split(":")
    assert result(client, token) == 200
    foreign = signing.dumps(str(photo.pk), salt=links.SALT).split(":")
    for forged in (
        f"{payload}:{moment}:{signature[:-2]}",
        f"{payload}:{moment}:{foreign[2]}",
        f"{foreign[0]}:{moment}:{signature}",
        f"{payload}:zzzzzz:{signature}",
        signing.dumps(str(picture.pk)),  # signed by us, for another purpose
        signing.dumps(str(photo.pk), salt=links.SALT),  # signed, and no picture
        str(picture.pk),
        "é:é:é",
        ":",
    ):
        assert result(client, forged) == 404, forged


def test_a_result_link_expires(picture: Picture, client: Client, settings: Any) -> None:
    url = links.result_url(picture)
    settings.RESULT_LINK_S = -1
    assert client.get(url).status_code == 404


def test_an_erased_picture_is_gone_at_once(picture: Picture, client: Client) -> None:
    url = links.result_url(picture)
    Generation.objects.update(erased_at=timezone.now())
    assert client.get(url).status_code == 404


# --- the pages' pictures


def test_the_pages_pictures_stay_in_the_browser(picture: Picture, alice_client: Client) -> None:
    upload = picture.generation.photo
    for url, kind, stored in (
        (reverse("media:picture", args=[picture.pk]), "image/png", picture.file),
        (reverse("media:thumbnail", args=[picture.pk]), "image/jpeg", picture.thumbnail),
        (reverse("media:upload", args=[upload.pk]), "image/jpeg", upload.file),
    ):
        answer = alice_client.get(url)
        data = body(answer)
        assert same_pixels(data, stored.read()) and answer["Content-Type"] == kind
        assert answer["Content-Length"] == str(len(data))
        assert answer["Cache-Control"] == PRIVATE
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_gone_is_a_404(picture: Picture, alice_client: Client) -> None:
    name = picture.file.name
    picture.file.storage.delete(name)
    assert alice_client.get(reverse("media:picture", args=[picture.pk])).status_code == 404
    assert alice_client.get(links.result_url(picture)).status_code == 404


def test_a_disk_that_fails_is_told_without_details(
    picture: Picture, alice_client: Client, media: Any
) -> None:
    path = media / picture.file.name
    path.unlink()
    path.mkdir()
    answer = alice_client.get(reverse("media:picture", args=[picture.pk]))
    assert answer.status_code == 503 and answer["Cache-Control"] == "no-store"
    assert str(media) not in answer.content.decode()


def test_files_are_closed(picture: Picture, alice_client: Client) -> None:
    urls = [reverse("media:picture", args=[picture.pk]), links.result_url(picture)]
    for url in urls:
        body(alice_client.get(url))
    before = len(os.listdir("/proc/self/fd"))
    for url in urls * 10:
        assert same_pixels(body(alice_client.get(url)), PNG)
        assert body(alice_client.head(url)) == b""
    assert len(os.listdir("/proc/self/fd")) <= before
