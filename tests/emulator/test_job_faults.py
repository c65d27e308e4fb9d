"""Each way that a job can go wrong."""

from tests.emulator.conftest import SetFaults
from tests.emulator.process import Client


def test_fail_gives_the_photo_back(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "fail"})
    generation_id = client.generate()
    assert client.end(generation_id)["status"] == "FAILED"
    assert client.photos() == 100


def test_fail_of_one_room_type(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "fail", "room_type": "POOL"})
    pool, terrace = client.generate(room_type="POOL"), client.generate()
    assert client.end(pool)["status"] == "FAILED"
    assert client.end(terrace)["status"] == "SUCCEEDED"


def test_fail_of_the_second_job(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "fail", "nth": 2})
    ends = [client.end(client.generate())["status"] for _ in range(3)]
    assert ends == ["SUCCEEDED", "FAILED", "SUCCEEDED"]


def test_slow_and_stuck_hold_up_nobody(client: Client, faults: SetFaults) -> None:
    """More of them than there are workers."""
    faults(
        {"call": "job", "action": "stuck", "times": 3},
        {"call": "job", "action": "slow", "seconds": 1, "times": 3},
    )
    stuck = [client.generate() for _ in range(3)]
    slow = [client.generate() for _ in range(3)]
    quick = client.generate()
    client.wait(quick, "SUCCEEDED")
    assert {client.get(one)["status"] for one in (*stuck, *slow)} == {"PROCESSING"}
    for one in slow:
        client.wait(one, "SUCCEEDED")
    assert {client.get(one)["status"] for one in stuck} == {"PROCESSING"}


def test_flicker_says_failed_and_goes_on(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "flicker", "seconds": 0.5})
    generation_id = client.generate()
    client.wait(generation_id, "FAILED")
    assert client.photos() == 99
    client.wait(generation_id, "SUCCEEDED")
    assert client.photos() == 99


def test_relapse_says_failed_after_succeeded(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "relapse", "seconds": 0.5})
    generation_id = client.generate()
    client.wait(generation_id, "SUCCEEDED")
    assert client.wait(generation_id, "FAILED") == {"status": "FAILED", "variationNumber": 0}
    assert client.photos() == 100


def test_a_window_is_painted_where_nobody_asked(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "window", "times": 1})
    changed, faithful = client.picture(client.generate()), client.picture(client.generate())
    corner = (changed.width // 8, changed.height // 6)
    assert changed.getpixel(corner) == (190, 40, 40)
    assert faithful.convert("RGB").getpixel(corner) != (190, 40, 40)


def test_a_refused_submit_counts_for_no_rule(client: Client, faults: SetFaults) -> None:
    faults({"call": "job", "action": "fail", "nth": 1})
    client.post("generate", client.generation(width="wide"))
    assert client.end(client.generate())["status"] == "FAILED"
