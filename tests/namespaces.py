"""Two machines and the cable between them: network namespaces with a veth pair, and no way out.

`python -m tests.namespaces …` is what plugs the cable in, from inside the first of them.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from pyroute2 import IPRoute  # type: ignore[import-untyped]

FIRST, SECOND, INNER = "10.77.0.1", "10.77.0.2", "10.78.0.1"
CABLE = ("cable0", "cable1")
# A plain user may have networks of their own in a user namespace, where the machine allows it.
ROOT = os.geteuid() == 0
AS_USER = [] if ROOT else ["--user", "--map-root-user"]


class Machine:
    """Lives as long as the process that waits in it."""

    def __init__(self, start: list[str]) -> None:
        wait = ["sh", "-c", "echo up; read _"]  # ends with us: then its standard input closes
        self.process = subprocess.Popen(
            [*start, *wait], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "up\n"

    def command(self, *argv: str) -> list[str]:
        """What runs `argv` in there."""
        folder = f"/proc/{self.process.pid}/ns"
        user = [] if ROOT else [f"--user={folder}/user", "--preserve-credentials"]
        return ["nsenter", *user, f"--net={folder}/net", *argv]

    def switch_off(self) -> None:
        self.process.communicate(timeout=10)


def require() -> None:
    """Loud where this machine has none, and a failure in CI."""
    tried = subprocess.run(["unshare", *AS_USER, "--net", "true"], capture_output=True, text=True)
    if tried.returncode == 0:
        return
    missing = f"*** NO NETWORK NAMESPACES, which need root or user namespaces: {tried.stderr}"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    with ExitStack() as stack:
        first = Machine(["unshare", *AS_USER, "--net"])
        stack.callback(first.switch_off)
        # From inside the first: of the same user namespace, or the cable could not reach it.
        within = first.command("unshare", "--net")
        second = Machine(within)
        stack.callback(second.switch_off)
        plug(first, "first", str(second.process.pid))
        plug(second, "second")
        yield first, second


def plug(machine: Machine, *arguments: str) -> None:
    command = machine.command(sys.executable, "-m", "tests.namespaces", *arguments)
    subprocess.run(command, check=True, timeout=30)


def main(which: str, other: str = "") -> None:
    with IPRoute() as route:
        if which == "first":
            # What a container engine leaves on a machine: an address that no phone reaches.
            route.link("add", ifname="inner0", kind="veth", peer={"ifname": "inner1"})
            set_up(route, "inner0", INNER)
            peer = {"ifname": CABLE[1], "net_ns_pid": int(other)}
            route.link("add", ifname=CABLE[0], kind="veth", peer=peer)
            set_up(route, CABLE[0], FIRST)
            route.route("add", dst="default", gateway=SECOND)
        else:
            set_up(route, CABLE[1], SECOND)
        set_up(route, "lo")


def set_up(route: IPRoute, name: str, address: str = "") -> None:
    index = route.link_lookup(ifname=name)[0]
    if address:
        route.addr("add", index=index, address=address, prefixlen=24)
    route.link("set", index=index, state="up")


if __name__ == "__main__":
    main(*sys.argv[1:])
