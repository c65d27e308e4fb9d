"""One piece of the campaign: a fresh house, so many jobs, so many deaths; then rest, and the books.

It is a process of its own: `python -m tests.chaos.piece '{"seed": 7}'`.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

from tests import postgres
from tests.chaos import orders, upstream
from tests.chaos.clients import Caller, Clients
from tests.chaos.house import House
from tests.chaos.killer import Killer
from tests.chaos.office import Office

CALLERS = 20
MOST_LIVE = 120
# What PostgreSQL may lose when the machine dies, but not when one of its processes does.
MACHINE_STAYS_UP = ["fsync=off", "full_page_writes=off"]


@dataclass(frozen=True)
class Plan:
    """`each` is how often each failpoint is ordered to kill, `strikes` how many more die by chance;
    `asleep` is the share of all those that are stopped for a while instead, and go on; `rings` is
    what iacrea's callbacks are: "off", "bare", or "with id"."""

    seed: int
    generations: int = 1000
    each: int = 3
    strikes: int = 15
    asleep: float = 0.15
    over_s: float = 150
    rings: str = "with id"
    database: str = "postgres"
    rest_s: float = 240
    spoil: str = ""  # SQL that a mutant needs


@dataclass
class Result:
    plan: Plan
    broken: list[str] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)
    stops: int = 0
    struck: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    seconds: float = 0


def run(plan: Plan) -> Result:
    began = time.monotonic()
    var = Path(tempfile.mkdtemp(prefix="parterre-chaos-"))
    try:
        with _database(plan, var) as url:
            result = _run(plan, var, url)
    finally:
        shutil.rmtree(var)
    result.seconds = round(time.monotonic() - began)
    return result


def _run(plan: Plan, var: Path, url: str) -> Result:
    workers = 2 if plan.database == "postgres" else 1
    house = House(var, url, workers=workers, ring_ids=plan.rings == "with id")
    upstream.write(house.faults, seed=plan.seed, rings=plan.rings != "off")
    os.environ.update(house.environment)
    django.setup()
    callers = _furnish(plan)
    with Office() as office:
        clients = Clients(house.url, callers, office, plan.seed)
        killer = Killer(
            house.orders, plan.seed, plan.each, plan.strikes, plan.asleep, plan.over_s,
            house.roots, house.crash_database,
        )  # fmt: skip
        house.start(plan.seed)
        try:
            _live(plan, clients, killer)
            return _judge(plan, house, clients, killer, office)
        finally:
            clients.stop()
            killer.stop()
            house.stop()


def _furnish(plan: Plan) -> list[Caller]:
    from django.core.management import call_command
    from django.db import connection

    from integrations.iacrea.onboarding import open_agency

    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--no-input"]):
        call_command(*command, verbosity=0)
    if plan.spoil:
        with connection.cursor() as cursor:
            cursor.execute(plan.spoil)
    callers = []
    for number in range(CALLERS):
        # The first one has so few photos that it is soon refused.
        opened = open_agency(
            name=f"Agency {number}",
            owner_email=f"owner{number}@example.org",
            photos=10_000 if number else 10,
            iacrea_api_key=f"upstream-key-{uuid4().hex}",
            iacrea_user_id=uuid4(),
        )
        callers.append(Caller(opened.api_key, opened.iacrea_user_id))
    return callers


def _live(plan: Plan, clients: Clients, killer: Killer) -> None:
    """Until there are enough jobs and all that was ordered has been obeyed, or nothing comes any
    more."""
    from tests.chaos.progress import counts

    clients.start()
    killer.start()
    end = time.monotonic() + 2 * plan.over_s + 60
    while time.monotonic() < end:
        total, live = counts()
        if total >= plan.generations and killer.is_done:
            break
        (clients.may_post.set if live < MOST_LIVE else clients.may_post.clear)()
        time.sleep(0.3)
    clients.may_post.clear()


def _judge(plan: Plan, house: House, clients: Clients, killer: Killer, office: Office) -> Result:
    from tests.chaos.books import Books, broken, figures, sweep_strays
    from tests.chaos.progress import rest

    orders.close(house.orders)
    orders.withdraw(house.orders)
    killer.stop()
    rest(plan.rest_s)
    clients.stop()
    strays = sweep_strays()
    books = Books(house.state, office.ends, clients.answers)
    hits = orders.hits(house.orders)
    kills = Counter(hit.failpoint for hit in hits if _row_was_open(hit, books))
    result = Result(plan, kills=dict(kills), struck=killer.struck)
    result.stops = sum(hit.seconds > 0 for hit in hits)
    result.broken = [*clients.wrong, *broken(books), *_secrets_in_logs(house, clients, books)]
    result.figures = {
        **figures(books),
        "refused": sum(clients.refused.values()),
        "posted again": clients.repeated,
        "stray files": strays,
    }
    if result.broken and (keep := os.environ.get("CHAOS_KEEP")):
        _keep_evidence(Path(keep) / f"seed-{plan.seed}", house, books, result)
    return result


def _keep_evidence(folder: Path, house: House, books: Any, result: Result) -> None:
    from tests.chaos.books import story

    shutil.copytree(house.var, folder, dirs_exist_ok=True)
    text = " ".join(result.broken)
    stories = [line for pk, job in books.jobs.items() if pk in text for line in [*story(job), ""]]
    (folder / "stories").write_text("\n".join([*result.broken, "", *stories]))


def _row_was_open(hit: orders.Hit, books: Any) -> bool:
    """The job in hand was there, or at F02 is not there, since its transaction was lost; of a key,
    a job was made later."""
    if hit.subject.startswith("key:"):
        return bool(books.answers.get(hit.subject.removeprefix("key:")))
    if hit.subject.startswith("token:"):
        return hit.subject.removeprefix("token:") in books.attempts
    return (hit.subject in books.jobs) != (hit.failpoint == "F02" and not hit.seconds)


def _secrets_in_logs(house: House, clients: Clients, books: Any) -> Iterator[str]:
    from integrations.iacrea.models import IacreaAccount

    text = "".join(log.read_text(errors="replace") for log in house.var.glob("*.log"))
    secrets = {caller.key for caller in clients.callers}
    secrets |= {account.api_key for account in IacreaAccount.objects.all()}
    secrets |= {str(row.webhook).rstrip("/").rsplit("/", 1)[-1] for row in books.theirs}
    for secret in secrets:
        if secret in text:
            yield f"a secret is in a log: {secret[:6]}…"


@contextmanager
def _database(plan: Plan, var: Path) -> Iterator[str]:
    if plan.database != "postgres":
        yield f"sqlite:///{var}/parterre.sqlite3"
        return
    folder = Path(tempfile.mkdtemp(prefix="parterre-postgres-"))
    try:
        shutil.chown(folder, **postgres.unprivileged())
        with postgres.server(folder, MACHINE_STAYS_UP) as url:
            yield url
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(folder)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # the house ends too
    print(json.dumps(asdict(run(Plan(**json.loads(sys.argv[1]))))))
