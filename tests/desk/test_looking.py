"""Staff look at the product as a member sees it, for a while and with a reason, and the agency
reads that they were there."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import visits
from accounts.choices import Role
from accounts.models import Membership, User
from accounts.services import add_member
from accounts.staff_roles import give_role
from accounts.visits import BEGAN, ENDED
from projects.models import Generation
from tests.conftest import Cast, signed_in
from tests.desk.looks import DESK, WHY, look, supporter, trail
from tests.test_isolation import job  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(db: None) -> Client:
    return supporter()


def move(client: Client, by: timedelta) -> None:
    """The look began earlier."""
    session = client.session
    began = timezone.now() - by
    session["looking"] = session["looking"] | {"began": began.isoformat()}
    session.save()


# --- Beginning


def test_a_look_is_as_the_member_and_the_admin_stays_ones_own(
    dana: Client,
    alice: Cast,
    job: Generation,  # noqa: F811
) -> None:
    page = dana.get(reverse("desk:look", args=[alice.owner.pk])).content.decode()
    assert 'name="reason"' in page and "The owners of the agency read it" in page
    assert look(dana, alice.owner)["Location"] == "/"
    html = dana.get("/").content.decode()
    assert str(job.project_id) in html
    assert "You see this as Alice, Alice" in html and "read only" in html
    assert "15:00 left" in html or "14:59 left" in html
    admin = dana.get("/admin/").content.decode()
    assert "dana@example.org" in admin and "You see this as Alice" in admin
    assert dana.get("/nowhere").status_code == 404
    begun = trail()
    staff = User.objects.get(email="dana@example.org")
    assert [(each.action, each.agency, each.actor_id, each.reason) for each in begun] == [
        (BEGAN, alice.agency, str(staff.pk), WHY)
    ]
    assert begun[0].target == str(alice.owner.pk)


@pytest.mark.parametrize("reason", ["", "because", " " * 20, "x" * 501])
def test_a_reason_is_asked_for(dana: Client, alice: Cast, reason: str) -> None:
    assert look(dana, alice.owner, reason).status_code == 200
    assert dana.get("/").headers.get("Location") == DESK and not trail()


def test_who_may_look(alice: Cast, bob: Membership, charlie: Cast) -> None:
    page = reverse("desk:look", args=[alice.owner.pk])
    assert "/admin/login/" in signed_in(charlie.owner).get(page)["Location"]
    for role, status in (("reader", 403), ("support", 200), ("senior", 200), ("security", 200)):
        give_role(charlie.owner.user, role, actor_id="test", reason="a test")
        client = signed_in(Membership.objects.get(pk=charlie.owner.pk))
        assert client.get(page).status_code == status, role
    give_role(charlie.owner.user, "reader", actor_id="test", reason="a test")
    assert look(signed_in(charlie.owner), alice.owner).status_code == 403 and not trail()


@pytest.mark.parametrize(
    "changed", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}]
)
def test_nobody_looks_as_a_colleague_or_as_who_is_gone(
    dana: Client, bob: Membership, changed: dict[str, bool]
) -> None:
    User.objects.filter(pk=bob.user_id).update(**changed)
    assert dana.get(reverse("desk:look", args=[bob.pk])).status_code == 409
    assert look(dana, bob).status_code == 409 and not trail()
    User.objects.filter(pk=bob.user_id).update(**{name: not now for name, now in changed.items()})
    look(dana, bob)
    assert dana.get("/").status_code == 200
    User.objects.filter(pk=bob.user_id).update(**changed)
    assert dana.get("/").headers.get("Location") == DESK, "it ends with the page before"
    assert [each.action for each in trail()] == [BEGAN, ENDED]


def test_nobody_looks_as_who_was_removed(dana: Client, bob: Membership) -> None:
    look(dana, bob)
    Membership.objects.filter(pk=bob.pk).update(removed_at=timezone.now())
    assert dana.get("/").headers.get("Location") == DESK
    assert look(dana, bob).status_code == 409
    assert [each.action for each in trail()] == [BEGAN, ENDED]


def test_who_may_look_no_more_is_out_at_once(dana: Client, alice: Cast) -> None:
    look(dana, alice.owner)
    give_role(
        User.objects.get(email="dana@example.org"), "reader", actor_id="test", reason="a test"
    )
    assert dana.get("/").headers.get("Location") == DESK
    assert [each.action for each in trail()] == [BEGAN, ENDED]


def test_of_several_agencies_the_one_that_was_meant(
    dana: Client, alice: Cast, charlie: Cast
) -> None:
    """And the choice of the staff person, who works somewhere too, is as before."""
    there = add_member(agency=charlie.agency, user=alice.owner.user, role=Role.MEMBER)
    session = dana.session
    session["membership"] = "mine"
    session.save()
    look(dana, there)
    html = dana.get("/").content.decode()
    assert "You see this as Alice, Charlie" in html and 'class="workplaces"' not in html
    assert dana.session["membership"] == "mine"


# --- The end


def test_leaving(dana: Client, alice: Cast) -> None:
    look(dana, alice.owner)
    answer = dana.post(reverse("desk:leave"))
    assert answer["Location"] == reverse("admin:accounts_membership_change", args=[alice.owner.pk])
    assert not dana.cookies["looking"].value and dana.get("/").headers.get("Location") == DESK
    begun, ended = trail()
    assert (ended.action, ended.agency, ended.target) == (ENDED, alice.agency, str(begun.pk))
    assert ended.actor_id == begun.actor_id
    dana.post(reverse("desk:leave"))
    assert len(trail()) == 2, "twice is once"


def test_what_was_left_stays_left(dana: Client, alice: Cast) -> None:
    """Though a slow request of before writes the session back, and the cookie is kept."""
    look(dana, alice.owner)
    kept, cookie = dana.session["looking"], dana.cookies["looking"].value
    dana.post(reverse("desk:leave"))
    session = dana.session
    session["looking"] = kept
    session.save()
    dana.cookies["looking"] = cookie
    assert dana.get("/").headers.get("Location") == DESK and "looking" not in dana.session
    assert len(trail()) == 2


def test_its_time_ends_it_and_the_next_page_says_so(dana: Client, alice: Cast) -> None:
    look(dana, alice.owner)
    move(dana, timedelta(minutes=14, seconds=58))
    html = dana.get("/").content.decode()
    assert "0:01 left" in html or "0:02 left" in html
    move(dana, timedelta(minutes=15))
    fetched = dana.get("/projets/live", headers={"sec-fetch-dest": "empty"})
    assert (fetched.status_code, fetched["Cache-Control"]) == (403, "no-store")
    assert len(trail()) == 1, "what a page fetches tells nobody"
    answer = dana.get("/", follow=True)
    assert answer.redirect_chain[0][0].startswith("/admin/accounts/membership/")
    assert "The time is over" in answer.content.decode()
    assert "You see this as" not in answer.content.decode()
    assert [each.action for each in trail()] == [BEGAN, ENDED]
    assert dana.get("/").headers.get("Location") == DESK


def test_in_the_admin_its_end_takes_nothing_away(
    dana: Client, alice: Cast, bob: Membership
) -> None:
    """A form that was filled in there is the staff person's own."""
    look(dana, alice.owner)
    move(dana, timedelta(hours=2))
    assert look(dana, bob)["Location"] == "/"
    assert [each.action for each in trail()] == [BEGAN, ENDED, BEGAN]
    assert "You see this as Bob" in dana.get("/").content.decode()


def test_another_look_and_signing_out_end_it(dana: Client, alice: Cast, bob: Membership) -> None:
    look(dana, alice.owner)
    look(dana, bob)
    assert [each.action for each in trail()] == [BEGAN, ENDED, BEGAN]
    dana.post(reverse("admin:logout"))
    assert [each.action for each in trail()] == [BEGAN, ENDED, BEGAN, ENDED]


# --- The agency reads it


def test_owners_read_who_looked_and_why(dana: Client, alice: Cast, charlie: Cast) -> None:
    client = signed_in(alice.owner)
    client.cookies["django_language"] = "en"
    look(dana, alice.owner, "<b>another reason</b>")
    dana.post(reverse("desk:leave"))
    look(dana, alice.owner)
    html = client.get("/securite").content.decode()
    assert "&lt;b&gt;another reason" in html and WHY in html
    assert html.index(WHY) < html.index("another reason")
    assert "1 minute" in html and ">now<" in html and "as Alice" in html
    other = signed_in(charlie.owner)
    other.cookies["django_language"] = "en"
    assert WHY not in other.get("/securite").content.decode()
    assert "None so far." in other.get("/securite").content.decode()


def test_a_look_that_nobody_ended_lasted_its_time(
    dana: Client, alice: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(dana, alice.owner)
    later = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert [visit.minutes for visit in visits.visits_of(alice.agency)] == [15]
    visits.end(trail()[0].pk)
    assert [visit.minutes for visit in visits.visits_of(alice.agency)] == [15]
