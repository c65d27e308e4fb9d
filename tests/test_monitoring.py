"""What an operator watches with: /metrics, the rules and the dashboard that read it, and what to do
when a rule speaks."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from deploy.tree import ROOT, project_files
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import Delivery
from integrations.webhooks.services import send_ping
from projects import sweeper
from projects.desk import signs
from tests.conftest import Cast
from tests.desk.unwell import ended
from tests.developers.pages import endpoint

TOKEN = "a long random word"
MONITORING = ROOT / "deploy" / "monitoring"
# As in `parterre_pictures_(made|failed)`, which stands for two.
NAME = re.compile(r"parterre_\w+(?:\(\w+(?:\|\w+)*\))?")
# Of a histogram.
PART = re.compile(r"_(bucket|count|sum)$")
LIMIT = re.compile(r">= ([\d.]+)")
ALERT = re.compile(r'\balert(?:_once)?\(\s*(?:\w+, )?"(\w+)"')
HEADING = re.compile(r"^## (\w+)$", re.MULTILINE)
# By whose limit of the health page each rule speaks.
LIMITS = {
    "ParterreJobsOverdue": "overdue_s", "ParterreQueueLong": "queue",
    "ParterreSendsWait": "longest_wait_s", "ParterrePicturesFail": "failed_share",
    "ParterrePicturesSlow": "late_s", "ParterreOutcomesUnclear": "unclear",
    "ParterreJobsStuck": "stuck", "ParterreAccountsHeldUp": "held_up",
    "ParterreMessagesLate": "undelivered_s", "ParterreSupportOwesAnAnswer": "waits_s",
}  # fmt: skip
Samples = dict[tuple[str, str], float]


@pytest.fixture
def token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def scraped() -> Samples:
    """Each value by its name and its label's."""
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (sample.name, "".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def names() -> set[str]:
    """Also of those that have no sample now."""
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    return set(re.findall(r"^# TYPE (\w+) \w+$", answer.content.decode(), re.MULTILINE))


def rules() -> dict[str, str]:
    (group,) = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def read_by(text: str) -> set[str]:
    found = set()
    for name in NAME.findall(text):
        stem, _, choice = name.rstrip(")").partition("(")
        found |= {PART.sub("", stem + word) for word in choice.split("|")}
    return found


def test_nobody_reads_it_where_no_token_is_set(client: Client, db: None) -> None:
    answer = client.get("/metrics", headers={"authorization": "Bearer "})
    assert answer.status_code == 404 and b"METRICS_TOKEN is not set" in answer.content


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_nobody_reads_it_without_the_token(
    client: Client, token: None, db: None, given: str
) -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/metrics", headers={"authorization": given})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert TOKEN.encode() not in answer.content and len(queries) == 0
    assert client.post("/metrics").status_code == 405


def test_it_says_what_the_rows_say(token: None, alice: Cast) -> None:
    assert sweeper.acquire()
    for code in ("", "", "", "timed_out", "timed_out"):
        ended(alice, code, seconds=40)
    late = send_ping(endpoint(alice).pk)
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Delivery.objects.filter(pk=late.pk).update(
        state=DeliveryState.PENDING, next_attempt_at=an_hour_ago
    )
    found = scraped()
    assert found["parterre_pictures_made", "1h"] == found["parterre_pictures_made", "24h"] == 3
    assert found["parterre_pictures_failed", "1h"] == 2
    assert found["parterre_sweeper_running", ""] == 1
    assert found["parterre_generations_in_flight", "PROCESSING"] == 0
    assert found["parterre_waiting", "late_deliveries"] == 1
    assert 3600 <= found["parterre_waiting_oldest_seconds", "late_deliveries"] < 3700
    assert not [name for name, _label in found if name == "parterre_picture_seconds"], "too few"
    for _ in range(2):
        ended(alice, seconds=40)
    assert 39 < scraped()["parterre_picture_seconds", "0.95"] < 41


def test_it_names_nobody_and_asks_little(token: None, alice: Cast) -> None:
    ended(alice)
    with CaptureQueriesContext(connection) as queries:
        text = Client().get("/metrics", headers={"authorization": f"bearer {TOKEN}"}).content
    assert len(queries) == 6 and b"Alice" not in text
    assert str(alice.agency.pk).encode() not in text


def test_rules_and_dashboard_read_what_there_is(token: None, db: None) -> None:
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    asked = [t["expr"] for panel in dashboard["panels"] for t in panel["targets"]]
    assert len(asked) >= 9 and read_by(" ".join(asked)) == names(), "each has its place there"
    assert read_by(" ".join(rules().values())) <= names()
    documented = read_by((ROOT / "docs/monitoring.md").read_text())
    assert documented == names()


def test_rules_speak_where_the_health_page_says_act() -> None:
    for rule, limit in LIMITS.items():
        numbers = [float(number) for number in LIMIT.findall(rules()[rule])]
        assert signs.LIMITS[limit].act in numbers, rule


def test_each_alert_has_its_part_in_the_runbook() -> None:
    said = {
        name
        for path in project_files(".py")
        if path.relative_to(ROOT).parts[0] in ("accounts", "projects", "integrations")
        for name in ALERT.findall(path.read_text())
    }
    assert {"account_paused", "archive_delayed", "ledger_difference"} <= said
    parts = HEADING.findall((ROOT / "docs/runbook.md").read_text())
    assert sorted(parts) == sorted({*rules(), *said})
