"""Hosts, and the cables from each to the room where the services are: network namespaces, without
a way out. We are in that room ourselves, which `main()` of `tests.hosts.town` sees to.

`python -m tests.hosts.ground …` is what a host does with its end of the cable.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from pyroute2 import IPRoute  # type: ignore[import-untyped]

# On the loopback of the room, so that every cable leads to it.
ROOM = "10.77.0.1"
ITS_END = "eth0"


class Host:
    """The processes that were started on it are its own, and die or freeze together."""

    def __init__(self, name: str, number: int) -> None:
        self.address, gateway = f"10.77.{number}.2", f"10.77.{number}.1"
        self._cable = f"cable{number}"
        wait = ["sh", "-c", f"hostname {name} && echo up && read _"]  # ends with us
        self._init = subprocess.Popen(
            ["unshare", "--net", "--uts", *wait],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._init.stdout is not None and self._init.stdout.readline() == "up\n"
        _lay(self._cable, gateway, self._init.pid)
        self._at_its_end("settle", self.address, gateway)

    def command(self, *argv: str) -> list[str]:
        """What runs `argv` in there, as the same process."""
        folder = f"/proc/{self._init.pid}/ns"
        return ["nsenter", f"--net={folder}/net", f"--uts={folder}/uts", *argv]

    def start(
        self, argv: Sequence[str], environment: dict[str, str], log: Path, folder: Path
    ) -> None:
        with log.open("ab") as lines:
            self.main = subprocess.Popen(
                self.command(*argv), env={**os.environ, **environment}, cwd=folder,
                stdin=subprocess.DEVNULL, stdout=lines, stderr=lines, start_new_session=True,
            )  # fmt: skip

    def pids(self) -> Iterator[int]:
        """Of all that runs on it, but for what keeps it in being."""
        mine = os.stat(f"/proc/{self._init.pid}/ns/net").st_ino
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if (process / "ns/net").stat().st_ino == mine and process.name != str(
                    self._init.pid
                ):
                    yield int(process.name)

    def signal(self, number: signal.Signals) -> None:
        for pid in list(self.pids()):
            with suppress(ProcessLookupError):  # it was quicker
                os.kill(pid, number)

    def cut_off(self) -> None:
        """No word gets through, not even a farewell, and nobody is told so."""
        _cut(self._cable)
        self._at_its_end("cut")

    def plug_in(self) -> None:
        _mend(self._cable)
        self._at_its_end("mend")

    def _at_its_end(self, *arguments: str) -> None:
        command = self.command(sys.executable, "-m", "tests.hosts.ground", *arguments)
        subprocess.run(command, check=True, timeout=30)

    def freeze(self) -> None:
        """Its connections stay, and nobody answers on them."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def switch_off(self) -> None:
        """As when the power fails: nobody is told."""
        self.cut_off()
        self.signal(signal.SIGKILL)

    def close(self) -> None:
        self.signal(signal.SIGKILL)
        self._init.communicate(timeout=10)


def furnish_room() -> None:
    with IPRoute() as route:
        lo = route.link_lookup(ifname="lo")[0]
        route.link("set", index=lo, state="up")
        route.addr("add", index=lo, address=ROOM, prefixlen=32)


def _lay(cable: str, gateway: str, pid: int) -> None:
    with IPRoute() as route:
        peer = {"ifname": ITS_END, "net_ns_pid": pid}
        route.link("add", ifname=cable, kind="veth", peer=peer)
        index = route.link_lookup(ifname=cable)[0]
        route.addr("add", index=index, address=gateway, prefixlen=24)
        route.link("set", index=index, state="up")


def _cut(name: str) -> None:
    """A queue of no length drops what it is given."""
    with IPRoute() as route:
        index = route.link_lookup(ifname=name)[0]
        route.tc("add", "pfifo", index, handle="1:", limit=0)


def _mend(name: str) -> None:
    with IPRoute() as route:
        route.tc("del", "pfifo", route.link_lookup(ifname=name)[0], handle="1:")


def _settle(address: str, gateway: str) -> None:
    with IPRoute() as route:
        lo, eth0 = (route.link_lookup(ifname=name)[0] for name in ("lo", ITS_END))
        route.addr("add", index=eth0, address=address, prefixlen=24)
        for index in (lo, eth0):
            route.link("set", index=index, state="up")
        route.route("add", dst="default", gateway=gateway)


def main(what: str, *arguments: str) -> None:
    if what == "settle":
        _settle(*arguments)
    else:
        {"cut": _cut, "mend": _mend}[what](ITS_END)


if __name__ == "__main__":
    main(*sys.argv[1:])
