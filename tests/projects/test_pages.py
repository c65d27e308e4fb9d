"""The pages, as Django answers them: what a person sends is judged, once, and nothing is lost."""

import json
import re
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.choices import Mode
from accounts.models import LedgerEntry, Membership
from accounts.selectors import quota_of
from projects.models import Generation, Project, Upload
from tests.browser.raster import raster
from tests.conftest import NOBODY, SIZE, Cast, mask_bytes, photo_bytes, signed_in
from tests.garden import processing_generation, project_with_photo, succeeded_generation

pytestmark = pytest.mark.django_db
OPERATIONS = [{"t": "f", "p": [80, 150, 240, 150, 280, 220, 40, 220]}]
SCRIPT = {"Accept": "application/json"}
TYPED = {"left": ["20", "80", "80,5", ""], "top": ["60", "60", "90", ""]}


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def drawn(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("zone.png", mask_bytes() if data is None else data, "image/png")


def ask(client: Client, project: Project, headers: Any = None, **fields: Any) -> Any:
    asked = {"form_id": str(uuid4()), "room_type": "POOL", "operations": json.dumps(OPERATIONS)}
    asked |= {"mask": drawn(), **fields}
    return client.post(f"/projets/{project.pk}/zone", asked, headers=headers)


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", ["page"]), ("/projets/nouveau", ["true"]), ("/projets/{}", ["true"]),
     ("/projets/{}/zone", ["true"]), ("/projets/corbeille", ["true"]), ("/utilisation", [])],
)  # fmt: skip
def test_the_header_marks_projects_on_all_their_pages(
    alice: Cast, alice_client: Client, path: str, current: list[str]
) -> None:
    project = project_with_photo(alice)
    html = alice_client.get(path.format(project.pk)).content.decode()
    assert re.findall(r'href="/" aria-current="(\w+)"', html) == current


def test_a_photo_starts_a_project(alice: Cast, alice_client: Client) -> None:
    fields = {"photo": upload(photo_bytes()), "title": "Mme Martin", "project_id": str(uuid4())}
    answer = alice_client.post("/projets/nouveau", fields)
    project = Project.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/projets/{project.pk}/zone"
    assert (project.title, project.photo.width, project.agency) == (
        "Mme Martin", SIZE[0], alice.agency,
    )  # fmt: skip


def test_a_script_is_told_where_the_zone_goes(alice: Cast, alice_client: Client) -> None:
    """And a photo that arrives twice starts one project."""
    key = str(uuid4())
    for _ in range(2):
        fields = {"photo": upload(photo_bytes()), "title": "", "project_id": key}
        answer = alice_client.post("/projets/nouveau", fields, headers=SCRIPT)
        assert answer.status_code == 201
        assert answer.json() | {"photo": ""} == {
            "zone": f"/projets/{key}/zone", "photo": "", "width": SIZE[0], "height": SIZE[1],
        }  # fmt: skip
        assert alice_client.get(answer.json()["photo"]).status_code == 200
    assert Project.objects.count() == Upload.objects.count() == 1


def test_another_photo_in_a_form_that_came_back_is_another_project(
    alice: Cast, alice_client: Client
) -> None:
    key = str(uuid4())
    for size in ((320, 240), (400, 300)):
        fields = {"photo": upload(photo_bytes(size)), "project_id": key}
        assert alice_client.post("/projets/nouveau", fields).status_code == 302
    assert {project.photo.width for project in Project.objects.all()} == {320, 400}


def test_a_script_is_told_what_is_wrong(alice: Cast, alice_client: Client) -> None:
    fields = {"photo": upload(b"no picture"), "project_id": str(uuid4())}
    answer = alice_client.post("/projets/nouveau", fields, headers=SCRIPT)
    assert answer.status_code == 422 and "lisible" in answer.json()["problem"]


def test_a_project_of_another_agency_is_not_taken(
    alice: Cast, alice_client: Client, charlie: Cast
) -> None:
    theirs = project_with_photo(charlie)
    fields = {"photo": upload(photo_bytes()), "project_id": str(theirs.pk)}
    assert alice_client.post("/projets/nouveau", fields).status_code == 404
    assert Upload.objects.count() == 1


def test_the_sample_garden_starts_one_too(alice: Cast, alice_client: Client) -> None:
    assert alice_client.post("/projets/exemple").status_code == 302
    assert Project.objects.get().photo.width == 1280


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "vide"),
        (b"not an image", "lisible"),
        (photo_bytes()[:500], "lisible"),
        (photo_bytes((40, 40)), "64"),
        (photo_bytes(kind="GIF"), "lisible"),
    ],
    ids=["empty", "text", "truncated", "tiny", "gif"],
)
def test_a_bad_photo_is_refused_and_nothing_is_stored(
    alice: Cast, alice_client: Client, data: bytes, says: str
) -> None:
    fields = {"photo": upload(data), "title": "Mme Martin", "project_id": str(uuid4())}
    answer = alice_client.post("/projets/nouveau", fields)
    text = answer.content.decode()
    assert answer.status_code == 422 and says in text
    assert "Mme Martin" in text, "what was typed is still there"
    assert not Project.objects.exists() and not Upload.objects.exists()


def test_a_drawn_zone_asks_for_a_picture(alice: Cast, alice_client: Client) -> None:
    project = project_with_photo(alice)
    answer = ask(alice_client, project)
    job = Generation.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/projets/{project.pk}"
    assert (job.room_type, job.mask.width, job.price) == ("POOL", SIZE[0], 1)
    assert job.mask.operations == OPERATIONS
    assert job.project.title == project.title
    assert quota_of(alice.agency, Mode.LIVE).held == 1


def test_a_script_is_told_where_its_picture_will_be(alice: Cast, alice_client: Client) -> None:
    """Led there, it would fetch the page that the browser then asks for once more."""
    project, form_id = project_with_photo(alice), str(uuid4())
    for _ in range(2):
        answer = ask(alice_client, project, SCRIPT, form_id=form_id)
        assert answer.status_code == 201 and answer.content == b""
        assert answer["Location"] == f"/projets/{project.pk}"
    assert str(Generation.objects.get().pk) == form_id
    assert ask(alice_client, project, SCRIPT, room_type="").status_code == 422
    assert ask(Client(), project, SCRIPT)["Location"].startswith("/comptes/login/")


def test_a_new_zone_begins_with_the_one_before(alice: Cast, alice_client: Client) -> None:
    project = project_with_photo(alice)
    ask(alice_client, project)
    job = Generation.objects.get()
    page = alice_client.get(f"/projets/{project.pk}/zone", {"from": str(job.pk)})
    assert json.loads(page.context["form"].initial["operations"]) == OPERATIONS


@pytest.mark.parametrize("chosen", [NOBODY, "no uuid", ""])
def test_a_zone_of_nobody_begins_empty(alice: Cast, alice_client: Client, chosen: str) -> None:
    project = project_with_photo(alice)
    page = alice_client.get(f"/projets/{project.pk}/zone", {"from": chosen})
    assert page.status_code == 200 and page.context["form"].initial["operations"] == ""


def test_a_typed_zone_works_without_javascript(alice: Cast, alice_client: Client) -> None:
    fields = {"operations": "", "mask": "", **TYPED}
    assert ask(alice_client, project_with_photo(alice), **fields).status_code == 302
    assert Generation.objects.count() == 1


def test_a_new_zone_begins_with_the_one_that_was_typed(alice: Cast, alice_client: Client) -> None:
    project, (width, height) = project_with_photo(alice), SIZE
    ask(alice_client, project, **{"operations": "", "mask": "", **TYPED})
    job = Generation.objects.get()
    page = alice_client.get(f"/projets/{project.pk}/zone", {"from": str(job.pk)})
    (shape,) = json.loads(page.context["form"].initial["operations"])
    percents = [(20, 60), (80, 60), (80.5, 90)]
    path = [round(v, 1) for x, y in percents for v in (x * width / 100, y * height / 100)]
    assert shape == {"t": "f", "p": path, "a": 1}
    kept = raster([shape], *SIZE)
    assert (kept != (np.asarray(Image.open(job.mask.file)) > 127)).mean() < 0.001


@pytest.mark.parametrize(
    "fields",
    [
        {"operations": "nonsense"},
        {"operations": "7"},
        {"operations": '{"t": "f"}'},
        {"operations": '["f"]'},
        {"operations": '[{"t": "f"}]'},
        {"operations": '[{"t": "z", "p": [1, 2]}]'},
        {"operations": '[{"t": "f", "p": [1, 2, 3]}]'},
        {"operations": '[{"t": "f", "p": [NaN, 1]}]'},
        {"operations": '[{"t": "s", "p": [1, 1]}]'},
        {"operations": '[{"t": "c", "note": "more"}]'},
        {"operations": f'[{{"t": "f", "p": [{"9" * 400}, 1]}}]'},
        {"operations": "[" * 100_000},
        {"operations": json.dumps([{"t": "c"}] * 501)},
        {"room_type": "JACUZZI"},
        {"mask": drawn(b"no picture")},
        {"mask": drawn(b"")},
        {"mask": drawn(mask_bytes((30, 300)))},
        {"mask": "", "left": ["20", "x", "30"], "top": ["60", "60", "90"]},
        {"mask": "", "left": ["20", "120", "30"], "top": ["60", "60", "90"]},
        {"mask": "", "left": ["20", "30"], "top": ["60", "60"]},
        {"mask": "", "left": [], "top": []},
        {"room_type": ""},
        {"form_id": "no uuid"},
    ],
    ids=lambda fields: str(fields)[:50],
)
def test_a_bad_zone_is_refused_and_nothing_is_charged(
    alice: Cast, alice_client: Client, fields: dict[str, Any]
) -> None:
    answer = ask(alice_client, project_with_photo(alice), **fields)
    assert answer.status_code == 422
    assert "photo" in answer.content.decode()
    assert not Generation.objects.exists() and Upload.objects.count() == 1
    assert quota_of(alice.agency, Mode.LIVE).available == 10


def test_a_second_click_asks_for_nothing_more(alice: Cast, alice_client: Client) -> None:
    project, form_id = project_with_photo(alice), str(uuid4())
    for _ in range(3):
        assert ask(alice_client, project, form_id=form_id).status_code == 302
    assert Generation.objects.count() == 1
    assert LedgerEntry.objects.filter(kind="hold").count() == 1


def test_a_form_id_of_another_agency_is_not_found(
    alice: Cast, charlie: Cast, alice_client: Client, charlie_client: Client
) -> None:
    form_id = str(uuid4())
    ask(alice_client, project_with_photo(alice), form_id=form_id)
    answer = ask(charlie_client, project_with_photo(charlie), form_id=form_id)
    assert answer.status_code == 404 and Generation.objects.count() == 1
    assert quota_of(charlie.agency, Mode.LIVE).available == 10


def test_no_photo_left_is_said_and_nothing_is_stored(alice: Cast, alice_client: Client) -> None:
    project = project_with_photo(alice)
    for _ in range(10):
        ask(alice_client, project)
    uploads = Upload.objects.count()
    answer = ask(alice_client, project)
    assert answer.status_code == 402 and "plus assez de photos" in answer.content.decode()
    assert Generation.objects.count() == 10 and Upload.objects.count() == uploads


def test_the_same_zone_with_another_type_is_free(alice: Cast, alice_client: Client) -> None:
    parent = succeeded_generation(alice)
    url = f"/projets/{parent.project_id}/variations/{parent.pk}"
    fields = {"form_id": str(uuid4()), "room_type": "PETANQUE"}
    for _ in range(2):
        assert alice_client.post(url, fields).status_code == 302
    child = parent.variations.get()
    assert (child.room_type, child.mask_id, child.price) == ("PETANQUE", parent.mask_id, 0)
    assert quota_of(alice.agency, Mode.LIVE).available == 9


def test_a_variation_of_a_running_picture_is_refused(alice: Cast, alice_client: Client) -> None:
    parent = processing_generation(alice)
    url = f"/projets/{parent.project_id}/variations/{parent.pk}"
    answer = alice_client.post(url, {"form_id": str(uuid4()), "room_type": "POOL"})
    assert answer.status_code == 409 and Generation.objects.count() == 1


def test_the_live_part_says_nothing_while_nothing_changes(
    alice: Cast, alice_client: Client
) -> None:
    job = processing_generation(alice)
    url = f"/projets/{job.project_id}/live"
    first = alice_client.get(url)
    assert first.status_code == 200 and first["X-Poll-After"] == "2"
    assert alice_client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    in_english = {"if-none-match": first["ETag"], "accept-language": "en"}
    assert alice_client.get(url, headers=in_english).status_code == 200


def test_a_finished_project_stops_asking(alice: Cast, alice_client: Client) -> None:
    job = succeeded_generation(alice)
    assert alice_client.get(f"/projets/{job.project_id}/live")["X-Poll-Stop"] == "1"


def test_bob_sees_the_agencys_projects_and_someone_without_agency_is_told(
    alice: Cast, bob: Membership, alice_client: Client
) -> None:
    project = project_with_photo(alice)
    client = signed_in(bob)
    assert "Jardin Martin" in client.get("/").content.decode()
    bob.delete()
    assert client.get("/").status_code == 403
    assert client.get(f"/projets/{project.pk}").status_code == 403


def test_a_list_costs_the_same_for_one_and_for_three(alice: Cast, alice_client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert alice_client.get("/").status_code == 200
        return len(captured)

    succeeded_generation(alice)
    one = queries()
    for number in range(2):
        processing_generation(alice, f"more-{number}")
    assert queries() == one


@pytest.mark.parametrize("url", ["/", "/projets/nouveau", "/comptes/login/", "/nowhere"])
def test_each_page_has_a_strict_policy(alice: Cast, alice_client: Client, url: str) -> None:
    policy = alice_client.get(url)["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy
