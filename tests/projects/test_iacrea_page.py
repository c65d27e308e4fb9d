"""Accounts at iacrea: a key is tried before it is kept and never told, and jobs end with the
account that began them."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.choices import Mode, Role
from accounts.models import AuditEntry, Membership, User
from accounts.services import add_member
from integrations.doors.crypto import KeyGone
from integrations.iacrea import accounts, connections, credits, probes
from integrations.iacrea.connections import ChangedMeanwhile, NotConnected, Verdict
from integrations.iacrea.models import IacreaAccount
from projects import tasks
from tests.conftest import Cast, signed_in
from tests.emulator.conftest import replace
from tests.emulator.process import Process
from tests.garden import queued_generation
from tests.projects.jobs import at_once
from tests.servers import Reply, Server

pytestmark = pytest.mark.django_db
URL = "/compte-iacrea"
CONNECT = f"{URL}/connecter"
KEY = "sk-the-new-key-of-iacrea"
CREDIT = Reply.json({"total": 38, "subscription": 30, "extra": 8})
ENGLISH = {"accept-language": "en"}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """The stand-in for iacrea as a process of its own, with 9 photos for whoever comes."""
    folder = tmp_path_factory.mktemp("iacrea")
    (folder / "faults.json").write_text("[]")
    faults = str(folder / "faults.json")
    process = Process(folder / "state", "--faults", faults, "--photos", "9")
    yield process
    process.kill()


@pytest.fixture(autouse=True)
def at_the_emulator(emulator: Process, settings: Any) -> Iterator[None]:
    settings.IACREA_BASE_URL = emulator.url
    yield
    answering(emulator)


@pytest.fixture
def ana(alice: Cast) -> Cast:
    """Alice, whose agency has not connected anything yet."""
    IacreaAccount.objects.filter(agency=alice.agency, built_in=False).delete()
    return alice


def answering(emulator: Process, *rules: dict[str, Any]) -> None:
    replace(emulator.state.parent / "faults.json", list(rules))


def own(cast: Cast) -> IacreaAccount:
    return IacreaAccount.objects.get(agency=cast.agency, built_in=False, retired_at=None)


def typed(**fields: Any) -> dict[str, Any]:
    return {"api_key": KEY, "iacrea_user_id": str(uuid4()), **fields}


def page(client: Client, path: str = URL) -> str:
    return client.get(path, headers=ENGLISH).content.decode()


def written(cast: Cast) -> list[str]:
    rows = AuditEntry.objects.for_agency(cast.agency).filter(action__startswith="iacrea_account.")
    return [row.action.removeprefix("iacrea_account.") for row in rows.order_by("created_at")]


def press(client: Client, account: IacreaAccount, act: str) -> Any:
    answer = client.post(f"{URL}/{account.pk}/{act}", headers=ENGLISH, follow=True)
    return answer.content.decode()


# --- connecting


def test_a_key_that_iacrea_takes_is_kept_and_used_and_never_told(
    ana: Cast, alice_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    fields = typed()
    answer = alice_client.post(CONNECT, fields, headers=ENGLISH, follow=True)
    shown, account = answer.content.decode(), own(ana)
    assert "pictures are made with this account" in shown and "<dd data-there>9</dd>" in shown
    assert fields["iacrea_user_id"] in shown and 'data-whose="own"' in shown
    assert account.api_key == KEY and accounts.account_for(ana.owner, Mode.LIVE) == account
    entry = AuditEntry.objects.get(action="iacrea_account.connected")
    assert entry.actor_id == str(ana.owner.pk) and entry.target == str(account.pk)
    told = [shown, page(alice_client, f"{URL}/{account.pk}/cle"), json.dumps(entry.detail)]
    assert KEY not in "".join([*told, caplog.text])


REFUSED = {
    401: "refuses this key",
    400: "not for this user id",
    403: "not for this user id",
    404: "not for this user id",
    402: "no photos left",
    429: "asked too often",
    503: "could not be reached",
}


@pytest.mark.parametrize("status", REFUSED)
def test_what_iacrea_does_not_take_is_not_kept(
    status: int, ana: Cast, alice_client: Client, emulator: Process,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    answering(emulator, {"call": "credit", "action": "status", "code": status})
    answer = alice_client.post(CONNECT, typed(), headers=ENGLISH)
    shown = answer.content.decode()
    assert answer.status_code == 422 and REFUSED[status] in shown and "Nothing was stored" in shown
    assert not IacreaAccount.objects.filter(agency=ana.agency, built_in=False).exists()
    assert written(ana) == [] and KEY not in shown + caplog.text


def test_nobody_answers(ana: Cast, alice_client: Client, settings: Any) -> None:
    settings.IACREA_BASE_URL = "http://127.0.0.1:9"
    answer = alice_client.post(CONNECT, typed(), headers=ENGLISH)
    assert "could not be reached" in answer.content.decode()
    settings.IACREA_BASE_URL = None
    assert alice_client.post(CONNECT, typed()).status_code == 422


@pytest.mark.parametrize(
    "reply", [Reply(200, b"<html>"), Reply.json({"total": "many"}), Reply(302), Reply(reset=True)]
)
def test_an_answer_that_tells_nothing(reply: Reply, ana: Cast, settings: Any) -> None:
    with Server(lambda _: reply) as iacrea, pytest.raises(NotConnected) as caught:
        settings.IACREA_BASE_URL = iacrea.origin
        connections.try_key(api_key=KEY, iacrea_user_id=uuid4())
    assert caught.value.verdict in (Verdict.UNCLEAR, Verdict.UNREACHABLE)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [{"api_key": ""}, {"api_key": "two words"}, {"api_key": "sésame-ouvre-toi"},
     {"api_key": "k" * 501}, {"iacrea_user_id": "me"}, {"iacrea_user_id": ""},
     {"member": str(uuid4())}],
)  # fmt: skip
def test_what_is_typed_wrong_asks_nobody(
    wrong: dict[str, str], ana: Cast, alice_client: Client, settings: Any
) -> None:
    with Server(lambda _: CREDIT) as iacrea:
        settings.IACREA_BASE_URL = iacrea.origin
        answer = alice_client.post(CONNECT, typed(**wrong))
    field, typed_key = next(iter(wrong)), wrong.get("api_key")
    assert answer.status_code == 422 and f'href="#id_{field}"' in answer.content.decode()
    assert iacrea.requests == []
    assert not typed_key or typed_key not in answer.content.decode()


def test_a_member_with_an_account_of_their_own(
    alice: Cast, bob: Membership, alice_client: Client
) -> None:
    assert "The whole agency" not in page(alice_client, CONNECT), "it has one"
    alice_client.post(CONNECT, typed(member=str(bob.pk)))
    account = IacreaAccount.objects.get(membership=bob)
    assert accounts.account_for(bob, Mode.LIVE) == account
    assert accounts.account_for(alice.owner, Mode.LIVE) != account
    assert "Bob" in page(alice_client) and "Bob" not in page(alice_client, CONNECT)
    again = alice_client.post(CONNECT, typed(member=str(bob.pk)))
    assert again.status_code == 422, "Bob has one"


def test_another_agencys_member_is_nobody(alice: Cast, charlie: Cast, alice_client: Client) -> None:
    answer = alice_client.post(CONNECT, typed(member=str(charlie.owner.pk)))
    assert answer.status_code == 422
    assert not IacreaAccount.objects.filter(membership=charlie.owner).exists()


# --- the key is replaced


def test_the_same_user_id_keeps_the_row_and_its_jobs(alice: Cast, alice_client: Client) -> None:
    account, job = own(alice), queued_generation(alice)
    accounts.pause(account, "status 401")
    fields = typed(iacrea_user_id=str(account.iacrea_user_id))
    alice_client.post(f"{URL}/{account.pk}/cle", fields)
    account.refresh_from_db()
    assert account.api_key == KEY and account.paused_at is None and account.credit == 9
    job.refresh_from_db()
    assert job.account_id == account.pk and written(alice) == ["key_replaced"]


def test_another_user_id_is_another_account(alice: Cast, alice_client: Client) -> None:
    old, job = own(alice), queued_generation(alice)
    alice_client.post(f"{URL}/{old.pk}/cle", typed())
    new = own(alice)
    old.refresh_from_db()
    assert new != old and old.retired_at and old.api_key != KEY, "its jobs still end with its key"
    job.refresh_from_db()
    assert job.account_id == old.pk and accounts.account_for(alice.owner, Mode.LIVE) == new
    for act in ("cle", "pause", "reprendre", "arreter"):
        assert alice_client.post(f"{URL}/{old.pk}/{act}", typed()).status_code == 404
    assert written(alice) == ["replaced"] and old not in credits.credits_of(alice.agency)


def test_a_key_that_is_refused_leaves_the_old_one(
    alice: Cast, alice_client: Client, emulator: Process
) -> None:
    account = own(alice)
    answering(emulator, {"call": "credit", "action": "status", "code": 401})
    fields = typed(iacrea_user_id=str(account.iacrea_user_id))
    answer = alice_client.post(f"{URL}/{account.pk}/cle", fields)
    assert answer.status_code == 422 and own(alice).api_key == "upstream-key-of-Alice"


def test_a_key_that_nothing_opens_can_be_replaced(alice: Cast, alice_client: Client) -> None:
    account = own(alice)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE iacrea_iacreaaccount SET api_key = 'rust' WHERE NOT built_in")
    with pytest.raises(KeyGone):
        own(alice)
    assert alice_client.get(URL).status_code == 200
    fields = typed(iacrea_user_id=str(account.iacrea_user_id))
    alice_client.post(f"{URL}/{account.pk}/cle", fields)
    assert own(alice).api_key == KEY


# --- paused, resumed, stopped


def test_a_pause_by_people_is_ended_by_people(alice: Cast, alice_client: Client) -> None:
    account = own(alice)
    assert "Paused: new pictures wait" in press(alice_client, account, "pause")
    account.refresh_from_db()
    assert account.paused_at and account not in probes.due_probes()
    tasks.ask_credit(str(account.pk))
    account.refresh_from_db()
    assert account.paused_at, "an answer of iacrea ends nothing"
    assert "until you resume it" in page(alice_client)
    assert "that waited are sent now" in press(alice_client, account, "reprendre")
    account.refresh_from_db()
    assert not account.paused_at and written(alice) == ["paused", "resumed"]


def test_a_look_that_was_under_way_ends_no_pause_of_people(
    alice: Cast, alice_client: Client
) -> None:
    account = own(alice)
    accounts.pause(account, "status 401")
    account.refresh_from_db()
    assert probes.claim(account)
    press(alice_client, account, "pause")
    probes.conclude(account, accounts.client_for(account).credit())
    assert own(alice).paused_at and own(alice).pause_reason == probes.PAUSED_BY_PEOPLE


def test_who_may_end_which_pause(alice: Cast, alice_client: Client) -> None:
    account = own(alice)
    accounts.pause(account, "restored from a backup")
    assert "The operator paused it" in page(alice_client)
    assert "reprendre" not in page(alice_client)
    press(alice_client, account, "reprendre")
    assert own(alice).paused_at, "support has not said yet that all is well"
    IacreaAccount.objects.filter(pk=account.pk).update(pause_reason="status 402")
    assert "no photos left" in page(alice_client) and "Try again" in page(alice_client)
    press(alice_client, account, "reprendre")
    assert own(alice).paused_at is None


def test_stopped_and_the_operators_is_next(alice: Cast, alice_client: Client) -> None:
    IacreaAccount.objects.create(api_key="k", iacrea_user_id=uuid4(), credit=123_456)
    account = own(alice)
    assert "made with the operator’s account" in page(alice_client)
    assert "not used for new projects" in press(alice_client, account, "arreter")
    shown = page(alice_client)
    assert 'data-whose="lent"' in shown and "data-there" not in shown, "its photos are none of hers"
    account.refresh_from_db()
    assert account.retired_at and account.api_key and written(alice) == ["retired"]
    lent = accounts.account_for(alice.owner, Mode.LIVE)
    assert lent and lent.agency_id is None
    assert alice_client.post(f"{URL}/{account.pk}/arreter").status_code == 404


def test_nobodys_and_the_built_in_engine(
    ana: Cast, alice_client: Client, emulator: Process, settings: Any
) -> None:
    assert 'data-whose="nobodys"' in page(alice_client)
    settings.EMULATOR_URL = emulator.url
    alice_client.post(CONNECT, typed())
    assert 'data-whose="embedded"' in page(alice_client)


def test_the_first_account_takes_the_place_of_the_trial(
    ana: Cast, alice_client: Client, emulator: Process, settings: Any
) -> None:
    """What the trial began is still made with it."""
    settings.EMULATOR_URL = "http://127.0.0.1:9"
    trial = accounts.create_default_account(ana.agency, api_key="x", iacrea_user_id=uuid4())
    IacreaAccount.objects.filter(pk=trial.pk).update(base_url=settings.EMULATOR_URL)
    begun = queued_generation(ana)
    alice_client.post(CONNECT, typed())
    assert 'data-whose="own"' in page(alice_client)
    trial.refresh_from_db()
    begun.refresh_from_db()
    assert trial.retired_at and begun.account_id == trial.pk
    assert queued_generation(ana).account_id != trial.pk


# --- who


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER, Role.INTEGRATOR])
def test_who_may_not(role: Role, alice: Cast) -> None:
    user = User.objects.create_user("x@example.org", "a password for tests", name="X")
    client, account = signed_in(add_member(agency=alice.agency, user=user, role=role)), own(alice)
    assert client.get(URL).status_code == 403 and client.post(CONNECT, typed()).status_code == 403
    for act in ("cle", "pause", "reprendre", "arreter"):
        assert client.post(f"{URL}/{account.pk}/{act}", typed()).status_code == 403
    assert written(alice) == []


def test_an_outsiders_account_is_not_there(
    alice: Cast, charlie: Cast, charlie_client: Client
) -> None:
    theirs = own(alice)
    built_in = IacreaAccount.objects.get(agency=charlie.agency, built_in=True)
    lent = IacreaAccount.objects.create(api_key="k", iacrea_user_id=uuid4())
    for account in (theirs, built_in, lent):
        for act in ("cle", "pause", "reprendre", "arreter"):
            assert charlie_client.post(f"{URL}/{account.pk}/{act}", typed()).status_code == 404
    assert own(alice) == theirs and written(alice) == []
    assert str(theirs.iacrea_user_id) not in page(charlie_client)


def test_what_is_sent_is_said(alice_client: Client) -> None:
    for path in (URL, CONNECT):
        assert "What is sent to iacrea" in page(alice_client, path)


# --- at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_two_connect_at_once_and_one_default_is_left(ana: Cast) -> None:
    def attempt() -> bool:
        try:
            connections.connect(
                agency=ana.agency, actor_id="x", api_key=KEY, iacrea_user_id=uuid4()
            )
        except ChangedMeanwhile:
            return False
        return True

    assert sorted(at_once(attempt, attempt, attempt)) == [False, False, True]
    assert own(ana).credit == 9 and written(ana) == ["connected"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ledger_may_be_flushed")
def test_a_replacement_and_a_stop_at_once(alice: Cast) -> None:
    account = own(alice)

    def replaced() -> bool:
        try:
            connections.replace_key(account, actor_id="x", api_key=KEY, iacrea_user_id=uuid4())
        except ChangedMeanwhile:
            return False
        return True

    ended = at_once(replaced, lambda: connections.stop_using(account, actor_id="y"))
    assert sorted(ended) == [False, True]
    account.refresh_from_db()
    assert account.retired_at and account.retired_at <= timezone.now()
    assert written(alice) in (["replaced"], ["retired"])
    left = IacreaAccount.objects.filter(agency=alice.agency, built_in=False, retired_at=None)
    assert left.count() == (written(alice) == ["replaced"])
