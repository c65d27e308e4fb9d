"""The agency's side: a link with one tap, links with choices, the table, revoking and answering."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import AuditEntry, Membership
from projects import keeping
from projects.models import ClientComment, Generation, Project, ShareLink
from projects.sharing import services
from tests.conftest import Cast, signed_in
from tests.garden import project_with_photo, succeeded_generation
from tests.sharing.made import (
    ENGLISH,
    approve,
    at,
    comment,
    look,
    query_of,
    send,
    shared,
    two_pictures,
)

pytestmark = pytest.mark.django_db


def of(project_id: object, rest: str = "partager") -> str:
    return f"/projets/{project_id}/{rest}"


def make(client: Client, job: Generation, **fields: Any) -> Any:
    return client.post(of(job.project_id), fields, headers=ENGLISH)


def shown(link: ShareLink) -> list[Any]:
    return list(link.shared.values_list("generation_id", flat=True))


def test_one_tap_makes_the_usual_link(alice: Cast, alice_client: Client) -> None:
    first, second = two_pictures(alice)
    page = look(alice_client, of(first.project_id, "")[:-1]).content.decode()
    assert f'action="{of(first.project_id, "partager/lien")}"' in page
    answer = send(alice_client, of(first.project_id, "partager/lien"))
    link = ShareLink.objects.get()
    assert answer["Location"] == f"{of(first.project_id)}?link={link.pk}"
    assert shown(link) == [second.pk, first.pk] and not link.code and link.author == alice.owner
    assert link.expires_at and timedelta(days=29) < link.expires_at - timezone.now()
    html = look(alice_client, answer["Location"]).content.decode()
    assert f'value="http://testserver{at(link)}"' in html and "Link 1 is ready" in html


def test_a_second_tap_gives_the_same_link(alice: Cast, alice_client: Client) -> None:
    first, second = two_pictures(alice)
    url = of(first.project_id, "partager/lien")
    assert send(alice_client, url)["Location"] == send(alice_client, url)["Location"]
    keeping.favour(first, True)
    send(alice_client, url)
    links = list(ShareLink.objects.order_by("created_at"))
    assert [shown(link) for link in links] == [[second.pk, first.pk], [first.pk]]
    services.revoke(links[1], actor_id="")
    send(alice_client, url)
    assert ShareLink.objects.count() == 3
    ShareLink.objects.update(expires_at=timezone.now() + timedelta(days=6))
    send(alice_client, url)
    assert ShareLink.objects.count() == 4, "one that ends soon is not given out"


def test_a_link_with_choices(alice: Cast, alice_client: Client, client: Client) -> None:
    first, second = two_pictures(alice)
    page = look(alice_client, of(first.project_id)).content.decode()
    assert page.count(" checked") == 2 and '<option value="30" selected>' in page
    assert make(alice_client, first, pictures=[first.pk], days="", code="1").status_code == 302
    link = ShareLink.objects.get()
    assert shown(link) == [first.pk] and link.expires_at is None
    html = look(alice_client, f"{of(first.project_id)}?link={link.pk}").content.decode()
    assert link.code in html and "without end" in html
    make(alice_client, first, pictures=[second.pk, first.pk], days="7")
    newest = ShareLink.objects.latest("created_at")
    assert newest.expires_at and newest.expires_at - timezone.now() <= timedelta(days=7)
    assert shown(newest) == [second.pk, first.pk] and not newest.code


def test_what_cannot_be_shared_is_said(alice: Cast, charlie: Cast, alice_client: Client) -> None:
    job, foreign = succeeded_generation(alice), succeeded_generation(charlie, "upstream-2")
    answers = [
        make(alice_client, job, days="30"),
        make(alice_client, job, pictures=[foreign.pk], days="30"),
        make(alice_client, job, pictures=["x"], days="30"),
        make(alice_client, job, pictures=[job.pk], days="31"),
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert "Choose at least one picture." in answers[0].content.decode()
    assert not ShareLink.objects.exists()


def test_a_project_without_a_picture(alice: Cast, alice_client: Client) -> None:
    project = project_with_photo(alice)
    assert "Nothing to share yet" in look(alice_client, of(project.pk)).content.decode()
    assert send(alice_client, of(project.pk, "partager/lien"))["Location"] == of(project.pk)
    assert (
        of(project.pk, "partager/lien")
        not in look(alice_client, f"/projets/{project.pk}").content.decode()
    )


def test_the_table_and_revoking(alice: Cast, alice_client: Client, client: Client) -> None:
    link = shared(alice, days=None)
    look(client, at(link))
    html = look(alice_client, of(link.project_id)).content.decode()
    assert "1 view, the last one" in html and "Open for the client" in html and at(link) in html
    before = Project.objects.get(pk=link.project_id).version
    send(alice_client, of(link.project_id, f"partager/{link.pk}/revoquer"))
    send(alice_client, of(link.project_id, f"partager/{link.pk}/revoquer"))
    assert look(client, at(link)).status_code == 410
    html = look(alice_client, of(link.project_id)).content.decode()
    assert "Revoked" in html and at(link) not in html
    assert Project.objects.get(pk=link.project_id).version > before
    told = AuditEntry.objects.get(action="share_link.revoked")
    assert (told.agency, told.target) == (alice.agency, str(link.pk)), "of two taps the first"
    assert (told.actor_id, told.detail) == (str(alice.owner.pk), {"project": str(link.project_id)})
    dead = shared(alice, [Generation.objects.get()])
    ShareLink.objects.filter(pk=dead.pk).update(expires_at=timezone.now())
    assert "Link expired" in look(alice_client, of(link.project_id)).content.decode()


def test_what_the_client_says_stands_beside_the_picture(
    alice: Cast, alice_client: Client, client: Client
) -> None:
    link = shared(alice)
    mine = query_of(approve(client, link))
    comment(client, link, text="Wider?")
    url = f"/projets/{link.project_id}"
    html = look(alice_client, url).content.decode()
    assert "Approved by Odile" in html and "Wider?" in html and "1 comment" in html
    said = ClientComment.objects.get()
    answer = send(
        alice_client, of(link.project_id, f"commentaires/{said.pk}/repondre"), answer="Of course."
    )
    assert answer.status_code == 302
    html = look(client, at(link)).content.decode()
    assert "Of course." in html and "<strong>Alice</strong>, Alice" in html
    assert "Of course." in look(alice_client, url).content.decode()
    send(client, at(link, f"/withdraw{mine}"), said=f"a{link.approvals.get().pk}")
    html = look(alice_client, url).content.decode()
    assert "took it back on" in html and "✓" not in html


def test_an_answer_that_cannot_be_sent(alice: Cast, alice_client: Client, client: Client) -> None:
    link = shared(alice)
    mine = query_of(comment(client, link))
    said = ClientComment.objects.get()
    url = of(link.project_id, f"commentaires/{said.pk}/repondre")
    assert send(alice_client, url, answer=" ").status_code == 422
    assert send(alice_client, url, answer="x" * 1001).status_code == 422
    send(client, at(link, f"/withdraw{mine}"), said=f"c{said.pk}")
    assert send(alice_client, url, answer="Too late").status_code == 404
    assert ClientComment.objects.count() == 1


@pytest.mark.parametrize("role", Role)
def test_who_may_share(alice: Cast, bob: Membership, role: Role) -> None:
    job = succeeded_generation(alice)
    Membership.objects.filter(pk=bob.pk).update(role=role)
    client = signed_in(bob)
    allowed = role != Role.INTEGRATOR
    statuses = [
        look(client, of(job.project_id)).status_code,
        send(client, of(job.project_id, "partager/lien")).status_code,
        make(client, job, pictures=[job.pk], days="7").status_code,
    ]
    assert statuses == ([200, 302, 302] if allowed else [403] * 3)
    assert ("partager" in look(client, f"/projets/{job.project_id}").content.decode()) == allowed


def test_an_open_page_sees_a_yes_come(alice: Cast, alice_client: Client, client: Client) -> None:
    link = shared(alice)
    page = look(alice_client, f"/projets/{link.project_id}").content.decode()
    assert "js/live" in page
    found = re.search(r'data-live="([^"]+)" data-etag="([^"]+)"', page)
    assert found
    live, etag = (each.replace("&amp;", "&").replace("&quot;", '"') for each in found.groups())
    answer = look(alice_client, live, if_none_match=etag)
    assert answer.status_code == 304 and answer["X-Poll-After"] == "20"
    approve(client, link)
    answer = look(alice_client, live, if_none_match=etag)
    assert "Approved by Odile" in answer.content.decode()
    assert answer["X-Poll-After"] == "20" and "X-Poll-Stop" not in answer
    services.revoke(link, actor_id="")
    answer = look(alice_client, live, if_none_match=answer["ETag"])
    assert answer["X-Poll-Stop"] == "1"


def test_charlie_finds_nothing_of_it(alice: Cast, charlie_client: Client, client: Client) -> None:
    link = shared(alice)
    comment(client, link)
    said, own = ClientComment.objects.get(), link.project_id
    for url in (
        of(own), of(own, "partager/lien"), of(own, f"partager/{link.pk}/revoquer"),
        of(own, f"commentaires/{said.pk}/repondre"),
    ):  # fmt: skip
        assert send(charlie_client, url, answer="x").status_code == 404
    assert not ShareLink.objects.get().revoked_at and ClientComment.objects.count() == 1


def test_of_another_project_of_ones_own_it_is_not_there(
    alice: Cast, alice_client: Client, client: Client
) -> None:
    link, other = shared(alice), project_with_photo(alice)
    comment(client, link)
    said = ClientComment.objects.get()
    for rest in (
        f"partager/{link.pk}/revoquer", f"commentaires/{said.pk}/repondre",
        f"partager/{uuid4()}/revoquer", "commentaires/99999/repondre",
    ):  # fmt: skip
        assert send(alice_client, of(other.pk, rest), answer="x").status_code == 404


def test_the_address_is_reversed_as_the_docs_say(alice: Cast) -> None:
    link = shared(alice)
    assert reverse("share:page", args=[link.token]) == at(link)
