"""Sixteen complaints, each answered with the desk alone, from the customer's words. The actions
that it takes are counted, and docs/support.md tells them."""

import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import formats, timezone
from django.utils.translation import ngettext, override

from accounts.choices import LotSource, Mode
from accounts.models import Agency, ApiKey, Invitation, Membership, PhotoLot, User
from accounts.selectors import quota_of
from accounts.staff_roles import give_role
from deploy.tree import ROOT
from integrations.webhooks.choices import DeliveryState
from integrations.webhooks.models import WebhookEndpoint
from projects.choices import FailureCode, Status
from projects.desk.planting import plant
from projects.desk.planting.complaint import Complaint
from projects.models import Complaint as Report
from projects.models import Generation, ShareLink
from tests.conftest import Cast
from tests.desk.desk import Desk
from tests.projects.upstream import Upstream
from tests.worker import work_to_the_end

pytestmark = pytest.mark.django_db
WHY = "le client a écrit"
ADDRESS = re.compile(r"https?://\S+")
EMAIL = re.compile(r"[\w-]+@[\w-]+\.example")
REFERENCE = re.compile(r"\b[0-9a-f]{8}\b")
WHOLE_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b")
TWO = re.compile(r"[0-9a-f]{8} et [0-9a-f]{8}")
KEY = re.compile(r"prt_live_\w+")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| [^|]+ \| (\d+) \|$", re.MULTILINE)
# In each line that the search lists.
FOUND = " · "
# Of the links in a line of the audit trail, the one to who did it.
BY = -1
Sit = Callable[[], Desk]


@pytest.fixture
def upstream(settings: Any) -> Iterator[Upstream]:
    server = Upstream()
    with server:
        settings.EMULATOR_URL = settings.IACREA_BASE_URL = server.origin
        yield server


def staff(name: str, role: str) -> Client:
    user = User.objects.create_user(f"{name}@parterre.example", name=name)
    assert give_role(user, role, actor_id="", reason="a test")
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=user.pk))
    return client


def piece(desk: Desk, pattern: re.Pattern[str]) -> str:
    """What staff select with the mouse."""
    found = pattern.search(desk.complaint.words)
    assert found, desk.complaint.words
    return found[0]


def press(desk: Desk, command: str, **fields: str) -> None:
    desk.command(command)
    desk.fill(**fields, reason=WHY)
    desk.press()
    assert "done" in desk.text, desk.text


def job_of(desk: Desk) -> Generation:
    return Generation.objects.get(pk=desk.row_id)


def to_the_picture(desk: Desk) -> None:
    """By the address of its page, which names its project too."""
    desk.find(piece(desk, ADDRESS))
    desk.follow("/projects/generation/", within=FOUND)


def photos(job: Generation) -> int:
    return quota_of(job.agency, Mode.LIVE).available


def given_back(desk: Desk) -> bool:
    """The answer that is ready to be copied says so, in the customer's language."""
    with override("fr"):
        words = ngettext(
            "%(n)d photo was given back to your agency.",
            "%(n)d photos were given back to your agency.",
            1,
        )
    return words % {"n": 1} in desk.text


def day(moment: Any) -> str:
    with override("en"):
        return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def lost_callback(desk: Desk, _next: Sit) -> None:
    to_the_picture(desk)
    press(desk, "poll_now")
    job = work_to_the_end(job_of(desk))
    assert job.status == Status.SUCCEEDED and job.pictures.exists()


def unclear_outcome(desk: Desk, _next: Sit) -> None:
    desk.find(piece(desk, REFERENCE))
    before = photos(job_of(desk))
    press(desk, "release")
    assert job_of(desk).failure_code == FailureCode.OUTCOME_UNKNOWN
    assert photos(job_of(desk)) == before + 1 and given_back(desk)


def refund_owed(desk: Desk, _next: Sit) -> None:
    to_the_picture(desk)
    before = photos(job_of(desk))
    press(desk, "refund")
    assert photos(job_of(desk)) == before + 1


def stuck_job(desk: Desk, _next: Sit) -> None:
    to_the_picture(desk)
    before = photos(job_of(desk))
    press(desk, "release")
    assert job_of(desk).failure_code == FailureCode.TIMED_OUT
    assert photos(job_of(desk)) == before + 1 and given_back(desk)


def webhook_disabled(desk: Desk, _next: Sit) -> None:
    desk.find(piece(desk, ADDRESS))
    endpoint = WebhookEndpoint.objects.get(pk=desk.row_id)
    missed = list(endpoint.deliveries.filter(state=DeliveryState.FAILED))
    assert missed and not endpoint.is_active and "Nothing arrived for five days" in desk.text
    press(desk, "enable_endpoint")
    press(desk, "resend_failed")
    endpoint.refresh_from_db()
    waiting = endpoint.deliveries.filter(state=DeliveryState.PENDING)
    assert endpoint.is_active and set(missed) <= set(waiting)


def member_removed(desk: Desk, _next: Sit) -> None:
    """Who did it, and when."""
    email = piece(desk, EMAIL)
    desk.find(email)
    desk.follow("/accounts/membership/", within=FOUND)
    member = Membership.objects.get(pk=desk.row_id)
    desk.follow(member.agency.name)
    assert member.removed_at and day(member.removed_at) in desk.text
    desk.follow("?q=", within="member.removed", place=BY)
    assert Membership.objects.get(pk=desk.row_id).user.name == "Paul Renaud"


def wrong_user_id(desk: Desk, _next: Sit) -> None:
    email, sent = piece(desk, EMAIL), piece(desk, WHOLE_ID)
    desk.find(email)
    desk.follow("/accounts/membership/", within=FOUND)
    desk.command("set_iacrea_user_id")
    desk.fill(iacrea_user_id=sent, reason=WHY)
    desk.press()
    assert f"→ {sent}" in desk.text, "shown before it is done"
    desk.press()
    assert str(Membership.objects.get(pk=desk.row_id).iacrea_user_id) == sent


def key_revoked(desk: Desk, _next: Sit) -> None:
    desk.find(piece(desk, KEY))
    key = ApiKey.objects.get(pk=desk.row_id)
    assert key.revoked_at and day(key.revoked_at) in desk.text
    desk.follow(key.agency.name)
    desk.follow("?q=", within="api_key.revoked", place=BY)
    assert Membership.objects.get(pk=desk.row_id).user.name == "Thomas Gay"


def result_lost(desk: Desk, _next: Sit) -> None:
    desk.find(piece(desk, REFERENCE))
    assert job_of(desk).failure_code == FailureCode.RESULT_LOST and given_back(desk)


def double_click(desk: Desk, _next: Sit) -> None:
    both = piece(desk, TWO)
    desk.find(both)
    desk.follow(both[-8:])
    before = photos(job_of(desk))
    press(desk, "refund", code="courtesy")
    assert photos(job_of(desk)) == before + 1


def second_factor_lost(desk: Desk, colleague: Sit) -> None:
    email = piece(desk, EMAIL)
    desk.find(email)
    desk.follow("/accounts/user/", within=FOUND)
    user = User.objects.get(pk=desk.row_id)
    desk.command("take_second_factor")
    desk.fill(reason=WHY)
    desk.press()
    assert Authenticator.objects.filter(user=user).exists(), "not by one alone"
    other = colleague()
    other.follow("/propositions")
    assert WHY in other.text
    other.press("Confirm")
    desk.actions += other.actions
    assert not Authenticator.objects.filter(user=user).exists()


def invitation_not_received(desk: Desk, _next: Sit) -> None:
    desk.find(piece(desk, EMAIL))
    before = Invitation.objects.get(pk=desk.row_id)
    press(desk, "resend_invitation")
    after = Invitation.objects.get(pk=desk.row_id)
    assert after.sent_at > before.sent_at and after.token_hash != before.token_hash


def share_link_dead(desk: Desk, _next: Sit) -> None:
    """Nobody deleted it: it ended by itself."""
    desk.find(piece(desk, ADDRESS))
    link = ShareLink.objects.get(pk=desk.row_id)
    assert link.revoked_at is None and link.expires_at and link.expires_at < timezone.now()
    assert day(link.expires_at) in desk.text and "Paul Renaud" in desk.text


def photos_expired(desk: Desk, _next: Sit) -> None:
    desk.find("Atelier Vert")
    desk.follow("Atelier Vert")
    agency = Agency.objects.get(pk=desk.row_id)
    desk.follow("Photo lots", within="Photo lots")
    lot = PhotoLot.objects.exclude(usable_until=None).get(agency=agency, source=LotSource.PACK)
    assert lot.usable_until and lot.usable_until < timezone.now() and lot.available == 0
    assert day(lot.usable_until) in desk.text and quota_of(agency, Mode.LIVE).available == 3


def bad_picture(desk: Desk, _next: Sit) -> None:
    desk.find(piece(desk, REFERENCE))
    job = job_of(desk)
    before = photos(job)
    press(desk, "retry_free")
    desk.follow("/projects/complaint/", within="reported the picture")
    report = Report.objects.get(pk=desk.row_id)
    press(desk, "close_complaint")
    report.refresh_from_db()
    made_again = Generation.objects.filter(project=job.project).exclude(pk=job.pk)
    assert report.generation_id == job.pk and report.closed_at
    assert made_again.get().status == Status.QUEUED and photos(job) == before


def wrong_agency_invited(desk: Desk, _next: Sit) -> None:
    email = piece(desk, EMAIL)
    desk.find(email)
    desk.follow("/accounts/invitation/", within=FOUND)
    press(desk, "revoke_invitation")
    assert Invitation.objects.get(pk=desk.row_id).revoked_at


ANSWERS: list[Callable[[Desk, Sit], None]] = [
    lost_callback, unclear_outcome, refund_owed, stuck_job, webhook_disabled, member_removed,
    wrong_user_id, key_revoked, result_lost, double_click, second_factor_lost,
    invitation_not_received, share_link_dead, photos_expired, bad_picture, wrong_agency_invited,
]  # fmt: skip


@pytest.mark.usefixtures("upstream")
def test_each_is_answered_from_its_words() -> None:
    complaints = plant()
    assert [each.number for each in complaints] == list(range(1, 17))
    assert no_differences(), "before"
    dana, frank, erin = (
        staff("dana", "senior"),
        staff("frank", "security"),
        staff("erin", "security"),
    )
    told = []
    for complaint, answer in zip(complaints, ANSWERS, strict=True):
        desk = Desk(frank if answer is second_factor_lost else dana, complaint)
        answer(desk, lambda complaint=complaint: Desk(erin, complaint))  # type: ignore[misc]
        told.append((str(complaint.number), complaint.title, str(desk.actions)))
    assert no_differences(), "after"
    assert ROW.findall((ROOT / "docs/support.md").read_text()) == told


def no_differences() -> bool:
    out = StringIO()
    call_command("audit_ledger", stdout=out)
    return ", 0 differences" in out.getvalue()


@pytest.mark.usefixtures("upstream")
def test_what_is_planted_stays_as_it_is() -> None:
    """No job is due, so that no worker and no sweep takes one before support does."""
    plant()
    assert not Generation.objects.filter(due_at__lte=timezone.now()).exists()


@pytest.mark.usefixtures("upstream")
def test_the_command_prints_what_customers_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    letter = Complaint(7, "wrong user id", "claire@example.org", "Bonjour, " + 30 * "encore " + "?")
    monkeypatch.setattr("projects.management.commands.plant_complaints.plant", lambda: [letter])
    out = StringIO()
    call_command("plant_complaints", stdout=out)
    printed = out.getvalue()
    assert printed.startswith(" 7  claire@example.org\n    Bonjour, encore")
    assert "wrong" not in printed and " ".join(printed.split()).endswith(letter.words)


def refusal() -> str:
    with pytest.raises(CommandError) as refused:
        call_command("plant_complaints")
    assert not Agency.objects.filter(name__startswith="Paysages").exists()
    return str(refused.value)


def test_it_plants_nothing_where_it_could_hurt(settings: Any, alice: Cast) -> None:
    settings.EMULATOR_URL = None
    assert "EMULATOR_URL is not set" in refusal()
    settings.EMULATOR_URL = "http://127.0.0.1:1"
    settings.IACREA_BASE_URL = "https://api.iacrea.example"
    assert "https://api.iacrea.example" in refusal()
    settings.IACREA_BASE_URL = settings.EMULATOR_URL
    account = alice.agency.iacrea_accounts.get(built_in=False)
    account.base_url = "https://elsewhere.example"
    account.save()
    assert "https://elsewhere.example" in refusal()


def test_nobody_takes_the_job_that_is_really_sent(settings: Any) -> None:
    settings.EMULATOR_URL = settings.IACREA_BASE_URL = "http://127.0.0.1:1"
    with pytest.raises(CommandError, match="did not take a job"):
        call_command("plant_complaints")
    assert Generation.objects.get().status == Status.CANCELED and no_differences()
