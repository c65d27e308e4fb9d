"""Photos and pictures on S3: a real S3 over HTTP, reached from outside by our own views only."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer

from accounts.choices import Mode
from accounts.ledger_audit import differences
from accounts.selectors import quota_of
from config import storage
from projects import lifecycle, links, orphans, services
from projects.choices import Status
from projects.models import Generation, Picture, Project, Upload
from projects.pipeline.archive import archive
from tests.conftest import Cast, photo_bytes
from tests.garden import processing_generation, succeeded_generation
from tests.servers import Reply, Server, serving

pytestmark = pytest.mark.django_db
BUCKET = "parterre-photos"
PNG = photo_bytes(kind="PNG")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-id-from-the-environment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-from-the-environment")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def use(settings: Any, endpoint: str) -> None:
    url = f"s3://{BUCKET}?endpoint={endpoint}&region=eu-west-3"
    settings.STORAGES = storage.backends(url, Path("unused"))


@pytest.fixture
def bucket(endpoint: str, settings: Any, media: Path) -> Iterator[Any]:
    """The bucket as its owner sees it, empty."""
    s3 = boto3.resource("s3", endpoint_url=endpoint, region_name="eu-west-3")
    where = {"LocationConstraint": "eu-west-3"}
    bucket = s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
    use(settings, endpoint)
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def post_photo(client: Client) -> Any:
    photo = SimpleUploadedFile("jardin.jpg", photo_bytes(), content_type="image/jpeg")
    return client.post(reverse("projects:new"), {"title": "Jardin", "photo": photo})


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def keys(bucket: Any) -> list[str]:
    return sorted(row.key for row in bucket.objects.all())


def untouched(cast: Cast) -> bool:
    row = quota_of(cast.agency, Mode.LIVE)
    return (row.available, row.held, row.consumed) == (10, 0, 0) and list(differences()) == []


def test_a_photo_goes_to_the_bucket_and_comes_back(bucket: Any, alice_client: Client) -> None:
    assert post_photo(alice_client).status_code == 302
    upload = Upload.objects.get()
    assert keys(bucket) == [upload.file.name]
    stored = bucket.Object(upload.file.name)
    assert stored.content_type == "image/jpeg"
    page = alice_client.get(reverse("media:upload", args=[upload.pk]))
    fetched = Client().get(links.input_url(upload))
    for answer in (page, fetched):
        assert body(answer) == stored.get()["Body"].read()
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Length"] == str(upload.size)
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert page["Cache-Control"] == "private, max-age=31536000, immutable"


def test_a_picture_is_kept_and_shown(bucket: Any, alice: Cast, alice_client: Client) -> None:
    picture = succeeded_generation(alice).pictures.get()
    types = {key: bucket.Object(key).content_type for key in keys(bucket)}
    assert types[picture.file.name] == "image/png"
    assert types[picture.thumbnail.name] == "image/jpeg"
    shown = alice_client.get(reverse("media:picture", args=[picture.pk]))
    # What says that a machine made it comes after the header, and nothing else is touched.
    sent = body(shown)
    assert sent.startswith(PNG[:33]) and sent.endswith(PNG[33:])
    assert shown["Content-Type"] == "image/png"
    small = alice_client.get(reverse("media:thumbnail", args=[picture.pk]))
    assert small.status_code == 200 and small["Content-Type"] == "image/jpeg"
    assert body(Client().get(links.result_url(picture))) == PNG


def test_nothing_is_public(bucket: Any, alice: Cast, alice_client: Client) -> None:
    generation = succeeded_generation(alice)
    for key in keys(bucket):
        grants = bucket.Object(key).Acl().grants
        assert [g["Grantee"]["Type"] for g in grants] == ["CanonicalUser"], "the owner alone"
    page = alice_client.get(reverse("projects:detail", args=[generation.project_id]))
    assert BUCKET not in page.content.decode() and "X-Amz-" not in page.content.decode()


def test_a_missing_object_is_a_404(bucket: Any, alice: Cast, alice_client: Client) -> None:
    picture = succeeded_generation(alice).pictures.get()
    bucket.objects.all().delete()
    for url in (
        reverse("media:picture", args=[picture.pk]),
        reverse("media:thumbnail", args=[picture.pk]),
        reverse("media:upload", args=[picture.generation.photo_id]),
        links.result_url(picture),
        links.input_url(picture.generation.photo),
    ):
        assert alice_client.get(url).status_code == 404


def test_deleting_leaves_nothing_behind(bucket: Any, alice_client: Client) -> None:
    post_photo(alice_client)
    upload = Upload.objects.get()
    Project.objects.update(photo=None)
    services.discard_upload(upload)
    assert keys(bucket) == [] and not Upload.objects.exists()
    default_storage.delete("uploads/gone.jpg")  # a second time does no harm


def test_a_name_is_never_used_twice(bucket: Any) -> None:
    first = default_storage.save("pictures/a.png", ContentFile(b"first"))
    second = default_storage.save("pictures/a.png", ContentFile(b"second"))
    assert first != second
    with default_storage.open(first) as stored:
        assert stored.read() == b"first"


def test_a_large_file_waits_on_disk_not_in_memory(bucket: Any) -> None:
    """Photos of many people at once must not fill the memory of a web process."""
    name = default_storage.save("pictures/large.png", ContentFile(b"x" * 3 * 2**20))
    with default_storage.open(name) as stored:
        assert stored.file._rolled, "django-storages keeps every byte in memory by default"
        assert len(stored.read()) == 3 * 2**20


def test_the_credentials_are_those_of_the_environment(settings: Any, media: Path) -> None:
    with Server(lambda request: Reply(404)) as server:
        use(settings, server.origin)
        default_storage.exists("anything")
    signature = server.requests[0].headers["authorization"]
    assert "Credential=key-id-from-the-environment/" in signature and "/eu-west-3/s3/" in signature


def no_answer() -> str:
    with Server(lambda request: Reply()) as server:
        return server.origin  # nobody listens there any more


def test_an_old_object_without_a_row_is_removed(
    bucket: Any, alice: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3 alone says when an object was stored, so that here a day is very short."""
    succeeded_generation(alice)
    kept = keys(bucket)
    default_storage.save("pictures/killed.png", ContentFile(PNG))
    assert orphans.sweep_files() == 0, "it is young"
    monkeypatch.setattr(orphans, "AGE", timedelta(seconds=-60))
    assert orphans.sweep_files() == 1 and keys(bucket) == kept


@pytest.mark.parametrize("how", ["gone", "broken", "refusing"])
def test_a_photo_that_cannot_be_stored(
    how: str, alice: Cast, alice_client: Client, settings: Any
) -> None:
    alice_client.raise_request_exception = False
    status = {"broken": 503, "refusing": 403}.get(how, 500)
    with Server(lambda request: Reply(status)) as server:
        use(settings, no_answer() if how == "gone" else server.origin)
        answer = post_photo(alice_client)
    assert answer.status_code >= 500
    text = answer.content.decode()
    assert "Try again" in text and "Traceback" not in text and BUCKET not in text
    assert not Project.objects.exists() and not Upload.objects.exists() and untouched(alice)


def test_a_file_that_cannot_be_read_now(alice: Cast, alice_client: Client, settings: Any) -> None:
    picture = succeeded_generation(alice).pictures.get()
    with Server(lambda request: Reply(503)) as server:
        use(settings, server.origin)
        for url in (
            reverse("media:picture", args=[picture.pk]),
            links.input_url(picture.generation.photo),
            links.result_url(picture),
        ):
            answer = alice_client.get(url)
            assert answer.status_code == 503 and answer["Retry-After"]
            assert answer["Cache-Control"] == "no-store"
            assert server.origin not in answer.content.decode()


def test_a_picture_waits_for_a_storage_that_is_down(
    alice: Cast, bucket: Any, endpoint: str, settings: Any
) -> None:
    generation = processing_generation(alice)
    with serving({"/1.png": PNG}) as upstream:
        assert lifecycle.found_result(generation, [f"{upstream.origin}/1.png"])
        generation.refresh_from_db()
        use(settings, no_answer())
        archive(generation)
        generation.refresh_from_db()
        assert generation.status == Status.ARCHIVING and not Picture.objects.exists()
        assert quota_of(alice.agency, Mode.LIVE).held == 1
        assert generation.due_at < timezone.now() + timedelta(minutes=1), "it is tried again soon"
        use(settings, endpoint)
        Generation.objects.update(due_at=generation.created_at)
        generation.refresh_from_db()
        archive(generation)
    row = Generation.objects.get(pk=generation.pk)
    assert (row.status, row.charged) == (Status.SUCCEEDED, 1) and list(differences()) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/bucket",
        "s3://",
        "s3://b",
        "s3://key:secret@bucket",
        "s3://bucket/folder",
        "s3://bucket?endpoint=example.org",
        "s3://bucket?endpoint=https://example.org/path",
        "s3://bucket?endpoint=",
        "s3://bucket?endpiont=https://example.org",
    ],
)
def test_a_malformed_url_is_refused_with_its_cure(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^STORAGE_URL: expected s3://bucket") as error:
        storage.backends(url, Path("unused"))
    assert "secret@" not in str(error.value)


def test_the_disk_keeps_photos_from_other_users_of_the_machine(tmp_path: Path) -> None:
    options = storage.backends("", tmp_path)["default"]["OPTIONS"]
    assert options == {"location": tmp_path / "media", "file_permissions_mode": 0o600}
