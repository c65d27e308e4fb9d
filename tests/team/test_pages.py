"""The team's page and its forms: what is stored, what is refused, what nobody learns."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import team
from accounts.choices import Role
from accounts.models import Invitation, Membership, User
from accounts.services import add_member
from projects.views.access import CHOSEN
from tests.accounts.test_team import again, invited, person, token_in_mail
from tests.conftest import Cast, signed_in
from tests.garden import succeeded_generation
from tests.worker import run_queued

pytestmark = pytest.mark.django_db
URL = "/equipe"


def invite(client: Client, emails: str, **fields: str) -> Any:
    sent = {"emails": emails, "role": "member", "language": "fr", **fields}
    return client.post(f"{URL}/inviter", sent)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- The page


def test_the_table_says_who_works_here(alice: Cast, bob: Membership, alice_client: Client) -> None:
    succeeded_generation(alice)
    team.set_monthly_cap(actor=alice.owner, member=alice.owner, photos=4)
    Authenticator.objects.create(user=bob.user, type=Authenticator.Type.RECOVERY_CODES, data={})
    Authenticator.objects.create(user=alice.owner.user, type=Authenticator.Type.TOTP, data={})
    answer = alice_client.get(URL)
    rows = list(answer.context["members"])
    assert [row.member.pk for row in rows] == [alice.owner.pk, bob.pk]
    assert [row.has_second_factor for row in rows] == [True, False], "codes alone are none"
    assert [row.used for row in rows] == [1, 0]
    assert rows[0].seen_at and rows[1].seen_at is None
    html = answer.content.decode()
    assert str(bob.iacrea_user_id) in html and "1 / 4" in html
    assert all(str(name) in text_of(answer) for name in ["bob@example.org", "alice@example.org"])


@pytest.mark.parametrize(
    ("path", "current"),
    [
        (URL, "page"),
        (f"{URL}/inviter", "true"),
        ("/securite", ""),
        ("/agence/donnees", ""),
    ],
)
def test_the_section_is_marked_also_where_a_form_was_refused(
    alice_client: Client, path: str, current: str
) -> None:
    answer = invite(alice_client, "sans arobase") if "inviter" in path else alice_client.get(path)
    html = answer.content.decode()
    marked = re.findall(r'href="/equipe" aria-current="(\w+)"', html)
    assert marked == (["true", current] if current else ["true"]), "the section, then its part"


def test_it_costs_the_same_for_a_large_team(
    alice: Cast, alice_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        person(alice, Role.MEMBER, f"person{number}@example.org")
    invited(alice.owner)
    alice_client.get(URL)
    with django_assert_max_num_queries(12):
        assert alice_client.get(URL).status_code == 200


def test_a_manager_has_no_form_for_an_owner(alice: Cast, bob: Membership) -> None:
    client = signed_in(person(alice, Role.MANAGER))
    html = client.get(URL).content.decode()
    assert f"/equipe/{bob.pk}/role" in html and f"/equipe/{alice.owner.pk}" not in html
    assert 'value="owner"' not in html
    for path, fields in (("role", {"role": "member"}), ("limite", {"photos": 1}), ("retirer", {})):
        answer = client.post(f"{URL}/{alice.owner.pk}/{path}", fields)
        assert answer.status_code == 403
    assert client.post(f"{URL}/{bob.pk}/role", {"role": "owner"}).status_code == 403
    assert invite(client, "x@example.org", role="owner").status_code == 422
    assert again(bob).role == Role.MEMBER and not Invitation.objects.exists()


def test_role_limit_and_leaving(alice: Cast, bob: Membership, alice_client: Client) -> None:
    bobs = signed_in(bob)
    assert bobs.get("/").status_code == 200
    assert alice_client.post(f"{URL}/{bob.pk}/role", {"role": "viewer"}).status_code == 302
    assert alice_client.post(f"{URL}/{bob.pk}/limite", {"photos": "7"}).status_code == 302
    assert (again(bob).role, again(bob).monthly_cap) == (Role.VIEWER, 7)
    assert alice_client.post(f"{URL}/{bob.pk}/limite", {"photos": "-1"}).status_code == 422
    assert alice_client.post(f"{URL}/{bob.pk}/role", {"role": "king"}).status_code == 422
    assert alice_client.post(f"{URL}/{bob.pk}/limite", {"photos": ""}).status_code == 302
    assert again(bob).monthly_cap is None
    assert alice_client.post(f"{URL}/{bob.pk}/retirer").status_code == 302
    assert bobs.get("/").status_code == 403, "at once, in the session that was open"
    assert alice_client.post(f"{URL}/{bob.pk}/retirer").status_code == 404


@pytest.mark.parametrize(("path", "fields"), [("role", {"role": "member"}), ("retirer", {})])
def test_the_last_owner_stays(
    path: str, fields: dict[str, str], alice: Cast, alice_client: Client
) -> None:
    answer = alice_client.post(f"{URL}/{alice.owner.pk}/{path}", fields)
    assert answer.status_code == 409 and 'role="alert"' in answer.content.decode()
    assert again(alice.owner).role == Role.OWNER and again(alice.owner).removed_at is None


# --- Inviting


def test_each_address_is_judged_alone(alice: Cast, bob: Membership, alice_client: Client) -> None:
    invited(alice.owner, "emil@example.org")
    lines = "dora@example.org\nno address\nbob@example.org; DORA@example.org\nemil@example.org"
    answer = invite(alice_client, lines, language="en")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert text_of(answer).count("1 invitation") == 1
    assert {row.email for row in Invitation.objects.all()} == {
        "dora@example.org",
        "emil@example.org",
    }
    kept = re.search(r"<textarea[^>]*>\s*([^<]*)", html)
    assert kept and kept[1].splitlines() == ["no address", "bob@example.org", "emil@example.org"]
    assert 'href="#id_emails"' in html and answer.context["form"]["language"].value() == "en"


def test_nothing_is_said_of_accounts_elsewhere(
    alice: Cast, charlie: Cast, alice_client: Client
) -> None:
    """An address of another agency's member is answered like one that nobody has."""
    answers = []
    for email in ("charlie@example.org", "nobody@example.org"):
        client = signed_in(alice.owner)
        answer = invite(client, email)
        page = text_of(client.get(URL))
        answers.append((answer.status_code, page.count(email), len(page) - len(email)))
        Invitation.objects.all().delete()
    assert answers[0][:2] == answers[1][:2]


def test_far_too_many_addresses(alice_client: Client) -> None:
    many = "\n".join(f"person{number}@example.org" for number in range(51))
    assert invite(alice_client, many).status_code == 422
    assert invite(alice_client, "").status_code == 422
    assert not Invitation.objects.exists()


def test_sending_again_and_revoking(alice: Cast, alice_client: Client) -> None:
    row = invited(alice.owner)
    again_url, revoke_url = (
        f"{URL}/invitations/{row.pk}/{verb}" for verb in ("renvoyer", "annuler")
    )
    assert alice_client.post(again_url).status_code == 409, "it was sent just now"
    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    assert alice_client.post(again_url).status_code == 302
    assert alice_client.post(revoke_url).status_code == 302
    assert alice_client.post(revoke_url).status_code == 404
    run_queued()
    assert not mail.outbox, "what was revoked is not sent"


# --- The mail


def test_hostile_names_are_on_one_line_and_escaped(alice: Cast) -> None:
    User.objects.filter(pk=alice.owner.user_id).update(
        name="<b>Eve</b>\nBcc: all@example.org\u202e"
    )
    type(alice.agency).objects.update(name="<script>x</script>\r\nSubject: free" + "y" * 80)
    row = invited(again(alice.owner))
    token_in_mail()
    message = mail.outbox[0]
    assert message.to == [row.email] and "\n" not in message.subject and len(message.subject) < 120
    html = str(message.alternatives[0][0])
    assert "<b>Eve" not in html and "&lt;b&gt;Eve&lt;/b&gt; Bcc: all@example.org" in html
    assert "<script>" not in html and "\u202e" not in html + message.body
    assert "<b>Eve</b> Bcc: all@example.org" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_mail_is_in_the_language_of_the_invitation(alice: Cast, alice_client: Client) -> None:
    invite(alice_client, "a@example.org", language="fr")
    invite(alice_client, "b@example.org", language="en")
    run_queued()
    french, english = sorted(mail.outbox, key=lambda message: message.to)
    assert "Invitation" in french.subject and "An invitation to" in english.subject
    assert 'lang="fr"' in str(french.alternatives[0][0])


# --- Several agencies


@pytest.fixture
def both(alice: Cast, charlie: Cast) -> Client:
    """Charlie's owner is a viewer of Alice's, too."""
    add_member(agency=alice.agency, user=charlie.owner.user, role=Role.VIEWER)
    return signed_in(charlie.owner)


def test_one_chooses_where_one_works(both: Client, alice: Cast, charlie: Cast) -> None:
    job = succeeded_generation(alice)
    there = Membership.objects.get(user=charlie.owner.user, agency=alice.agency)
    assert str(job.project_id) not in both.get("/").content.decode()
    assert 'action="/agences"' in both.get("/").content.decode()
    assert both.post("/agences", {"member": there.pk}).status_code == 302
    assert str(job.project_id) in both.get("/").content.decode()
    assert both.get("/projets/nouveau").status_code == 403, "with the role of there"
    team.remove_member(actor=alice.owner, member=there)
    assert str(job.project_id) not in both.get("/").content.decode()
    assert both.get("/projets/nouveau").status_code == 200
    assert 'action="/agences"' not in both.get("/").content.decode()


def test_nobody_chooses_an_agency_that_is_not_theirs(
    both: Client, alice: Cast, charlie: Cast, client: Client
) -> None:
    for member in (str(alice.owner.pk), "x", ""):
        assert both.post("/agences", {"member": member}).status_code == 404
    session = both.session
    session[CHOSEN] = str(alice.owner.pk)
    session.save()
    assert both.get("/").context["shell"].agency == charlie.agency
    assert client.post("/agences").status_code == 302


def test_choosing_costs_no_query(
    both: Client, charlie_client: Client, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as several:
        charlie_client.get("/notifications")
    Membership.objects.exclude(role=Role.OWNER).delete()
    with django_assert_num_queries(len(several)):
        charlie_client.get("/notifications")
