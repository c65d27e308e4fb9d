"""What a project's public page shows: itself, behind its code if it has one, and its pictures."""

import re
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from projects import labels, sizes
from projects.models import Picture, SharedGeneration, ShareLink, Upload
from projects.sharing import limits, selectors, services
from projects.sharing.page import address_of
from projects.sharing.tokens import Visit
from projects.views.files import answer
from projects.views.lookup import or_404
from projects.views.share_frame import JUDGED_EACH_TIME, ask_for_code, public, show, too_often

# They fetch an address to show a preview of it, before anybody has looked.
ROBOTS = re.compile(r"bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|slack|embed", re.I)


@public
@require_safe
def page(request: HttpRequest, link: ShareLink) -> HttpResponse:
    visit = Visit.of(link, request.GET)
    if not visit.may_look:
        return ask_for_code(visit)
    if _is_view(request):
        services.count_view(link)
    return show(visit, just=request.GET.get("just", ""))


@public
@require_POST
def code(request: HttpRequest, link: ShareLink) -> HttpResponse:
    visit = Visit.of(link, request.GET)
    if services.is_code_closed(link):
        return ask_for_code(visit, _("This link is locked after too many wrong codes."), 403)
    if wait := limits.wait_for_code(link.pk):
        return ask_for_code(visit, too_often(wait), 429, wait)
    if not services.try_code(link, request.POST.get("code", "")):
        return ask_for_code(visit, _("This is not the code. Look at it again."), 403)
    return HttpResponseRedirect(f"{address_of(link)}{visit.opening().query()}", status=303)


@public
@require_safe
def image(
    request: HttpRequest, link: ShareLink, position: int, side: str, width: int, kind: str
) -> HttpResponseBase:
    """The picture ("after") or the photo that it was made of ("before"), in a size."""
    if not Visit.of(link, request.GET).may_look or width not in sizes.WIDTHS:
        raise Http404
    row = _side(or_404(selectors.shared_at, link, position), side)
    if row is None or kind not in sizes.KINDS:
        raise Http404
    label = labels.owed_by(link.agency)
    made = partial(sizes.sized, row, width, kind, label)
    name = f"{row.pk.hex}-{width}-{kind}{label and '-' + labels.language()}"
    return _picture(request, name, made, sizes.KINDS[kind])


@public
@require_safe
def preview(request: HttpRequest, link: ShareLink) -> HttpResponseBase:
    """For messengers; not of a link with a code, since its address alone shall show nothing."""
    shared = selectors.shared_of(link)
    picture = selectors.picture_of(shared[0]) if shared and not link.code else None
    if picture is None:
        raise Http404
    made = partial(sizes.preview, picture)
    return _picture(request, f"{picture.pk.hex}-preview", made, "image/jpeg")


def _side(shared: SharedGeneration, side: str) -> Picture | Upload | None:
    sides = {"after": selectors.picture_of(shared), "before": shared.generation.photo}
    return sides.get(side)


def _picture(
    request: HttpRequest, name: str, made: Callable[[], bytes], content_type: str
) -> HttpResponseBase:
    """Browsers keep it and ask each time whether they still may show it."""
    etag = f'"{name}"'
    known = get_conditional_response(request, etag=etag)
    response = known or answer(lambda: ContentFile(made()), content_type, JUDGED_EACH_TIME)
    response.headers.setdefault("ETag", etag)
    return response


def _is_view(request: HttpRequest) -> bool:
    """A page that a person looks at: not one that comes back from its own form, is fetched before
    anybody asked, or is looked at by somebody who works in Parterre with this browser."""
    early = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    own = settings.SESSION_COOKIE_NAME in request.COOKIES
    robot = ROBOTS.search(request.headers.get("User-Agent", ""))
    return request.method == "GET" and not (early or own or robot or "just" in request.GET)
