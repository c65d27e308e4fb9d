"""One project's page: what was made from what, and what is laid over what."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.test import Client

from projects.models import Generation
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.projects.made import varied

pytestmark = pytest.mark.django_db
VOID = {"img", "input", "meta", "link", "br", "source"}


class Tree(HTMLParser):
    """For each picture of the list: its number, and how many lists it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[int, str]] = []
        self.feed(page[page.index('class="generations"') - 4 :].partition("</section>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip().startswith("n° "):
            assert self.open.count("ol") == self.open.count("li"), "each list's child is an item"
            self.found.append((self.open.count("ol"), data.strip()))


def page(client: Client, job: Generation, **query: object) -> str:
    answer = client.get(f"/projets/{job.project_id}", query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def test_a_variation_stands_under_what_it_was_made_from(alice: Cast, alice_client: Client) -> None:
    first = succeeded_generation(alice)
    second = varied(first)
    varied(second)
    varied(first)
    assert Tree(page(alice_client, first)).found == [
        (1, "n° 1"),
        (2, "n° 2"),
        (3, "n° 3"),
        (2, "n° 4"),
    ]


def test_what_is_deeper_is_drawn_on_the_third_level(alice: Cast, alice_client: Client) -> None:
    line = [succeeded_generation(alice)]
    for _ in range(4):
        line.append(varied(line[-1]))
    html = page(alice_client, line[0])
    assert [level for level, _number in Tree(html).found] == [1, 2, 3, 3, 3]
    assert "même zone que le n° 4" in html, "what it was made from is still said"


def test_a_picture_is_compared_with_the_photo_unless_another_is_chosen(
    alice: Cast, alice_client: Client
) -> None:
    first = succeeded_generation(alice)
    second = varied(first)
    photo, one, two = (
        f"/uploads/{first.photo_id}", f"{first.pictures.get().pk}", f"{second.pictures.get().pk}",
    )  # fmt: skip

    def pair(**query: object) -> str:
        return (
            page(alice_client, first, **query).partition('class="pair"')[2].partition("</div>")[0]
        )

    assert photo in pair() and two in pair() and one not in pair()
    chosen = pair(image=second.pk, **{"with": first.pk})
    assert chosen.index(one) < chosen.index(two) and photo not in chosen
    assert chosen.index(">N° 1<") < chosen.index(">N° 2<") and "Avant" not in chosen
    assert photo in pair(image=first.pk, **{"with": ""})


def test_what_is_compared_is_kept_while_the_page_changes(alice: Cast, alice_client: Client) -> None:
    first = succeeded_generation(alice)
    second = varied(first)
    html = page(alice_client, first, image=second.pk, **{"with": first.pk})
    live = f"/projets/{first.project_id}/live"
    assert f"{live}?image={second.pk}&amp;with={first.pk}" in html
    assert f'<option value="{first.pk}" selected>' in html
    part = alice_client.get(live, {"image": second.pk, "with": first.pk}).content.decode()
    assert f'<option value="{first.pk}" selected>' in part


@pytest.mark.parametrize("wrong", ["unknown", "no id", "itself", "foreign", "running"])
def test_what_cannot_be_compared_is_ignored(
    alice: Cast, charlie: Cast, alice_client: Client, wrong: str
) -> None:
    first = succeeded_generation(alice)
    Generation.objects.filter(pk=first.pk).update(upstream_id="another")
    ids = {"unknown": uuid4(), "no id": "x", "itself": first.pk}
    ids["foreign"] = succeeded_generation(charlie).pk if wrong == "foreign" else ""
    if wrong == "running":
        varied(first)
        ids["running"] = Generation.objects.exclude(pk=first.pk).get().pk
        Generation.objects.filter(pk=ids["running"]).update(status="PROCESSING", charged=0)
    html = page(alice_client, first, image=first.pk, **{"with": ids[wrong]})
    assert f"/{first.photo_id}" in html.partition('class="pair"')[2].partition("</div>")[0]
    assert "&amp;with=" not in html


def test_one_picture_has_nothing_to_be_compared_with(alice: Cast, alice_client: Client) -> None:
    assert 'name="with"' not in page(alice_client, succeeded_generation(alice))
