"""Every history of one generation, by the product's own table; and each known mistake is found."""

from dataclasses import replace

import pytest

from projects.choices import Status
from projects.transitions import ALL
from tests.model.checker import check
from tests.model.mutants import GOOD, MUTANTS
from tests.model.world import Rules, World


def test_no_history_breaks_a_promise(record_property, capsys) -> None:
    report = check(GOOD)
    record_property("states", report.states)
    with capsys.disabled():
        print(f"\n{report.states} states, {report.steps} steps, broken: {report.broken or 'none'}")
    assert report.broken == "", report.history
    assert report.states > 100_000 and report.statuses == set(Status)
    fired = {name for label in report.transitions for name in label.split()}
    assert fired >= {"T1b", "T2", "T2b", "T6", "T9", "T14", "T15", "T18", "T20"}
    assert fired >= {"submit.record", "poll.conclude", "archive.succeed", "adopt.bind"}
    assert "look.recover" in fired


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_is_found(name: str) -> None:
    rules, promise = MUTANTS[name]
    report = check(rules)
    assert report.broken == promise, (report.broken, report.history)


def test_the_unique_index_alone_would_stop_a_double_release() -> None:
    """Two defences: one that fails is caught by the other."""
    one_worker = World(threads=(None,))
    for rules in (
        replace(GOOD, unique_ending=False),
        replace(GOOD, effect_after_move=False),
    ):
        assert check(rules, one_worker).broken != MUTANTS["release without the unique index"][1]


@pytest.mark.parametrize("name", sorted({row.name for row in ALL if row.by_clock}))
def test_each_deadline_is_needed(name: str) -> None:
    table = {**GOOD.table, name: replace(GOOD.table[name], by_clock=False)}
    assert "no exit by our own clock" in check(Rules(table=table)).broken
