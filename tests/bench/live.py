""" "Nothing has changed", as pages that wait ask for it: beside a bare view that reads one row's
version and says the same."""

import re
from collections.abc import Iterator
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import Project
from tests.bench.bench import Bench
from tests.bench.calls import CLIENTS, Call, per_second
from tests.bench.report import Row
from tests.bench.rounds import alternate
from tests.bench.rows import agency
from tests.bench.web import BARE, OURS, web
from tests.conftest import Cast, signed_in
from tests.garden import processing_generation

GOAL = 0.5
QUERIES = 2
CARDS = 24  # a full page of the list
NAMES = {"project": "the project's page", "list": f"the list of {CARDS} projects"}


def measure(bench: Bench) -> Iterator[Row]:
    cast = agency(CARDS)
    newest = [processing_generation(cast, f"bench-live-{n}") for n in range(CARDS)][-1]
    pages = {"project": f"/projets/{newest.project_id}", "list": "/"}
    asked = {name: _asked_by(cast, page) for name, page in pages.items()}
    for name, call in asked.items():
        yield _queries(name, call)
    bare = _bare(newest.project)
    with web(*OURS) as ours, web(*BARE) as floor:
        for name, call in asked.items():
            yield _rate(bench, name, (ours, call), (floor, bare))


def _asked_by(cast: Cast, page: str) -> Call:
    """What the page asks again and again while its picture is made."""
    html = signed_in(cast.owner).get(page).content.decode()
    url, etag = (re.search(rf'data-{name}="([^"]+)"', html) for name in ("live", "etag"))
    assert url and etag, "it waits for something"
    return Call("GET", unescape(url[1]), 304, shown=unescape(etag[1]))


def _bare(project: Project) -> Call:
    project.refresh_from_db()  # its version is counted in the database
    return Call("GET", f"/shown/{project.pk}", 304, shown=f'W/"{project.version}"')


def _queries(name: str, call: Call) -> Row:
    with CaptureQueriesContext(connection) as seen:
        answer = Client(headers={"if-none-match": call.shown}).get(call.path)
    assert answer.status_code == call.status
    count = len(seen.captured_queries)
    return Row(
        f"queries of a live 304 of {NAMES[name]}", str(count), "",
        goal=f"≤ {QUERIES}", met=count <= QUERIES,
    )  # fmt: skip


def _rate(bench: Bench, name: str, ours: tuple[str, Call], floor: tuple[str, Call]) -> Row:
    pairs = alternate(
        lambda: per_second(*ours, bench.size.seconds),
        lambda: per_second(*floor, bench.size.seconds),
        bench.size.rounds,
    )
    figure = f"live 304 of {NAMES[name]}, {CLIENTS} clients"
    return pairs.row(figure, "/s", "a bare Django view reads the version", GOAL)
