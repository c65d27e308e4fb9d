"""An agency that used iacrea directly comes with its people and its pictures."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Membership
from projects.choices import Status
from projects.models import Generation, Upload
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.projects.jobs import balances, use_upstream
from tests.projects.test_dropin_refusals import GENERATE
from tests.servers import Reply, Request, Server
from tests.worker import run_queued, work_to_the_end

pytestmark = pytest.mark.django_db
VARIATION, GET = GENERATE + "-variation", "/api/create_exterior/get"
OLD = "6a1f0d52-5f0e-4c5e-8f7e-0d7c4a4b1f11"


class Iacrea(Server):
    """It has made OLD long ago; nothing else is known to it but what it takes now."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        super().__init__(self._answer)

    def _answer(self, request: Request) -> Reply:
        if request.method == "GET":
            return Reply(body=mask_bytes() if "mask" in request.path else photo_bytes(kind="PNG"))
        self.sent.append((request.path, request.json(), request.headers["x-api-key"]))
        if request.path.endswith("/get"):
            return self._state(request.json()["generation_id"])
        return Reply.json({"generation_id": str(uuid4())})

    def _state(self, generation_id: str) -> Reply:
        if generation_id == "7a1f0d52-5f0e-4c5e-8f7e-0d7c4a4b1f11":
            return Reply.json({"status": "FAILED"})
        done = {"status": "SUCCEEDED", "urls": [f"{self.origin}/{generation_id}.png"]}
        return (
            Reply.json(done) if generation_id == OLD else Reply.json({"message": "not found"}, 404)
        )


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        (tmp_path / "file.csv").write_text(text, "utf-8-sig")
        return str(tmp_path / "file.csv")

    return write


def run(command: str, path: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(command, path, agency="Alice", stdout=out, stderr=err)
    except CommandError as error:
        err.write(str(error))
    return out.getvalue(), err.getvalue()


def adopted(alice: Cast, csv: Any, iacrea: Iacrea, more: str = "") -> Generation:
    use_upstream(alice, iacrea.origin)
    header = "generation_id,user_id" + (",original_url,mask_url" if more else "")
    path = csv(f"{header}\n{OLD},{alice.user_id}{more}\n")
    assert run("adopt_generations", path) == ("1 taken over, 0 known before, 0 not taken\n", "")
    assert run("adopt_generations", path)[0] == "0 taken over, 1 known before, 0 not taken\n"
    job = work_to_the_end(Generation.objects.get())
    assert job.status == Status.SUCCEEDED
    return job


def call(client: Any, alice: Cast, path: str, **fields: Any) -> tuple[int, Any]:
    body = {"user_id": alice.user_id, **fields}
    answer = client.post(path, body, content_type="application/json", headers=alice.headers)
    return answer.status_code, answer.json()


def test_a_picture_comes_free_and_its_old_id_goes_on(alice: Cast, client: Any, csv: Any) -> None:
    with Iacrea() as iacrea:
        job = adopted(alice, csv, iacrea)
    (read,) = iacrea.sent
    assert read == (GET, {"user_id": alice.user_id, "generation_id": OLD}, "upstream-key-of-Alice")
    assert (job.charged, job.price) == (0, 0) and balances(alice) == (10, 0, 0)
    for key in (OLD, str(job.pk)):
        status, answer = call(client, alice, GET, generation_id=key)
        assert (status, answer["status"], len(answer["urls"])) == (200, "SUCCEEDED", 1)


def test_a_variation_of_it(alice: Cast, client: Any, csv: Any) -> None:
    """Without the photo the caller's is used; without a mask iacrea uses its own."""
    with Iacrea() as iacrea:
        adopted(alice, csv, iacrea)
        wish = {"generation_id": OLD, "room_type": "POOL"}
        original = f"{iacrea.origin}/photo.png"
        status, _made = call(client, alice, VARIATION, original_url=original, **wish)
        assert status == 200
        for _ in range(2):
            run_queued()
    path, sent, _key = iacrea.sent[-1]
    assert path == VARIATION and sent["generation_id"] == OLD and "mask_url" not in sent
    assert sent["original_url"].startswith("http://testserver/m/")
    assert balances(alice) == (10, 0, 0), "a variation is free"


def test_its_photo_and_mask_come_along(alice: Cast, client: Any, csv: Any) -> None:
    with Iacrea() as iacrea:
        files = f",{iacrea.origin}/photo.png,{iacrea.origin}/mask.png"
        job = adopted(alice, csv, iacrea, files)
    assert job.photo and job.mask and Upload.objects.count() == 2
    assert job.project.photo == job.photo and (job.width, job.height) == (320, 240)


def test_another_agency_does_not_know_the_old_id(
    alice: Cast, charlie: Cast, client: Any, csv: Any
) -> None:
    with Iacrea() as iacrea:
        adopted(alice, csv, iacrea)
    assert call(client, charlie, GET, generation_id=OLD)[0] == 404


def test_lines_that_cannot_be_taken_are_named_and_the_others_are(alice: Cast, csv: Any) -> None:
    failed = OLD.replace("6a", "7a")
    text = (
        f"generation_id;user_id;original_url\nno id;{alice.user_id};\n{failed};{alice.user_id};\n"
        f"{uuid4()};{alice.user_id};\n{OLD};{uuid4()};\n{OLD};{alice.user_id};\n"
    )
    with Iacrea() as iacrea:
        use_upstream(alice, iacrea.origin)
        out, err = run("adopt_generations", csv(text))
    assert out == "1 taken over, 0 known before, 4 not taken\n"
    lines = err.splitlines()
    assert "line 2: generation_id 'no id' is no UUID" in lines[0]
    assert "line 3: it is FAILED at iacrea" in lines[1]
    assert "line 4: iacrea did not show it: status 404" in lines[2]
    assert "line 5: no member has this user_id" in lines[3]
    assert Generation.objects.count() == 1


@pytest.mark.parametrize("command", ["adopt_generations", "import_members"])
@pytest.mark.parametrize(
    "text", ["", "user_id\n1\n", "generation_id,user_id,email,iacrea_user_id\n"]
)
def test_a_file_of_another_form(alice: Cast, csv: Any, command: str, text: str) -> None:
    out, err = run(command, csv(text))
    assert out == "" and ("lacks" in err or "no column" in err)


def test_members_as_often_as_one_likes(alice: Cast, csv: Any) -> None:
    key = uuid4()
    path = csv(
        f"email,iacrea_user_id,name,role\nbob@example.org,{key},Bob,viewer\n"
        f"alice@example.org,{alice.user_id},,\nno address,{uuid4()},,\neve@example.org,{key},,\n"
    )
    for _ in range(2):
        out, err = run("import_members", path)
        assert "line 4: an e-mail address" in err and "line 5: another member has" in err
    assert out == "0 added, 2 known before, 2 refused\n"
    assert Membership.objects.get(user__email="bob@example.org").role == "viewer"
