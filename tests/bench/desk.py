"""The support desk on a million generations, as somebody of the staff uses it: each kind of search,
the lists of the admin and its pages; beside the same on a thousand."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import psycopg
from django.conf import settings

from tests.bench.bench import Bench
from tests.bench.lists import FEW, database, manage_in, settle
from tests.bench.report import Row
from tests.bench.rounds import Pairs, alternate, percentile
from tests.bench.web import OURS, web

MOST_MS = 1000
PER_PAGE, LAST_PAGE = 100, 100
PLANT = "from tests.bench.desk_rows import main; main({})"
UNKNOWN = {
    "an id that there is not": str(uuid4()),
    "a name that nobody has": "nobody is called so",
    "an address that there is not": "https://nowhere.example.org/",
}
LISTS = {
    "generations": "projects/generation", "uploads": "projects/upload",
    "pictures": "projects/picture", "projects": "projects/project",
    "API calls": "accounts/apirequest", "audit entries": "accounts/auditentry",
    "ledger entries": "accounts/ledgerentry", "messages": "webhooks/delivery",
    "events": "webhooks/event",
}  # fmt: skip
FILTERS = {
    "generations that failed": "projects/generation/?status__exact=FAILED",
    "generations with an unclear outcome, none": "projects/generation/?status__exact=UNCONFIRMED",
    "generations that failed for a reason that none has": (
        "projects/generation/?failure_code__exact=timeout"
    ),
    "API calls that were refused, none": "accounts/apirequest/?status__gte=400",
}
# Of the tables that grow with the generations.
READ_WHOLE = """\
SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE n_live_tup >=
(SELECT n_live_tup / 5 FROM pg_stat_user_tables WHERE relname = 'projects_generation')
"""


@dataclass(frozen=True)
class Desk:
    """`told`: what a customer has in their hands, by what it is, and a session of the staff."""

    origin: str
    told: dict[str, str]
    times: dict[str, list[float]] = field(default_factory=dict)

    def milliseconds(self, path: str, count: int) -> float:
        """The median of some visits, one after the other."""
        connection = http.client.HTTPConnection(str(urlsplit(self.origin).netloc), timeout=300)
        visits = [self._visit(connection, path) for _ in range(count)]
        connection.close()
        self.times.setdefault(path, []).extend(visits)
        return percentile(visits, 50)

    def _visit(self, connection: http.client.HTTPConnection, path: str) -> float:
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.told['session']}"
        begin = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        there = answer.getheader("Location", "")
        assert answer.status == 200 or there.endswith("/change/"), (path, answer.status, there)
        return (time.perf_counter() - begin) * 1000

    @property
    def paths(self) -> dict[str, str]:
        """Addresses by what they show."""
        told, named = self.told, urlencode({"q": self.told["a part of an agency's name"]})
        pieces = {name: text for name, text in told.items() if name not in NO_PIECE} | UNKNOWN
        return {
            **{f"search by {name}": _search(text) for name, text in pieces.items()},
            **{f"list of {name}": f"/admin/{path}/" for name, path in LISTS.items()},
            **{f"list of {name}": f"/admin/{path}" for name, path in FILTERS.items()},
            **{f"{name} of one agency": f"/admin/{path}/?{named}" for name, path in LISTS.items()},
            "page of a generation": f"/admin/projects/generation/{told['an id']}/change/",
            "page of an agency": f"/admin/accounts/agency/{told['agency']}/change/",
            "page of the health": "/admin/sante",
        }


NO_PIECE = ("session", "agency", "member")


def measure(bench: Bench) -> Iterator[Row]:
    few, many = min(FEW, bench.size.generations), bench.size.generations
    with planted(few) as (small_url, little), planted(many) as (url, told):
        read = _read_whole(url)
        with web(*OURS, url) as origin, web(*OURS, small_url) as small_origin:
            large, small = Desk(origin, told), Desk(small_origin, little)
            yield from (_beside(bench, name, large, small) for name in large.paths)
            yield from (_deep(bench, name, large) for name in LISTS)
        yield _read(_read_whole(url) - read)


@contextmanager
def planted(generations: int) -> Iterator[tuple[str, dict[str, str]]]:
    """A database, and what there is to look for in it."""
    with database(generations) as (url, _key):
        said = manage_in(url, "shell", "-v0", "-c", PLANT.format(generations))
        settle(url)
        yield url, json.loads(said.splitlines()[-1])


def _search(text: str) -> str:
    return f"/admin/chercher?{urlencode({'q': text})}"


def _beside(bench: Bench, name: str, large: Desk, small: Desk) -> Row:
    path, other, visits = large.paths[name], small.paths[name], bench.size.visits
    pairs = alternate(
        lambda: large.milliseconds(path, visits),
        lambda: small.milliseconds(other, visits),
        bench.size.rounds,
    )
    few = min(FEW, bench.size.generations)
    return _row(f"{name}, of {bench.size.generations}", large.times[path], pairs, f"of {few}")


def _deep(bench: Bench, name: str, large: Desk) -> Row:
    """The last page that can be turned to, or what the fewest, the projects, have."""
    number = min(LAST_PAGE, bench.size.generations // 4 // PER_PAGE + 1)
    first, visits = f"/admin/{LISTS[name]}/", bench.size.visits
    deep = f"{first}?p={number}"
    pairs = alternate(
        lambda: large.milliseconds(deep, visits),
        lambda: large.milliseconds(first, visits),
        bench.size.rounds,
    )
    return _row(f"page {number} of {name}", large.times[deep], pairs, "the first")


def _row(figure: str, times: list[float], pairs: Pairs, rival: str) -> Row:
    """The worst of all visits is told, the first with empty caches among them."""
    median = percentile(times, 50)
    return Row(
        figure,
        f"{median:.0f} ms, at most {max(times):.0f}",
        f"{percentile(pairs.rival, 50):.0f} ms, {rival}",
        f"{pairs.ratio:.2f}",
        "p50 ≤ 1 s",
        median <= MOST_MS,
    )


def _read_whole(url: str) -> int:
    """How often a large table was read from end to end, in the database's whole life."""
    with psycopg.connect(url) as connection:
        row = connection.execute(READ_WHOLE).fetchone()
    return int(row[0]) if row else 0


def _read(times: int) -> Row:
    figure = "large tables read from end to end by all of these"
    return Row(figure, str(times), "", goal="0", met=times == 0)
