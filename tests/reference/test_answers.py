"""What is answered is what the document says: a walk through every call of the API."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import ApiKey
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery
from projects.models import Generation
from projects.reference.document import PATH, document
from tests.conftest import Cast, mask_bytes, photo_bytes
from tests.garden import succeeded_generation
from tests.reference.checked import Checked
from tests.v1.api import TRIANGLE, Api

pytestmark = pytest.mark.django_db
RECEIVER = {"url": "https://hooks.example.org/", "event_types": ["quota.low"]}


@pytest.fixture
def api(alice: Cast) -> Api:
    return checked(alice.api_key)


def checked(key: str) -> Api:
    made = Api(key)
    made.client = Checked(headers={"authorization": f"Bearer {key}"})
    return made


def test_every_call_answers_what_the_document_says(api: Api, alice: Cast) -> None:
    """Each walk calls, and the client judges."""
    Checked.seen.clear()
    walk_the_wire(api, alice)
    walk_the_pictures(api, alice)
    walk_the_projects(api)
    walk_the_account(api)
    walk_the_webhooks(api)
    told = {
        (operation["operationId"], status)
        for path, methods in document("en")["paths"].items()
        for operation in methods.values()
        for status in operation["responses"]
        if status.startswith("2") and path != PATH
    }
    assert told - Checked.seen == set()


def wire(api: Api, name: str, **fields: Any) -> Any:
    url = reverse(f"dropin:{name}")
    return api.client.post(url, fields, content_type="application/json")


def walk_the_wire(api: Api, alice: Cast) -> None:
    done = succeeded_generation(alice)
    who = {"user_id": alice.user_id}
    urls = {"image_url": "https://example.org/a.jpg", "mask_url": "https://example.org/m.png"}
    wish = {**who, **urls, "room_type": "POOL", "width": 320, "height": 240}
    vary = {**who, "original_url": "https://example.org/a.jpg", "room_type": "TERRACE"}
    made = wire(api, "generate", **wish).json()
    for name in (str(done.pk), made["generation_id"]):
        wire(api, "get", **who, generation_id=name)
        wire(api, "generate-variation", **vary, generation_id=name)
    wire(api, "credit", **who)
    wire(api, "credit", user_id=str(uuid4()))
    wire(api, "generate", room_type="POND")


def walk_the_pictures(api: Api, alice: Cast) -> None:
    _status, photo = api.upload(photo_bytes())
    _status, mask = api.upload(mask_bytes(), kind="mask")
    api.get(f"uploads/{photo['id']}")
    api.get(f"uploads/{uuid4()}")
    api.upload(b"no picture")
    api.upload(b"")
    job = api.job(image=photo["id"], mask=mask["id"], metadata={"order": "4711"})
    api.post("generations", {"image": mask["id"], "polygon": TRIANGLE, "room_type": "POOL"})
    api.post("generations", {"image": photo["id"], "room_type": "POOL", "colour": "blue"})
    one = {"image": photo["id"], "polygon": TRIANGLE, "room_type": "POOL"}
    api.post("generations/batch", {"generations": [one]})
    api.post("generations/batch", {"generations": [one] * 90})
    api.get("generations", limit=1)
    api.get("generations", status="SUCCEEDED")
    api.get("generations", cursor="no cursor")
    api.get(f"generations/{job['id']}")
    api.post(f"generations/{job['id']}/variations", {"room_type": "POOL"})
    api.post(f"generations/{job['id']}/cancel")
    api.post(f"generations/{job['id']}/cancel")
    done = Generation.objects.filter(status="SUCCEEDED").first()
    assert done
    api.post(f"generations/{done.pk}/variations", {"room_type": "PETANQUE"})


def walk_the_projects(api: Api) -> None:
    _status, made = api.post("projects", {"title": "Famille Martin"})
    here = f"projects/{made['id']}"
    api.get("projects")
    api.get(here)
    api.send("patch", here, {"title": "Famille Durand"})
    api.send("patch", here, {"title": 3.5, "colour": 1})
    api.send("delete", here)
    api.send("delete", here)
    busy = api.job()["project"]
    api.send("delete", f"projects/{busy}")


def walk_the_account(api: Api) -> None:
    api.get("quota")
    api.get("quota/entries", limit=2)
    csv = api.client.get("/api/v1/quota/entries?format=csv")
    assert b"created_at" in b"".join(csv.streaming_content)
    api.get("members")
    somebody = f"members/{uuid4()}"
    api.get(somebody)
    api.send("put", somebody, {"email": "lea@example.org", "role": "member"})
    api.send("put", somebody, {"email": "lea@example.org", "role": "viewer"})
    api.send("put", somebody, {"email": "zoe@example.org"})
    api.get(somebody)
    api.send("put", somebody, {"email": "nobody"})


def walk_the_webhooks(api: Api) -> None:
    _status, made = api.post("webhook-endpoints", RECEIVER)
    here = f"webhook-endpoints/{made['id']}"
    api.post("webhook-endpoints", {"url": "http://hooks.example.org/"})
    api.get("webhook-endpoints")
    api.get(here)
    api.get(f"webhook-endpoints/{uuid4()}")
    _status, ping = api.post(f"{here}/test")
    sent = f"{here}/deliveries/{ping['id']}"
    api.get(f"{here}/deliveries")
    api.get(f"{here}/deliveries", state="gone")
    api.get(sent)
    api.post(f"{sent}/resend")
    Delivery.objects.update(state=DeliveryState.FAILED, next_attempt_at=None)
    api.post(f"{sent}/resend")
    api.post(f"{here}/resend-failed", {"since": "2026-01-01T00:00:00Z"})
    api.post(f"{here}/rotate-secret", {"overlap_hours": 0})
    api.send("patch", here, {"disabled": True})
    api.post(f"{here}/test")
    api.post(f"{here}/enable")
    _status, page = api.get("events")
    api.get(f"events/{page['data'][0]['id']}")
    api.get("events", type="nothing")
    api.get(f"events/{uuid4()}")
    api.send("delete", here)


def test_refusals_that_any_call_may_meet(api: Api, alice: Cast, settings: Any) -> None:
    post = api.client.post
    assert post("/api/v1/projects", "<", content_type="text/xml").status_code == 415
    assert post("/api/v1/projects", "{", content_type="application/json").status_code == 400
    assert post("/api/v1/uploads").status_code == 400
    assert post("/api/v1/uploads", b"-", content_type="multipart/form-data").status_code == 400
    large = '"' + "a" * 2**20 + '"'
    assert post("/api/v1/projects", large, content_type="application/json").status_code == 413
    once = {"Idempotency-Key": "garden-4711"}
    assert api.post("projects", {"title": "A"}, **once)[0] == 201
    assert api.post("projects", {"title": "A"}, **once)[0] == 201
    assert api.post("projects", {"title": "B"}, **once)[0] == 422
    assert api.post("projects", {}, **{"Idempotency-Key": "é"})[0] == 400
    assert checked("prt_live_unknown").get("quota")[0] == 401
    settings.EMULATOR_URL = None
    wish = {"image_url": "https://example.org/a.jpg", "mask_url": "https://example.org/m.png"}
    tested = checked(alice.test_api_key)
    assert tested.post("generations", {**wish, "room_type": "POOL"})[0] == 503
    ApiKey.objects.for_agency(alice.agency, "live").update(scopes=["quota:read"])
    assert api.get("members")[0] == 403
    settings.API_CALLS_PER_MINUTE = 1
    assert api.get("quota")[0] == 429
