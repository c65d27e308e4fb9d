"""Links for tests, and what a client sends. A client has no cookie and knows an address only."""

from typing import Any
from uuid import uuid4

from django.test import Client

from projects.models import Generation, Project, ShareLink
from projects.sharing import services
from tests.conftest import Cast
from tests.garden import succeeded_generation
from tests.projects.test_bin import variation

FRENCH, ENGLISH = {"accept-language": "fr"}, {"accept-language": "en"}


def two_pictures(cast: Cast) -> list[Generation]:
    """Of one project, the first one first."""
    first = succeeded_generation(cast)
    return [first, variation(cast, first)]


def shared(cast: Cast, generations: list[Generation] | None = None, **options: Any) -> ShareLink:
    chosen = generations or [succeeded_generation(cast, uuid4().hex)]
    project = Project.objects.get(pk=chosen[0].project_id)
    return services.create_link(project=project, author=cast.owner, generations=chosen, **options)


def at(link: ShareLink, rest: str = "") -> str:
    return f"/p/{link.token}{rest}"


def look(client: Client, url: str, **headers: str) -> Any:
    """As a phone does; `user_agent` and the like are headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(url, headers={**ENGLISH, **named})


def send(client: Client, url: str, **fields: str) -> Any:
    return client.post(url, fields, headers=ENGLISH)


def approve(client: Client, link: ShareLink, name: str = "Odile", query: str = "") -> Any:
    return send(client, at(link, f"/1/approve{query}"), name=name)


def comment(client: Client, link: ShareLink, text: str = "Wider?", name: str = "Odile") -> Any:
    return send(client, at(link, "/1/comment"), name=name, text=text)


def query_of(answer: Any) -> str:
    """What the address says that an act leads to."""
    return "?" + answer["Location"].partition("?")[2].partition("#")[0]
