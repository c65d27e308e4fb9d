"""Two web hosts and three worker hosts around what they share, and an agency at work while things
happen to them. `python -m tests.hosts.town EVENTS FOLDER COMMIT`, in network namespaces of its own,
prints what it saw as JSON. The hosts begin with the code of that commit, of the one before the
newest migration if it is empty, or with today's where there is no such history.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import django

from tests.hosts import releases
from tests.hosts.balancer import Balancer
from tests.hosts.ground import ROOM, Host, furnish_room
from tests.hosts.rolling import ONLY_BY_NAME, TODAY, UPDATES, misfits, update
from tests.hosts.services import Services, wait_for

WEB, WORKERS = ("web1", "web2"), ("work1", "work2", "work3")
WEB_PORT, BALANCER_PORT = 8000, 8080
CALM_S = 5.0
MANAGE_S = 300.0  # minutes, on a machine with much other work
LASTS_S = 25.0  # longer than the sweeper's lease, and than the database waits for a lost client
REST_S = 150.0


@dataclass
class Seen:
    """Of the jobs that were asked for from an event on, until the next one. The first picture is
    counted from the event, the others from when they were asked for."""

    event: str
    jobs: int
    first_picture_s: float
    longest_accept_s: float
    longest_job_s: float
    lost_rings: int  # callbacks that nobody took, which polls make up for


@dataclass
class Report:
    seen: list[Seen] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    began_with: str = ""


class Mark(NamedTuple):
    name: str
    at: float
    lost_rings: int


class Town:
    def __init__(self, var: Path, commit: str = "") -> None:
        self.var = var
        self.release = releases.earlier(var / "earlier", commit) or releases.today()
        self.began_with = self.release.name
        self.broken: list[str] = []
        self.services = Services(var)
        self.hosts = {name: Host(name, number) for number, name in enumerate(WEB + WORKERS, 1)}
        addresses = [(self.hosts[name].address, WEB_PORT) for name in WEB]
        self.balancer = Balancer((ROOM, BALANCER_PORT), addresses)
        self.url = f"http://{ROOM}:{BALANCER_PORT}"

    def environment(self) -> dict[str, str]:
        """The same parterre.env on all; a minute of the deadlines for what is never answered."""
        return {
            **self.services.environment,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ENCRYPTION_KEYS": "dGVzdHMgb25seTogMzIgYnl0ZXMgb2Yga2V5IGhlcmU=",
            "PUBLIC_BASE_URL": self.url,
            "ALLOWED_HOSTS": "*",
            "OUTBOUND_ALLOW": f"http://{ROOM}:*",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": str(self.var / "var"),
            "API_CALLS_PER_MINUTE": "100000",
            "API_CREATES_PER_MINUTE": "100000",
            "JOB_WORKERS": "11",
            "SUBMIT_LEASE_S": "20",
            "UNCONFIRMED_DEADLINE_S": "40",
        }

    def open(self) -> None:
        self.services.start()
        os.environ.update(self.environment())
        django.setup()
        for command in (["migrate"], ["createcachetable"], ["collectstatic", "--no-input"]):
            self.manage(*command)
        self.services.start_emulator()
        for name in self.hosts:
            self.start(name)
        self.balancer.start()
        for name in WEB:
            self.wait_for_web(name)

    def wait_for_web(self, name: str) -> None:
        """A worker host has none."""
        if name in WEB:
            wait_for(f"http://{self.hosts[name].address}:{WEB_PORT}/healthz")

    def manage(self, *arguments: str) -> str:
        """What a command of the release printed."""
        run = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=self.release.folder,
            capture_output=True, text=True, timeout=MANAGE_S,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def open_agency(self) -> dict[str, str]:
        """By the release that runs: the tables are its own."""
        printed = self.manage(
            "create_agency", "--name", "Jardins du Test", "--owner-email", "owner@example.org",
            "--photos", "100000", "--iacrea-api-key", f"upstream-key-{uuid4().hex}",
            "--iacrea-user-id", str(uuid4()), "--json",
        )  # fmt: skip
        return dict(json.loads(printed))

    def start(self, name: str) -> None:
        """As the units do."""
        argv = [sys.executable, "manage.py", "worker"] if name in WORKERS else self._web(name)
        var = {"VAR_DIR": str(self.var / name)}
        self.hosts[name].start(argv, var, self.var / f"{name}.log", self.release.folder)

    def _web(self, name: str) -> list[str]:
        return [
            sys.executable, "-m", "gunicorn", "config.wsgi", "--worker-class", "gthread",
            "--config", "python:config.gunicorn",
            "--bind", f"{self.hosts[name].address}:{WEB_PORT}", "--threads", "8",
            "--graceful-timeout", "60", "--keep-alive", "15", "--no-control-socket",
        ]  # fmt: skip

    def close(self) -> None:
        self.balancer.stop()
        for host in self.hosts.values():
            host.close()
        self.services.stop()

    def sweeping(self) -> Host:
        """The worker host that began the newest term, by its log."""
        return self.hosts[max(WORKERS, key=self._last_term)]

    def _last_term(self, name: str) -> str:
        """When it began: the moment at the beginning of its line."""
        lines = (self.var / f"{name}.log").read_text().splitlines()
        terms = [line for line in lines if " processing " in line and "tasks.sweep'" in line]
        return terms[-1] if terms else ""

    def lost_rings(self) -> int:
        """Of iacrea's callbacks, how many nobody took."""
        return (self.var / "emulator.log").read_text().count("did not get through")

    # --- what may happen, and what mends it

    def events(self) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
        web, frozen, gone = (self.hosts[name] for name in ("web1", "web2", "work3"))
        return {
            "nothing happens": (lambda: None, lambda: None),
            "a web host is cut off": (web.cut_off, web.plug_in),
            "a web host freezes": (frozen.freeze, frozen.thaw),
            "the sweeping host is cut off": (self._cut_sweeper, self._mend_sweeper),
            "the sweeping host freezes": (self._freeze_sweeper, self._thaw_sweeper),
            "a worker host loses its power": (gone.switch_off, lambda: self._power("work3")),
            "PostgreSQL starts again": (self._restart_postgres, lambda: None),
            "Redis is lost": (self.services.kill_redis, self.services.start_redis),
            **{name: (partial(update, self, name), lambda: None) for name in UPDATES},
        }

    def _cut_sweeper(self) -> None:
        self._victim = self.sweeping()
        self._victim.cut_off()

    def _mend_sweeper(self) -> None:
        self._victim.plug_in()

    def _freeze_sweeper(self) -> None:
        self._victim = self.sweeping()
        self._victim.freeze()

    def _thaw_sweeper(self) -> None:
        self._victim.thaw()

    def _power(self, name: str) -> None:
        self.hosts[name].plug_in()
        self.start(name)

    def _restart_postgres(self) -> None:
        self.services.stop_postgres()
        time.sleep(3)
        self.services.start_postgres()


def run(town: Town, names: list[str]) -> Report:
    town.open()
    from tests.chaos.clients import Caller
    from tests.chaos.office import Office
    from tests.hosts.agency import Agency

    opened = town.open_agency()
    with Office(ROOM) as office:
        agency = Agency(town.url, Caller(opened["api_key"], opened["iacrea_user_id"]), office)
        agency.start()
        agency.first_picture()
        marks = [_let_happen(town, name) for name in names]
        agency.stop_wishing()
        agency.wait()
        return _report(town, agency, office, marks)


def _let_happen(town: Town, name: str) -> Mark:
    happens, mends = town.events()[name]
    at, lost = time.monotonic(), town.lost_rings()
    print(f"{name} …", file=sys.stderr, flush=True)
    happens()
    time.sleep(max(0.0, at + LASTS_S - time.monotonic()))
    mends()
    time.sleep(CALM_S)
    return Mark(name, at, town.lost_rings() - lost)


def _report(town: Town, agency: Any, office: Any, marks: list[Mark]) -> Report:
    from tests.chaos.books import Books, broken, figures, sweep_strays
    from tests.chaos.progress import rest

    rest(REST_S)
    sweep_strays()
    books = Books(town.services.emulator_state, office.ends, agency.answers)
    wrong = [*agency.wrong, *town.broken, *misfits(town), *broken(books)]
    report = Report(broken=wrong, figures=figures(books), began_with=town.began_with)
    ends = [mark.at for mark in marks[1:]] + [float("inf")]
    for mark, until in zip(marks, ends, strict=True):
        wishes = [wish for wish in agency.wishes if mark.at <= wish.asked < until]
        report.seen.append(_seen(mark, wishes))
    report.broken += [f"{wish} has no end" for wish in agency.wishes if not wish.status]
    return report


def _seen(mark: Mark, wishes: list[Any]) -> Seen:
    pictures = [wish.ended - mark.at for wish in wishes if wish.status == "SUCCEEDED"]
    return Seen(
        mark.name,
        len(wishes),
        round(min(pictures, default=float("inf")), 1),
        round(max((wish.accepted - wish.asked for wish in wishes), default=float("inf")), 1),
        round(max((wish.ended - wish.asked for wish in wishes), default=float("inf")), 1),
        mark.lost_rings,
    )


def _all(town: Town) -> list[str]:
    """Today's code first: it is what the rest is about."""
    names = [name for name in town.events() if name not in (TODAY, *ONLY_BY_NAME)]
    return [TODAY, *names]


def main(events: str, folder: str, commit: str = "") -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    furnish_room()
    town = Town(Path(folder), commit)
    names = json.loads(events) if events != "all" else _all(town)
    try:
        report = run(town, names)
    finally:
        town.close()
    print(json.dumps(asdict(report)))


if __name__ == "__main__":
    main(*sys.argv[1:])
