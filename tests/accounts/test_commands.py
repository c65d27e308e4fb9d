"""The operator's commands: create_agency and audit_ledger."""

import json
import os
import re
import subprocess
import sys
import threading
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.choices import LotSource, Mode
from accounts.models import Agency, ApiKey, LedgerEntry, Membership, PhotoLot, PhotoQuota, User
from accounts.quota import grant_photos
from integrations.iacrea.accounts import account_for
from integrations.iacrea.models import IacreaAccount
from tests.conftest import Cast
from tests.garden import queued_generation, succeeded_generation

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {"agency_id", "api_key", "test_api_key", "user_id", "iacrea_user_id"}


def create(**changes: str) -> dict[str, str]:
    """What `create_agency --json` prints."""
    given = {"name": "Jardins", "owner-email": "alice@example.org", "photos": "100"} | changes
    arguments = [part for name, value in given.items() for part in (f"--{name}", value)]
    out = StringIO()
    call_command("create_agency", *arguments, "--json", stdout=out)
    printed: dict[str, str] = json.loads(out.getvalue())
    return printed


def credit(printed: dict[str, str], key: str = "api_key") -> Any:
    body = json.dumps({"user_id": printed["iacrea_user_id"]})
    headers = {"x-api-key": printed[key]}
    return Client().post("/api/account/credit", body, "application/json", headers=headers)


def rows() -> list[int]:
    models = (Agency, User, Membership, ApiKey, PhotoLot, PhotoQuota, LedgerEntry, IacreaAccount)
    return [model._default_manager.count() for model in models]


@pytest.mark.django_db
def test_it_prints_ids_and_keys_that_work() -> None:
    printed = create()
    assert printed.keys() == KEYS
    agency = Agency.objects.get(pk=printed["agency_id"])
    owner = Membership.objects.get(agency=agency)
    assert (str(owner.user_id), str(owner.iacrea_user_id), owner.role) == (
        printed["user_id"], printed["iacrea_user_id"], "owner",
    )  # fmt: skip
    assert credit(printed).json()["total"] == 100
    assert credit(printed, "test_api_key").json()["total"] == 1000
    assert printed["api_key"].startswith("prt_live_")
    assert printed["test_api_key"].startswith("prt_test_")


@pytest.mark.django_db
def test_without_json_each_line_is_one_fact(capsys: Any) -> None:
    call_command("create_agency", "--name", "Jardins", "--owner-email", "alice@example.org")
    lines = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    assert lines.keys() == KEYS


@pytest.mark.django_db
def test_an_agency_brings_its_own_iacrea_key() -> None:
    user_id = str(uuid4())
    printed = create(**{"iacrea-user-id": user_id, "iacrea-api-key": "key-of-theirs"})
    account = account_for(Membership.objects.get(), Mode.LIVE)
    assert printed["iacrea_user_id"] == user_id
    assert account is not None and account.api_key == "key-of-theirs"
    assert account.iacrea_user_id == UUID(user_id)


@pytest.mark.django_db
def test_an_owner_may_have_two_agencies() -> None:
    first = create()
    user = User.objects.get()
    user.set_password("their own password")
    user.save()
    second = create(name="Piscines", **{"owner-email": "Alice@Example.org"})
    assert second["user_id"] == first["user_id"] and second["agency_id"] != first["agency_id"]
    assert credit(first).status_code == credit(second).status_code == 200
    user.refresh_from_db()
    assert user.check_password("their own password")


@pytest.mark.django_db
def test_two_owners_may_name_their_agencies_alike() -> None:
    first, second = create(), create(**{"owner-email": "charlie@example.org"})
    assert first["agency_id"] != second["agency_id"]


@pytest.mark.django_db
def test_run_twice_it_makes_nothing(capsys: Any) -> None:
    first = create()
    before = rows()
    with pytest.raises(CommandError, match=f"{first['agency_id']}. Nothing was made") as error:
        create()
    assert error.value.returncode == 1 and rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 151),
        ("name", "two\nlines"),
        ("owner-email", "alice"),
        ("owner-email", ""),
        ("owner-email", "x" * 300 + "@example.org"),
        ("photos", "-1"),
        ("photos", "ten"),
        ("photos", "1.5"),
        ("photos", "99999999999999999999"),
        ("iacrea-user-id", "alice"),
        ("iacrea-api-key", "key-without-its-user-id"),
    ],
)
def test_a_bad_argument_is_one_clear_line(option: str, value: str) -> None:
    with pytest.raises(CommandError, match=f"^--{option}") as error:
        create(**{option: value})
    assert error.value.returncode == 1 and "\n" not in str(error.value)
    assert not any(rows())


@pytest.mark.django_db
def test_a_key_that_cannot_be_sent_is_refused_and_not_repeated() -> None:
    for key in ("clé-secrète", "two words", "a\tb"):
        with pytest.raises(CommandError, match=r"^--iacrea-api-key") as error:
            create(**{"iacrea-user-id": str(uuid4()), "iacrea-api-key": key})
        assert key not in str(error.value) and not any(rows())


def test_the_shell_sees_one_line_and_exit_1() -> None:
    command = [sys.executable, "manage.py", "create_agency", "--name", "Jardins", "--json"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    result = subprocess.run(
        [*command, "--owner-email", "alice"],
        cwd=ROOT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 1 and result.stdout == ""
    assert re.fullmatch(r"CommandError: --owner-email .*\n", result.stderr)


@pytest.mark.django_db
def test_a_new_owner_chooses_a_password_by_mail(client: Client) -> None:
    create()
    client.post(reverse("account_reset_password"), {"email": "alice@example.org"})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)
    assert link
    form = client.get(link[1], follow=True).request["PATH_INFO"]
    chosen = {"password1": "correct horse battery", "password2": "correct horse battery"}
    client.post(form, chosen)
    signed_in = {"login": "alice@example.org", "password": "correct horse battery"}
    answer = client.post(reverse("account_login"), signed_in, follow=True)
    assert answer.status_code == 200 and answer.request["PATH_INFO"] == "/"


# --- audit_ledger


def audit() -> str:
    out = StringIO()
    call_command("audit_ledger", stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_sound_ledger_is_a_figure(alice: Cast) -> None:
    succeeded_generation(alice)
    queued_generation(alice)
    assert audit() == "5 entries, 0 differences\n"


@pytest.mark.django_db
@pytest.mark.parametrize("model", [PhotoQuota, PhotoLot])
@pytest.mark.parametrize("field", ["available", "held", "consumed"])
def test_a_lie_is_told(model: Any, field: str, alice: Cast, charlie: Cast) -> None:
    lied = model.objects.filter(agency=alice.agency, mode="live")
    true = getattr(lied.get(), field)
    lied.update(**{field: true + 3})
    out = StringIO()
    with pytest.raises(CommandError, match=r"^1 difference\(s\)") as error:
        call_command("audit_ledger", stdout=out, stderr=out)
    assert error.value.returncode == 1
    told = out.getvalue()
    assert f"{field} is {true + 3}, its entries add up to {true}" in told
    owner = lied.get().pk if model is PhotoLot else alice.agency.pk
    assert str(owner) in told and str(charlie.agency.pk) not in told


@pytest.mark.django_db
def test_an_empty_ledger_is_sound() -> None:
    assert audit() == "0 entries, 0 differences\n"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_what_moves_meanwhile_is_no_difference(alice: Cast) -> None:
    moving, ended = threading.Event(), threading.Event()

    def grant() -> None:
        source = LotSource.GOODWILL
        while not ended.wait(0.002):  # SQLite's lock is not fair: the audit gets its turn
            grant_photos(agency=alice.agency, mode=Mode.LIVE, photos=1, source=source)
            moving.set()
        connection.close()

    thread = threading.Thread(target=grant)
    thread.start()
    try:
        assert moving.wait(30)
        assert all("0 differences" in audit() for _ in range(12))
    finally:
        ended.set()
        thread.join()


@pytest.mark.django_db
def test_the_secret_of_job_webhooks_can_be_read_and_that_is_kept(alice: Cast) -> None:
    out = StringIO()
    call_command("webhook_secret", "--agency", alice.agency.name, stdout=out)
    assert out.getvalue().strip() == alice.agency.webhook_secret
    assert alice.agency.audit_entries.filter(action="agency.webhook_secret_read").count() == 1
    with pytest.raises(CommandError, match="No such agency"):
        call_command("webhook_secret", "--agency", "Nobody")
