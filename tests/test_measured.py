"""Requests in /metrics: each process and thread of a host counts, and only our names are kept."""

import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from config.supervise import Process
from integrations.doors.measured import HOST
from tests.ports import free_ports
from tests.stack import ROOT, STOP_S, Stack, answers, wait_until

pytestmark = pytest.mark.processes
TOKEN = "a long random word"
MANY, SCRAPES = 240, 12
Samples = dict[tuple[str, ...], float]


class Web:
    """As the unit starts it, with three processes."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_ports(1)}"
        argv = [
            sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "python:config.gunicorn",
            "--chdir", str(ROOT), "--bind", self.url.removeprefix("http://"), "--preload",
            "--worker-class", "gthread", "--workers", "3", "--threads", "4", "--no-control-socket",
        ]  # fmt: skip
        self.tmp, self.log = folder, folder / "web.log"
        environment = {**stack.environment, "METRICS_TOKEN": TOKEN, "TMPDIR": str(folder)}
        self.process = Process("web", argv, self.log, environment)

    def start(self) -> None:
        self.process.start()
        wait_until(lambda: answers(f"{self.url}/healthz"), 60, self.log.read_text)

    def stop(self) -> None:
        self.process.ask_to_stop()
        self.process.end(time.monotonic() + STOP_S)

    def folders(self) -> list[Path]:
        return list(self.tmp.glob("parterre-counts-*"))

    def workers(self) -> list[int]:
        return [
            int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", self.log.read_text())
        ]

    def ask(self, path: str, method: str = "GET") -> int:
        return requests.request(method, self.url + path, timeout=30).status_code

    def scraped(self) -> Samples:
        """By name and what the labels say, but the host."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        answer = requests.get(f"{self.url}/metrics", headers=headers, timeout=30)
        assert answer.status_code == 200
        return {
            (sample.name, *_said(sample.labels)): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
            if sample.name.startswith("parterre_http") and sample.labels["host"] == HOST
        }


def _said(labels: dict[str, str]) -> list[str]:
    return [labels[name] for name in sorted(labels) if name != "host"]


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    try:
        web.start()
        yield web
    finally:
        web.stop()


def requests_of(found: Samples, view: str) -> Counter[tuple[str, ...]]:
    """By method and status."""
    name = "parterre_http_requests_total"
    return Counter(
        {key[1:3]: int(n) for key, n in found.items() if key[0] == name and key[3] == view}
    )


def heads(web: Web) -> int:
    """Nobody else asks so."""
    return requests_of(web.scraped(), "healthz")["HEAD", "2xx"]


def test_all_processes_of_a_host_count_together(stack: Stack, tmp_path: Path) -> None:
    with serving(Web(stack, tmp_path)) as web:
        with ThreadPoolExecutor(12) as pool:
            answered = pool.map(lambda _number: web.ask("/healthz", "HEAD"), range(MANY))
            assert set(answered) == {200}
        assert [heads(web) for _ in range(SCRAPES)] == [MANY] * SCRAPES, "whichever answers"
        (folder,) = web.folders()
        assert len(list(folder.glob("counter_*.db"))) >= 2, "several processes answered"
        os.kill(web.workers()[0], signal.SIGKILL)
        wait_until(lambda: len(web.workers()) == 4, 30, web.log.read_text)
        assert heads(web) == MANY, "what it had counted stays"
        assert web.scraped()["parterre_http_request_seconds_bucket", "+Inf", "healthz"] >= MANY
        web.stop()
        assert web.folders() == []
        web.start()
        assert web.folders() != [folder] and heads(web) == 0


def test_no_stranger_makes_a_series(stack: Stack, tmp_path: Path) -> None:
    with serving(Web(stack, tmp_path)) as web:
        known = set(web.scraped())
        for number in range(20):
            assert web.ask(f"/nowhere-{number}") == 404
            assert web.ask("/healthz", f"VERB{number}") == 403
            assert web.ask(f"/m/{number}") == 404
            assert web.ask(f"/projets/00000000-0000-4000-8000-{number:012}") == 200, "sign in"
        found = web.scraped()
        assert requests_of(found, "none") == {("GET", "4xx"): 40}
        assert requests_of(found, "healthz")["other", "4xx"] == 20
        assert requests_of(found, "projects:detail") == {("GET", "3xx"): 20}
        told = {key for key in set(found) - known if key[0] == "parterre_http_requests_total"}
        assert len(told) <= 6 and not [key for key in found if "nowhere" in str(key)]
