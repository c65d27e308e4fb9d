"""The frame of a project's public page, for whoever has its address: docs/sharing.md.

No session, no cookie, no CSRF token. Nobody is signed in here, so there is nothing that another
site's page could do in somebody's name: what may be done is in the token of the address, which that
page does not know.
"""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from projects.brand import Brand, brand_of
from projects.models import ShareLink
from projects.sharing import selectors, services
from projects.sharing.page import LinkPreview, SharePage, address_of, mail_in, phone_in, pictures_of
from projects.sharing.tokens import Visit
from projects.views.cards import project_name
from projects.views.lookup import or_404

# Asked for anew each time, so that a link that is revoked shows nothing from then on.
JUDGED_EACH_TIME = "private, no-cache"
POLICY = {"connect-src": [NONE], "font-src": [NONE], "img-src": [SELF]}


def public(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hands the view the link of the token. What has ended is a 410, what nobody knows a 404; no
    answer sets a cookie, is kept or may be listed."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **parts: Any) -> HttpResponseBase:
        return _told(request, partial(_judged, view, token, parts))

    return wrapped


@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponseBase:
    return _told(request, lambda _request: page_of("unknown", {}, 404))


def _told(
    request: HttpRequest, answered: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    """With what holds for each answer below `/p/`."""
    response = csp_replace(POLICY)(answered)(request)
    response.headers.setdefault("Cache-Control", JUDGED_EACH_TIME)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _judged(
    view: Callable[..., HttpResponseBase], token: str, parts: dict[str, Any], request: HttpRequest
) -> HttpResponseBase:
    try:
        link = or_404(selectors.link_by_token, token)
        return gone(link) if selectors.is_over(link) else view(request, link, **parts)
    except services.LinkOver:
        return gone(link)
    except Http404:
        return page_of("unknown", {}, 404)
    except (SuspiciousOperation, MultiPartParserError):
        return page_of("unknown", {}, 400)


def gone(link: ShareLink) -> HttpResponse:
    """Who made it, and how to reach them; nothing of what it showed."""
    brand = brand_of(link.agency)
    return page_of("gone", {"brand": brand, **_reach(brand)}, 410)


# --- Pages


def show(visit: Visit, status: int = 200, just: str = "", **refused: Any) -> HttpResponse:
    link, brand = visit.link, brand_of(visit.link.agency)
    pictures = pictures_of(link, visit)
    kept = Visit(link, mine=visit.mine).query()
    shown = SharePage(
        brand=brand,
        title=project_name(link.project),
        pictures=pictures,
        address=address_of(link),
        query=visit.query(),
        preview=None if link.code or not pictures else _link_preview(link),
        just=just if visit.mine or just == "withdrawn" else "",
        keep=f"{settings.PUBLIC_BASE_URL}{address_of(link)}{kept}" if visit.mine else "",
        **refused,
    )
    return page_of("page", {"page": shown, "brand": brand}, status)


def _link_preview(link: ShareLink) -> LinkPreview:
    address = f"{settings.PUBLIC_BASE_URL}{address_of(link)}"
    return LinkPreview(address, f"{address}/preview.jpg")


def ask_for_code(visit: Visit, wrong: str = "", status: int = 200, wait: int = 0) -> HttpResponse:
    brand = brand_of(visit.link.agency)
    context = {"brand": brand, "wrong": wrong, **_reach(brand)}
    action = f"{address_of(visit.link)}/code{visit.query()}"
    return later(page_of("code", {**context, "action": action}, status), wait)


def page_of(name: str, context: Mapping[str, Any], status: int) -> HttpResponse:
    """Without the request: no context processor may look for a session."""
    return HttpResponse(render_to_string(f"share/{name}.html", dict(context)), status=status)


def _reach(brand: Brand) -> dict[str, str]:
    return {"phone": phone_in(brand.contact), "mail": mail_in(brand.contact)}


def later(response: HttpResponse, wait: int) -> HttpResponse:
    if wait:
        response["Retry-After"] = str(wait)
    return response


def too_often(wait: int) -> str:
    minutes = -(-wait // 60)
    text = ngettext(
        "Too many tries. Wait %(n)d minute.", "Too many tries. Wait %(n)d minutes.", minutes
    )
    return text % {"n": minutes}
