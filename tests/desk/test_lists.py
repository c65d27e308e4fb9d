"""Lists of the admin at a million rows: not counted, not sorted, not looked through."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.admin_lists import MOST_PAGES, LongList
from accounts.choices import Mode
from accounts.models import ApiKey, ApiRequest, AuditEntry, LedgerEntry, Notification
from integrations.webhooks.models import Delivery, Event
from projects.models import CallbackReceipt, Generation, Picture, Project, Upload
from tests.conftest import Cast
from tests.desk.looks import supporter
from tests.developers.pages import planted_call
from tests.garden import succeeded_generation
from tests.plans import plan
from tests.test_admin import LISTED, address

pytestmark = pytest.mark.django_db
# Of the tables that grow with the jobs.
LONG = (
    Generation, Project, Upload, Picture, CallbackReceipt, ApiRequest, LedgerEntry, AuditEntry,
    Notification, Event, Delivery,
)  # fmt: skip
ASKED = ("", "?q=alice", "?q=0123abcd", "?p=1", "?_facets=True", "?all=", "?o=2.1")


@pytest.fixture
def dana(db: None) -> Client:
    return supporter()


def calls(cast: Cast, count: int, **fields: Any) -> list[ApiRequest]:
    """The first is the newest."""
    key = ApiKey.objects.get(agency=cast.agency, mode=Mode.LIVE)
    first, now = planted_call(key, **fields), timezone.now()
    rows = ApiRequest.objects.filter(pk=first.pk)
    values = rows.values()[0]
    ApiRequest.objects.bulk_create(
        ApiRequest(**values | {"id": uuid4(), "called_at": now - timedelta(seconds=n)})
        for n in range(1, count)
    )
    return list(ApiRequest.objects.order_by("-called_at"))


def asked(dana: Client, model: type[Model], query: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert dana.get(address(model, "changelist") + query).status_code == 200
    return [query["sql"] for query in queries]


def listed(dana: Client, model: type[Model], query: str = "") -> Any:
    answer = dana.get(address(model, "changelist") + query)
    assert answer.status_code == 200
    return answer.context["cl"]


@pytest.mark.parametrize("query", ASKED)
def test_no_list_is_counted(query: str, dana: Client, alice: Cast) -> None:
    succeeded_generation(alice)
    for model in LISTED:
        said = asked(dana, model, query)
        assert not [sql for sql in said if "COUNT(" in sql], model
        assert len(said) <= 12, model


def test_what_grows_with_the_jobs_is_a_long_list() -> None:
    views = admin.site._registry
    assert {model for model in LISTED if isinstance(views[model], LongList)} == set(LONG)


# --- Pages


def test_pages_follow_each_other_until_the_last(dana: Client, alice: Cast) -> None:
    every = calls(alice, 205)
    shown = [row for n in (1, 2, 3) for row in listed(dana, ApiRequest, f"?p={n}").result_list]
    assert shown == every
    words = [pages_of(dana, f"?p={n}") for n in (1, 2, 3)]
    assert ["100+ " in words[0], "200+ " in words[1], "205 " in words[2]] == [True] * 3
    assert '?p=2"' in words[0] and '?p=3"' in words[1] and '?p=2"' in words[2]
    assert '?p=3"' not in words[0] and '?p=4"' not in words[2]


def pages_of(dana: Client, query: str) -> str:
    html = dana.get(address(ApiRequest, "changelist") + query).content.decode()
    found = re.search(r'<p class="paginator">(.*?)</p>', html, re.DOTALL)
    assert found
    return found[1]


def test_there_is_no_page_after_the_last(dana: Client, alice: Cast) -> None:
    calls(alice, 3)
    for number in (0, 2, MOST_PAGES + 1):
        answer = dana.get(address(ApiRequest, "changelist") + f"?p={number}")
        assert answer.status_code == 302 and answer["Location"].endswith("?e=1")
        assert dana.get(answer["Location"]).status_code == 200


def test_nobody_turns_more_pages_than_are_offered(
    dana: Client, alice: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls(alice, 205)
    monkeypatch.setattr("accounts.admin_lists.MOST_PAGES", 2)
    words = pages_of(dana, "?p=2")
    assert '?p=3"' not in words and "200+ " in words


def test_nothing_is_selected_that_was_not_shown(dana: Client, alice: Cast) -> None:
    """Django offers to select all that it counted."""
    job = succeeded_generation(alice)
    values = Generation.objects.filter(pk=job.pk).values()[0]
    Generation.objects.bulk_create(
        Generation(**values | {"id": uuid4(), "upstream_id": str(uuid4())}) for _ in range(101)
    )
    html = dana.get(address(Generation, "changelist")).content.decode()
    assert "100+ " in html and 'class="question' not in html


def test_how_many_were_found_is_said_where_it_is_known(dana: Client, alice: Cast) -> None:
    calls(alice, 101, method="PUT")
    page = address(ApiRequest, "changelist")
    assert "100 results" not in dana.get(page, {"q": alice.agency.name}).content.decode()
    planted_call(ApiKey.objects.get(agency=alice.agency, mode=Mode.LIVE), request_id="the-one")
    assert "1 result " in dana.get(page, {"q": "the-one"}).content.decode()


# --- What is looked for


def test_by_ids_and_by_whose_it_is(dana: Client, alice: Cast, charlie: Cast) -> None:
    job = succeeded_generation(alice)
    succeeded_generation(charlie, "upstream-2")
    for model, row in ((Generation, job), (Project, job.project), (Picture, job.pictures.get())):
        for text in (row.pk, str(row.pk)[:8], row.pk.hex.upper(), f"alice+{row.pk}"):
            assert list(listed(dana, model, f"?q={text}").result_list) == [row]
        assert [row.agency for row in listed(dana, model, "?q=lic").result_list] == [alice.agency]
        assert not listed(dana, model, f"?q=charlie+{row.pk}").result_list


def test_each_by_what_it_has_an_index_of(dana: Client, alice: Cast) -> None:
    job = succeeded_generation(alice)
    call = planted_call(
        ApiKey.objects.get(agency=alice.agency, mode=Mode.LIVE), subject_id=job.pk, request_id="r-1"
    )
    entry = audit.record(agency=alice.agency, action="a.test", target="row-1", actor_id="")
    for model, texts, rows in (
        (ApiRequest, (job.pk, "r-1"), [call]),
        (AuditEntry, ("a.test", "row-1", f"{alice.agency.name}+a.test"), [entry]),
        (LedgerEntry, (job.pk,), list(LedgerEntry.objects.filter(generation_id=job.pk))),
    ):
        for text in texts:
            assert list(listed(dana, model, f"?q={text}").result_list) == rows


def test_calls_by_the_kind_of_their_answer(dana: Client, alice: Cast) -> None:
    key = ApiKey.objects.get(agency=alice.agency, mode=Mode.LIVE)
    _well, refused, failed = (planted_call(key, status=status) for status in (200, 404, 503))
    assert set(listed(dana, ApiRequest, "?status__gte=400").result_list) == {refused, failed}
    assert list(listed(dana, ApiRequest, "?status__gte=500").result_list) == [failed]
    html = dana.get(address(ApiRequest, "changelist") + "?status__gte=500").content.decode()
    assert re.search(r'class="selected">\s*<a href="\?status__gte=500"', html)


# --- How


@pytest.mark.skipif(connection.vendor != "sqlite", reason="as SQLite tells its plan")
@pytest.mark.parametrize("model", LONG, ids=lambda model: model.__name__)
def test_no_long_list_is_sorted(model: type[Model], dana: Client, alice: Cast) -> None:
    """It is read in the order of an index: what rows of one moment leave to sort is little."""
    for query in ("", "?o=-0.1.2"):
        said = asked(dana, model, query)
        (rows,) = [sql for sql in said if f'FROM "{model._meta.db_table}"' in sql]
        assert [step for step in plan(rows) if "TEMP B-TREE FOR ORDER BY" in step] == []


def test_a_long_list_is_sorted_by_its_own_order_only(dana: Client, alice: Cast) -> None:
    every = calls(alice, 3)
    assert listed(dana, ApiRequest).result_list == every
    assert listed(dana, ApiRequest, "?o=0").result_list == every[::-1], "turned around"
    for other in range(1, 8):
        assert listed(dana, ApiRequest, f"?o={other}").queryset.query.order_by == (
            "-called_at",
            "-pk",
        )
