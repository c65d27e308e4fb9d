"""C32 and C36: answers that say nothing are told, once a job, and the job still ends by T18."""

from typing import Any

import pytest

from projects.choices import Status
from projects.models import Generation
from tests.conftest import Cast
from tests.projects.jobs import again, backdate, balances, ended_as, use_upstream
from tests.projects.test_poll import PROCESSING, Upstream, polled
from tests.projects.test_poll import poll as poll_again
from tests.servers import Reply
from tests.worker import sweep_once

pytestmark = pytest.mark.django_db
UNKNOWN = Reply.json({"status": "QUEUED_2"})
LINKLESS = Reply.json({"status": "SUCCEEDED", "urls": []})


def alerts(caplog: Any, event: str) -> int:
    return sum(record.message.startswith(f"ALERT {event} ") for record in caplog.records)


def ends_by_the_clock(job: Generation) -> bool:
    backdate(job, 24 * 3600, "status_since", "due_at")
    sweep_once()
    return ended_as(job, "timed_out")


def polled_on(cast: Cast, job: Generation, *replies: Reply) -> Generation:
    """The same job, after more answers."""
    with Upstream(*replies) as server:
        use_upstream(cast, server.origin)
        for _ in replies:
            job = poll_again(job)
    return job


@pytest.mark.parametrize("said", ["QUEUED_2", "", None, 7, "a\0b", "x" * 5000])
def test_three_unknown_words_in_a_row_are_told_once(alice: Cast, caplog: Any, said: Any) -> None:
    reply = Reply.json({"status": said})
    job, _requests = polled(alice, reply, reply)
    assert alerts(caplog, "unknown_status") == 0
    job = polled_on(alice, job, *[reply] * 3)
    assert alerts(caplog, "unknown_status") == 1 and "xxxxx" * 5 not in caplog.text
    assert job.status == Status.PROCESSING and job.public_status == "STARTING"
    assert balances(alice) == (9, 1, 0) and ends_by_the_clock(job)


@pytest.mark.parametrize("between", [PROCESSING, LINKLESS, Reply.json({"status": "failed"})])
def test_a_known_word_between_them_begins_anew(alice: Cast, caplog: Any, between: Reply) -> None:
    polled(alice, UNKNOWN, UNKNOWN, between, UNKNOWN, UNKNOWN)
    assert alerts(caplog, "unknown_status") == 0


def test_no_answer_between_them_is_none(alice: Cast, caplog: Any) -> None:
    polled(alice, UNKNOWN, Reply(500), UNKNOWN, Reply(reset=True), UNKNOWN)
    assert alerts(caplog, "unknown_status") == 1


def test_ten_minutes_without_a_link_are_told_once(alice: Cast, caplog: Any) -> None:
    job, _requests = polled(alice, LINKLESS)
    backdate(job, 500, "no_link_since")
    job = polled_on(alice, job, LINKLESS)
    assert alerts(caplog, "result_without_link") == 0
    backdate(job, 100, "no_link_since")
    job = polled_on(alice, job, LINKLESS, UNKNOWN, LINKLESS)
    assert alerts(caplog, "result_without_link") == 1
    assert again(job).status == Status.PROCESSING and balances(alice) == (9, 1, 0)
    assert ends_by_the_clock(job)


def test_another_word_ends_the_wait_for_a_link(alice: Cast, caplog: Any) -> None:
    job, _requests = polled(alice, LINKLESS)
    backdate(job, 601, "no_link_since")
    job = polled_on(alice, job, PROCESSING, LINKLESS)
    assert alerts(caplog, "result_without_link") == 0
