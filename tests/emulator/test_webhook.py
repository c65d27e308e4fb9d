"""How the end of a job is told."""

import queue
from typing import Any
from uuid import uuid4

import pytest

from tests.emulator.conftest import SetFaults
from tests.emulator.garden_server import GardenServer
from tests.emulator.process import Client

SOON_S = 10
NOT_AGAIN_S = 0.3


class Listener:
    """A URL of its own, and what was posted there."""

    def __init__(self, garden: GardenServer, folder: str = "hook") -> None:
        self.path = f"/{folder}/{uuid4()}"
        self.url = garden.url + self.path
        self._calls = garden.calls(self.path)

    def next(self) -> dict[str, Any]:
        return self._calls.get(timeout=SOON_S)

    def is_quiet(self) -> bool:
        try:
            self._calls.get(timeout=NOT_AGAIN_S)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def listener(garden: GardenServer) -> Listener:
    return Listener(garden)


def test_it_carries_the_body_of_get_once(client: Client, listener: Listener) -> None:
    generation_id = client.generate(webhook=listener.url)
    assert listener.next() == client.get(generation_id)
    assert client.get(generation_id)["status"] == "SUCCEEDED"
    assert listener.is_quiet()


def test_a_variation_has_its_own(client: Client, listener: Listener) -> None:
    first = client.generate()
    client.end(first)
    second = client.vary(first, webhook=listener.url)
    assert listener.next() == client.get(second)


def test_failed_is_told_too(client: Client, listener: Listener, garden: GardenServer) -> None:
    client.generate(webhook=listener.url, image_url=f"{garden.url}/page.html")
    assert listener.next() == {"status": "FAILED", "variationNumber": 0}


def test_a_listener_that_is_not_there_harms_nobody(client: Client) -> None:
    client.wait(client.generate(webhook="http://127.0.0.1:1/hook"), "SUCCEEDED")


def test_none(client: Client, listener: Listener, faults: SetFaults) -> None:
    faults({"call": "webhook", "action": "none"})
    client.end(client.generate(webhook=listener.url))
    assert listener.is_quiet()


def test_twice(client: Client, listener: Listener, faults: SetFaults) -> None:
    faults({"call": "webhook", "action": "twice"})
    client.generate(webhook=listener.url)
    assert listener.next() == listener.next()
    assert listener.is_quiet()


def test_many_times(client: Client, listener: Listener, faults: SetFaults) -> None:
    faults({"call": "webhook", "action": "twice", "count": 20})
    client.generate(webhook=listener.url)
    assert len([listener.next() for _ in range(20)]) == 20
    assert listener.is_quiet()


def test_late(client: Client, listener: Listener, faults: SetFaults) -> None:
    faults({"call": "webhook", "action": "late", "seconds": 1})
    generation_id = client.generate(webhook=listener.url)
    client.wait(generation_id, "SUCCEEDED")
    assert listener.is_quiet()
    assert listener.next() == client.get(generation_id)


def test_early_comes_before_the_answer_and_not_again(
    client: Client, listener: Listener, faults: SetFaults
) -> None:
    faults(
        {"call": "webhook", "action": "early"},
        {"call": "generate", "action": "hang", "accepted": True, "seconds": 30, "times": 1},
    )
    with pytest.raises(OSError):
        client.post("generate", client.generation(webhook=listener.url), timeout=1)
    assert listener.next() == {"status": "STARTING", "variationNumber": 0}
    client.end(client.generate())
    assert listener.is_quiet()


def test_the_end_can_be_told_before_the_answer(
    client: Client, listener: Listener, faults: SetFaults
) -> None:
    faults({"call": "generate", "action": "slow", "seconds": 2})
    generation_id = client.generate(webhook=listener.url)
    assert not listener.is_quiet()
    assert client.get(generation_id)["status"] == "SUCCEEDED"


def test_a_forged_content(client: Client, listener: Listener, faults: SetFaults) -> None:
    faults({"call": "webhook", "action": "set", "fields": {"status": "FAILED", "urls": None}})
    generation_id = client.generate(webhook=listener.url)
    assert listener.next() == {"status": "FAILED", "urls": None, "variationNumber": 0}
    assert client.get(generation_id)["status"] == "SUCCEEDED"


def test_another_method_and_another_content(
    client: Client, listener: Listener, garden: GardenServer, faults: SetFaults
) -> None:
    headers = {"Content-Type": "text/plain"}
    faults(
        {"call": "webhook", "action": "send", "method": "PUT", "headers": headers, "body": "[1]"}
    )
    client.generate(webhook=listener.url)
    assert listener.next() == [1]
    assert garden.heads[-1] == ("PUT", listener.path, "text/plain")


def test_a_busy_listener_is_called_once(client: Client, garden: GardenServer) -> None:
    busy = Listener(garden, "busy")
    client.generate(webhook=busy.url)
    assert busy.next()["status"] == "SUCCEEDED"
    assert busy.is_quiet()


def test_retry_until_it_is_taken(
    client: Client, listener: Listener, garden: GardenServer, faults: SetFaults
) -> None:
    faults({"call": "webhook", "action": "retry", "count": 3, "seconds": 0.05})
    busy = Listener(garden, "busy")
    client.generate(webhook=busy.url)
    client.generate(webhook=listener.url)
    assert len([busy.next() for _ in range(3)]) == 3
    assert listener.next()["status"] == "SUCCEEDED"
    assert busy.is_quiet() and listener.is_quiet()


def test_the_undocumented_switches(
    other_client: Client, listener: Listener, garden: GardenServer
) -> None:
    failing = other_client.generate(webhook=listener.url, image_url=f"{garden.url}/page.html")
    assert other_client.end(failing)["status"] == "FAILED"
    assert listener.is_quiet()
    generation_id = other_client.generate(webhook=listener.url)
    body = listener.next()
    assert (body["status"], body["generation_id"]) == ("SUCCEEDED", generation_id)
