"""The document, and the pages that show it. Open to everybody; nothing of an agency is in them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from integrations.doors.policies import public_policy
from integrations.webhooks.api.inputs import LOOPBACK
from projects.reference import pages
from projects.reference.marks import marked, pretty
from projects.reference.operation import Text
from projects.reference.parts import scope_texts
from projects.reference.topics import TOPICS

JsonObject = dict[str, Any]
FIVE_MINUTES = 300
VERIFY = {"Python": "verify_python", "JavaScript": "verify_javascript", "PHP": "verify_php"}


@dataclass(frozen=True)
class Link:
    url: str
    title: Text


@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
@conditional_page
def openapi(request: HttpRequest) -> HttpResponse:
    from projects.reference.document import as_json  # see _document

    return HttpResponse(as_json(), content_type="application/json")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    takes_loopback = public_policy().allows(LOOPBACK)
    return _page(
        request,
        "index",
        first_picture=_code("first_picture"),
        receiver=_code("receiver"),
        verify=_code("verify_python"),
        takes_loopback=takes_loopback,
        endpoint_url="http://127.0.0.1:9000/" if takes_loopback else "https://example.org/parterre",
        scopes=scope_texts(),
        calls=settings.API_CALLS_PER_MINUTE,
        creates=settings.API_CREATES_PER_MINUTE,
        document_url=reverse("docs:openapi"),
    )


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    example = pretty(_document()["components"]["examples"]["no_photos_left"]["value"])
    return _page(
        request,
        "errors",
        refusals=pages.refusals(),
        failures=pages.failures(),
        failure_details=pages.failure_details(),
        example=example,
    )


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    verify = {language: _code(name) for language, name in VERIFY.items()}
    return _page(request, "webhooks", told=pages.messages(_document()), verify=verify)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = next((each for each in TOPICS if each.slug == slug), None)
    if found is None:
        raise Http404
    document = _document()
    calls, things = pages.calls_of(document, slug), pages.things_of(document, slug)
    said = marked(found.said)
    return _page(request, "topic", topic=found, said=said, calls=calls, things=things)


def _page(request: HttpRequest, name: str, **shown: Any) -> HttpResponse:
    frame = {"links": _links(), "base": settings.PUBLIC_BASE_URL}
    return render(request, f"reference/{name}.html", {**frame, **shown})


def _links() -> list[Link]:
    topics = [Link(reverse("docs:topic", args=[each.slug]), each.title) for each in TOPICS]
    messages = Link(reverse("docs:webhooks"), _("Messages to you"))
    return [
        Link(reverse("docs:index"), _("Start")),
        *topics,
        messages,
        Link(reverse("docs:errors"), _("Errors")),
    ]


def _document() -> JsonObject:
    """Loaded when somebody reads it: drf-spectacular takes 0.2 s and 4 MB of each process."""
    from projects.reference.document import document

    return document(get_language() or settings.LANGUAGE_CODE)


def _code(name: str) -> str:
    text = render_to_string(f"reference/code/{name}.txt", {"base": settings.PUBLIC_BASE_URL})
    return text.strip()
