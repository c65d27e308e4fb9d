"""Whatever a customer writes of a thing leads staff to it, and nobody else anywhere."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db.models import UUIDField
from django.test import Client
from django.urls import reverse

from accounts.choices import Mode, Role
from accounts.invitations import invite
from accounts.models import ApiKey, Invitation, PhotoRequest, User
from accounts.photo_requests import ask
from integrations.webhooks.services import create_endpoint, send_ping
from projects.desk.search import WITH_IDS, search
from projects.models import CallbackReceipt, Generation
from projects.sharing.services import create_link
from tests.conftest import Cast
from tests.desk.looks import supporter
from tests.developers.pages import planted_call
from tests.garden import succeeded_generation

pytestmark = pytest.mark.django_db
FIND = "/admin/chercher"


@pytest.fixture
def dana(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("dana@example.org", "a password", name="Dana"))
    return client


@pytest.fixture
def job(alice: Cast) -> Generation:
    return succeeded_generation(alice)


def address(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def line_of(page: str, row: Any) -> str:
    return page.split(address(row))[1].split("</li>")[0]


def led_to(dana: Client, text: object) -> str:
    answer = dana.get(FIND, {"q": str(text)})
    return answer["Location"] if answer.status_code == 302 else f"{answer.status_code}"


def test_each_kind_is_found_by_its_id_and_by_eight_characters(
    dana: Client, alice: Cast, job: Generation
) -> None:
    endpoint = create_endpoint(agency=alice.agency, mode=Mode.LIVE, url="https://hook.example.org/")
    ping = send_ping(endpoint.pk)
    key = ApiKey.objects.get(prefix=alice.api_key[:15])
    rows = [
        job, job.project, job.photo, job.pictures.get(), alice.agency, alice.owner,
        alice.owner.user, key, job.account, endpoint, ping, ping.event, planted_call(key),
        create_link(project=job.project, author=alice.owner, generations=[job]),
    ]  # fmt: skip
    for row in rows:
        assert led_to(dana, row.pk) == led_to(dana, f" {row.pk.hex} ") == address(row)
        assert led_to(dana, str(row.pk).upper()[:8]) == address(row)
    assert all(isinstance(model._meta.pk, UUIDField) for model in WITH_IDS)


def test_by_what_customers_have_in_their_hands(dana: Client, alice: Cast, job: Generation) -> None:
    link = create_link(project=job.project, author=alice.owner, generations=[job])
    key = ApiKey.objects.get(prefix=alice.api_key[:15])
    call = planted_call(key, request_id="req-from-their-log")
    endpoint = create_endpoint(agency=alice.agency, mode=Mode.LIVE, url="https://hook.example.org/")
    ask(alice.owner, photos=10, message="")
    PhotoRequest.objects.update(invoice_reference="F-2026-118")
    asked = PhotoRequest.objects.get()
    for text, row in {
        f"https://parterre.example/projets/{job.project_id}": job.project,
        f"https://parterre.example/p/{link.token}?langue=fr": link,
        link.token: link,
        "https://hook.example.org/": endpoint,
        alice.api_key: key,
        alice.api_key[:15]: key,
        f"{alice.api_key[:15]}…": key,
        job.upstream_id: job,
        send_ping(endpoint.pk).message_id: None,
        call.request_id: call,
        "F-2026-118": asked,
    }.items():
        found = led_to(dana, text)
        assert found == address(row) if row else found.startswith("/admin/webhooks/delivery/")
    page = told(dana, str(alice.owner.iacrea_user_id))
    assert address(alice.owner) in page and address(job.account) in page
    assert "alice@example.org" in line_of(page, alice.owner), "there may be two of one name"
    assert line_of(page, alice.owner).count("alice@example.org") == 1


def test_a_whole_key_is_asked_of_no_other_table(alice: Cast) -> None:
    found = search(f"x-api-key: {alice.api_key}")
    assert [type(row) for rows in found.rows.values() for row in rows] == [ApiKey]


@pytest.mark.parametrize(
    "text", ["deadbeef-" + 27 * "a", "https://[x", "a\0b", "0" * 300, "prt_live_" + 49 * "x"]
)
def test_what_is_nothing_is_told_so(dana: Client, text: str) -> None:
    assert "These lead somewhere" in told(dana, text)


def test_a_key_of_nobody_is_looked_for_among_no_names(
    dana: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(1):
        assert search("prt_live_" + 49 * "x").rows == {}


def test_an_id_that_only_iacreas_callback_named(dana: Client, job: Generation) -> None:
    attempt = job.attempts.get()
    CallbackReceipt.objects.create(attempt=attempt, candidate_id="iacrea-777")
    assert led_to(dana, "iacrea-777") == address(job)


def told(dana: Client, text: str) -> str:
    answer = dana.get(FIND, {"q": text})
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_address_leads_to_the_person_and_where_they_work(
    dana: Client, alice: Cast, charlie: Cast
) -> None:
    invite(author=charlie.owner, email="alice@example.org", role=Role.MEMBER, language="fr")
    page = told(dana, "ALICE@example.org")
    rows = (alice.owner.user, alice.owner, Invitation.objects.get())
    assert all(address(row) in page for row in rows)
    assert address(charlie.owner) not in page


def test_by_names(dana: Client, alice: Cast) -> None:
    assert address(alice.agency) in told(dana, "alic")
    assert address(alice.owner.user) in told(dana, "alic")
    assert "Nothing is called “&lt;b&gt;nobody”" in told(dana, "<b>nobody")
    assert "These lead somewhere" in told(dana, "") and "These lead somewhere" in told(dana, "a")


def test_a_title_leads_nowhere_and_that_is_said(dana: Client, job: Generation) -> None:
    """No index knows it, and nothing is looked through row by row."""
    assert job.project.title == "Jardin Martin"
    page = told(dana, "Jardin Martin")
    assert address(job.project) not in page and "A project’s title leads nowhere" in page


def test_two_that_begin_alike_are_a_choice(dana: Client, alice: Cast, job: Generation) -> None:
    others = [UUID(f"{job.pk.hex[:8]}{uuid4().hex[8:]}") for _ in range(2)]
    key = ApiKey.objects.get(prefix=alice.api_key[:15])
    rows = [planted_call(key, pk=other) for other in others]
    page = told(dana, job.pk.hex[:8])
    assert all(address(row) in page for row in [job, *rows])
    assert led_to(dana, job.pk.hex[:7]) == "200", "seven are a word"


def test_hostile_names_are_text(dana: Client, alice: Cast) -> None:
    alice.agency.name = "<script>alert(1)</script>"
    alice.agency.save()
    assert "<script>alert" not in told(dana, "alert(1)")


def test_staff_see_what_they_may_see(alice: Cast, job: Generation) -> None:
    reader = User.objects.create_user("rita@example.org", "a password", name="Rita")
    User.objects.filter(pk=reader.pk).update(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_project"))
    client = Client()
    client.force_login(User.objects.get(pk=reader.pk))
    assert led_to(client, job.project_id) == address(job.project)
    assert led_to(client, job.pk) == "200" and address(job) not in told(client, str(job.pk))
    assert address(alice.agency) not in told(client, "alic")


def test_nobody_else_is_let_in(alice: Cast, job: Generation, client: Client) -> None:
    for someone in (client, Client()):
        answer = someone.get(FIND, {"q": str(job.pk)})
        assert answer.status_code == 302 and "/admin/login/" in answer["Location"]
        someone.force_login(alice.owner.user)


def test_the_box_is_on_each_page_and_few_questions_are_asked(
    dana: Client, alice: Cast, job: Generation, django_assert_max_num_queries: Any
) -> None:
    for page in ("/admin/", address(job), FIND):
        assert f'action="{FIND}"' in dana.get(page).content.decode()
    for text in (job.pk, uuid4(), "alice@example.org", "alice", alice.api_key, "req-1"):
        with django_assert_max_num_queries(12):
            dana.get(FIND, {"q": str(text)})


def test_ten_of_a_kind_cost_as_much_as_one(
    alice: Cast, job: Generation, django_assert_max_num_queries: Any
) -> None:
    """To somebody with a role, whose permissions are two questions more."""
    key = ApiKey.objects.get(prefix=alice.api_key[:15])
    others = [UUID(f"{job.pk.hex[:8]}{uuid4().hex[8:]}") for _ in range(5)]
    rows = [planted_call(key, pk=other, request_id="twice") for other in others]
    client = supporter()
    page = told(client, job.pk.hex[:8])
    assert all(address(row) in page for row in [job, *rows])
    user_id, nobody = alice.owner.iacrea_user_id, "https://nowhere.example.org/x"
    for text in (job.pk.hex[:8], user_id, uuid4(), "twice", "alice", "alice@example.org", nobody):
        with django_assert_max_num_queries(12):
            client.get(FIND, {"q": str(text)})
