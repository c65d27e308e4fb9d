"""The cast: Alice owns, Bob helps, Charlie is in another agency and must see nothing of theirs."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from PIL import Image, ImageDraw

from accounts.choices import Role
from accounts.models import Agency, Membership, User
from accounts.services import add_member
from integrations.iacrea.onboarding import open_agency
from tests.stack import Stack, running_stack

pytest_plugins = ["tests.costs"]
SIZE = (320, 240)
# An id in the name of a test must be the same on each worker.
NOBODY = "00000000-0000-4000-8000-000000000000"


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`. Two even on one core, because many tests wait; four at most, because each worker
    brings a database, a browser and the product's processes."""
    return min(max(2, len(os.sched_getaffinity(0))), 4)


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the marks in a hook of its own
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Name the worker's share. On PostgreSQL only what uses a database: the run
    on SQLite had everything."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return
    without = [item for item in items if not _uses_a_database(item)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in set(without)]


def _group(item: pytest.Item) -> str:
    """A file, apart from its tests that empty the database."""
    file = item.nodeid.split("::")[0]
    return f"{file}-emptied" if _empties_the_database(item) else file


def _empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and bool(marker.kwargs.get("transaction"))
    return asked or "transactional_db" in getattr(item, "fixturenames", [])


def _uses_a_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("looks"):
        return False
    fixtures = {"db", "processes"} & set(getattr(item, "fixturenames", []))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@dataclass(frozen=True)
class Cast:
    """An agency with its people and its keys."""

    agency: Agency
    owner: Membership
    api_key: str
    test_api_key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"x-api-key": self.api_key}

    @property
    def user_id(self) -> str:
        return str(self.owner.iacrea_user_id)


def _agency(name: str, email: str, photos: int) -> Cast:
    opened = open_agency(
        name=name,
        owner_email=email,
        owner_name=name,
        password="a password for tests",
        photos=photos,
        iacrea_api_key=f"upstream-key-of-{name}",
        iacrea_user_id=None,
    )
    agency = Agency.objects.get(pk=UUID(opened.agency_id))
    owner = Membership.objects.get(agency=agency, role=Role.OWNER)
    return Cast(agency, owner, opened.api_key, opened.test_api_key)


@pytest.fixture
def alice(db: None) -> Cast:
    return _agency("Alice", "alice@example.org", 10)


@pytest.fixture
def charlie(db: None) -> Cast:
    return _agency("Charlie", "charlie@example.org", 10)


@pytest.fixture
def bob(alice: Cast) -> Membership:
    user = User.objects.create_user("bob@example.org", "a password for tests", name="Bob")
    return add_member(agency=alice.agency, user=user, role=Role.MEMBER)


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


@pytest.fixture
def alice_client(alice: Cast) -> Client:
    return signed_in(alice.owner)


@pytest.fixture
def charlie_client(charlie: Cast) -> Client:
    return signed_in(charlie.owner)


@pytest.fixture(autouse=True)
def media(settings: Any) -> Iterator[Path]:
    """A media folder for each test, on the real storage."""
    folder = Path(tempfile.mkdtemp(prefix="parterre-media-"))
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        },
    }
    yield folder
    shutil.rmtree(folder)


def photo_bytes(size: tuple[int, int] = SIZE, kind: str = "JPEG") -> bytes:
    """A sky, a lawn and a wall: enough of a garden for a test."""
    image = Image.new("RGB", size, (150, 190, 230))
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, height * 2 // 5, width, height), fill=(90, 130, 60))
    draw.rectangle((0, height // 4, width // 3, height * 2 // 5), fill=(200, 190, 170))
    return _encoded(image, kind)


def mask_bytes(size: tuple[int, int] = SIZE) -> bytes:
    image = Image.new("L", size, 0)
    width, height = size
    corners = [
        (width // 4, height * 9 // 10),
        (width // 3, height * 6 // 10),
        (width * 2 // 3, height * 6 // 10),
        (width * 3 // 4, height * 9 // 10),
    ]
    ImageDraw.Draw(image).polygon(corners, fill=255)
    return _encoded(image, "PNG")


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.fixture(scope="session")
def processes() -> Iterator[Stack]:
    """Web, worker and emulator; started by the first test that wants them."""
    with running_stack() as running:
        yield running


@pytest.fixture(scope="module")
def stack(processes: Stack) -> Stack:
    """The same processes for all, with an agency of the file's own: which files came before, and
    what is still under way of theirs, differs from run to run."""
    processes.forget_agency()
    return processes


@pytest.fixture
def ledger_may_be_flushed(django_db_blocker: Any) -> Iterator[None]:
    """A transactional test empties tables at its end, which the append-only triggers refuse."""
    from django.db import connection

    from accounts.triggers import install_triggers

    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("ledger_no_update", "ledger_no_delete", "audit_no_delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            call_command("flush", verbosity=0, interactive=False)
            install_triggers()
