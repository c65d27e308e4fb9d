"""`urls` at the drop-in door: absent before SUCCEEDED, fresh each time, good for seven days."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from projects import lifecycle
from projects.pipeline.archive import keep
from tests.conftest import Cast, photo_bytes
from tests.contract.caller import Wire
from tests.garden import processing_generation, queued_generation, succeeded_generation
from tests.projects.jobs import archiving_generation

pytestmark = pytest.mark.django_db
DAY, BEGIN = 24 * 3600, 1_800_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The time by which links are signed and judged."""
    found = SimpleNamespace(now=BEGIN)
    monkeypatch.setattr(signing, "time", SimpleNamespace(time=lambda: found.now))
    return found


def opens(url: str) -> bool:
    return Client().get(url.removeprefix("http://testserver")).status_code == 200


def test_urls_are_absent_before_succeeded(alice: Cast) -> None:
    wire, canceled = Wire(alice), queued_generation(alice)
    assert lifecycle.cancel(canceled, actor_id="")
    running = [queued_generation(alice), processing_generation(alice, "up-1")]
    archiving = archiving_generation(alice, "http://127.0.0.1:1/1.png")
    for job in (canceled, *running, archiving):
        assert "urls" not in wire.get(job)
    keep(archiving, 0, photo_bytes(kind="PNG"))
    assert "urls" not in wire.get(archiving)
    assert lifecycle.succeed(archiving) and len(wire.get(archiving)["urls"]) == 1


def test_a_link_lives_for_seven_days(alice: Cast, clock: Any) -> None:
    (url,) = Wire(alice).get(succeeded_generation(alice))["urls"]
    clock.now = BEGIN + 7 * DAY - 1
    assert opens(url)
    clock.now = BEGIN + 7 * DAY + 2
    assert not opens(url)


def test_each_get_gives_fresh_links(alice: Cast, clock: Any) -> None:
    job = succeeded_generation(alice)
    (first,) = Wire(alice).get(job)["urls"]
    clock.now = BEGIN + 6 * DAY
    (second,) = Wire(alice).get(job)["urls"]
    clock.now = BEGIN + 12 * DAY
    assert opens(second) and not opens(first)


def test_how_long_they_live_is_a_setting(alice: Cast, clock: Any, settings: Any) -> None:
    settings.RESULT_LINK_S = 9 * DAY
    (url,) = Wire(alice).get(succeeded_generation(alice))["urls"]
    clock.now = BEGIN + 8 * DAY
    assert opens(url)
