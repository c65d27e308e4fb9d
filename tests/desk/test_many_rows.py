"""A command on a list: so many rows at once, and above that nothing is done."""

from typing import Any

import pytest

from accounts.models import ApiKey
from accounts.staff import admin
from tests.conftest import Cast
from tests.desk.commands import CASES, WHY
from tests.desk.test_actions import ask, press, said
from tests.desk.test_proposals import staff

pytestmark = pytest.mark.django_db
KEY = next(case for case in CASES if case.name == "revoke_key")


def works() -> int:
    return ApiKey.objects.filter(revoked_at=None).count()


def test_too_many_are_refused_before_any_is_shown(alice: Cast, monkeypatch: Any) -> None:
    _user, dana = staff("dana")
    rows = [KEY.make(alice) for _each in range(3)]
    all_of_them = works()
    monkeypatch.setattr(admin, "MOST_ROWS", 2)
    pressed = {"press": "1", "reason": WHY, "once": "0" * 32}
    for chosen in (
        ask(dana, "revoke_key", *rows),
        ask(dana, "revoke_key", rows[0], select_across="1"),
        ask(dana, "revoke_key", *rows, **pressed),
        ask(dana, "revoke_key", rows[0], select_across="1", **pressed),
    ):
        assert "More than 2 rows were chosen" in said(chosen)
        assert 'name="reason"' not in chosen.content.decode()
    assert works() == all_of_them
    assert "2 rows: done." in said(press(dana, "revoke_key", *rows[:2]))
    assert works() == all_of_them - 2
