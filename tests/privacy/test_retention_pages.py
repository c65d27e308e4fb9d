"""How long projects are kept: who decides it, what they are told before, and what a project's page
says of its own end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import roles
from accounts.choices import Mode, Role
from accounts.models import Agency, AuditEntry, User
from accounts.services import add_member
from projects import tasks
from projects.models import Project
from tests.conftest import Cast, signed_in
from tests.garden import project_with_photo

pytestmark = pytest.mark.django_db
ENGLISH, FRENCH = {"accept-language": "en"}, {"accept-language": "fr"}
PAGE, URL = "/agence/donnees", "/agence/donnees/duree"


def send(client: Client, months: str | None, *, sure: bool = False, **more: Any) -> Any:
    fields = {"months": months} if months is not None else {}
    options: dict[str, Any] = {"headers": ENGLISH, "follow": True} | more
    return client.post(URL, fields | ({"sure": "1"} if sure else {}), **options)


def kept(cast: Cast) -> int | None:
    return Agency.objects.get(pk=cast.agency.pk).kept_months


def keep(cast: Cast, months: int | None) -> None:
    Agency.objects.filter(pk=cast.agency.pk).update(kept_months=months)


def trail() -> list[Any]:
    entries = AuditEntry.objects.filter(action="agency.retention_changed").order_by("created_at")
    return list(entries.values_list("target", "actor_id", "detail"))


def projects(cast: Cast, *days: int, mode: Mode = Mode.LIVE) -> list[Project]:
    """Last changed so many days ago."""
    made = [project_with_photo(cast, mode) for _ in days]
    for project, age in zip(made, days, strict=True):
        changed = timezone.now() - timedelta(days=age)
        Project.objects.filter(pk=project.pk).update(updated_at=changed)
    return made


# --- The choice


def test_it_is_kept_at_once_when_nothing_goes(alice: Cast, alice_client: Client) -> None:
    projects(alice, 100)
    html = alice_client.get(PAGE, headers=ENGLISH).content.decode()
    assert '<option value="ever" selected>for ever</option>' in html and URL in html
    answer = send(alice_client, "6")
    assert answer.redirect_chain == [(PAGE, 302)] and kept(alice) == 6
    html = answer.content.decode()
    assert "Projects that nobody changes are kept for 6 months." in html
    assert '<option value="6" selected>for 6 months</option>' in html
    assert "are kept for ever." in send(alice_client, "ever").content.decode()
    send(alice_client, "ever")
    me, agency = str(alice.owner.pk), str(alice.agency.pk)
    assert kept(alice) is None and trail() == [
        (agency, me, {"before": None, "after": 6}),
        (agency, me, {"before": 6, "after": None}),
    ]


def test_it_is_asked_once_more_when_projects_go(
    alice: Cast, charlie: Cast, alice_client: Client
) -> None:
    projects(alice, 200, 250), projects(alice, 300, mode=Mode.TEST), projects(charlie, 200)
    answer = send(alice_client, "6")
    html = answer.content.decode()
    assert answer.status_code == 200 and kept(alice) is None and trail() == []
    assert (
        "3 projects were last changed more than 6 months ago. They go to the bin tonight, and are"
        " erased 30 days later." in html
    )
    assert f'<input type="hidden" name="next" value="{PAGE}">' in html, "this one cannot be read"
    assert f'href="{PAGE}">Cancel' in html and html.count('name="sure" value="1"') == 1
    assert send(alice_client, "6", sure=True).redirect_chain == [(PAGE, 302)]
    assert kept(alice) == 6 and len(trail()) == 1
    tasks.empty_the_bin()
    assert Project.objects.exclude(removed_at=None).count() == 3


def test_what_is_so_already_is_not_asked(alice: Cast, alice_client: Client) -> None:
    keep(alice, 6)
    projects(alice, 200)
    assert send(alice_client, "6").redirect_chain == [(PAGE, 302)]
    assert kept(alice) == 6 and trail() == []


def test_in_french(alice: Cast, alice_client: Client) -> None:
    projects(alice, 200)
    html = send(alice_client, "6", headers=FRENCH).content.decode()
    assert "1 projet n’a pas été modifié depuis plus de 6 mois." in html
    html = send(alice_client, "12", headers=FRENCH).content.decode()
    assert '<option value="12" selected>pendant 12 mois</option>' in html
    assert "sont gardés pendant 12 mois." in html


@pytest.mark.parametrize("months", ["2", "7", "0", "-6", "", "six", "6.0", "1" * 400, None])
@pytest.mark.parametrize("sure", [False, True])
def test_no_other_time(alice: Cast, alice_client: Client, months: str | None, sure: bool) -> None:
    keep(alice, 12)
    answer = send(alice_client, months, sure=sure)
    html = answer.content.decode()
    assert answer.status_code == 422 and kept(alice) == 12 and trail() == []
    assert '<a href="#id_months">Choose one of the times in the list.</a>' in html
    assert 'id="id_months"' in html and "How long projects are kept was not changed" in html


def test_a_time_that_is_in_no_list_is_shown_and_stays(alice: Cast, alice_client: Client) -> None:
    keep(alice, 7)
    html = alice_client.get(PAGE, headers=ENGLISH).content.decode()
    assert '<option value="7" selected>for 7 months</option>' in html
    assert send(alice_client, "7").status_code == 200 and kept(alice) == 7


# --- Who


@pytest.mark.parametrize("role", list(Role))
def test_who_may_erase_the_agency_decides(alice: Cast, role: Role) -> None:
    user = User.objects.create_user("pia@example.org", "a password for tests")
    client = signed_in(add_member(agency=alice.agency, user=user, role=role))
    may = role in roles.ERASES_AGENCY
    assert send(client, "6").status_code == (200 if may else 403)
    assert kept(alice) == (6 if may else None) and len(trail()) == may


def test_a_stranger_is_asked_to_sign_in(alice: Cast, client: Client) -> None:
    answer = send(client, "6", follow=False)
    assert answer.status_code == 302 and "/comptes/login/" in answer["Location"]
    assert kept(alice) is None


def test_one_only_reads_an_address_that_posts(alice_client: Client) -> None:
    assert alice_client.get(URL).status_code == 405


def test_who_may_not_decide_it_reads_it(
    alice: Cast, alice_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has the one right without the other, until somebody changes the table."""
    monkeypatch.setattr(roles, "ERASES_AGENCY", ())
    keep(alice, 24)
    html = alice_client.get(PAGE, headers=ENGLISH).content.decode()
    assert "<strong>for 24 months</strong>" in html
    assert URL not in html and '<select name="months"' not in html


def test_another_agency_keeps_its_own(alice: Cast, charlie: Cast, alice_client: Client) -> None:
    keep(charlie, 3)
    send(alice_client, "6")
    assert (kept(alice), kept(charlie)) == (6, 3)


# --- A project's own page


def shown(client: Client, project: Project, **headers: str) -> str:
    page = client.get(f"/projets/{project.pk}", headers=headers or ENGLISH)
    assert page.status_code == 200
    return page.content.decode()


def test_a_project_tells_its_day_when_it_is_near(alice: Cast, alice_client: Client) -> None:
    near, far, over = projects(alice, 75, 20, 400)
    assert "Goes to the bin" not in shown(alice_client, near)
    keep(alice, 3)
    assert "Goes to the bin on " in shown(alice_client, near)
    assert "Ira à la corbeille le " in shown(alice_client, near, **FRENCH)
    assert "Goes to the bin" not in shown(alice_client, far)
    today = timezone.localdate()
    assert f"Goes to the bin on {today.day} {today:%B %Y} unless" in shown(alice_client, over)
    live = alice_client.get(f"/projets/{near.pk}/live", headers=ENGLISH)
    assert live.status_code == 200 and "Goes to the bin" not in live.content.decode()


def test_the_day_costs_no_query(alice: Cast, alice_client: Client) -> None:
    [project] = projects(alice, 75)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            shown(alice_client, project)
        return len(made)

    without = queries()
    keep(alice, 3)
    assert queries() == without
