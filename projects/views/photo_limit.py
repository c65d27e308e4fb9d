"""How many photos and zones a person, and their agency, send by pages in a minute: each is decoded,
which may take a second of a processor. Counted as tries of a sign-in are, in the cache that all web
processes share. Scripts wait and send again by themselves (static/js/photo_sender.js)."""

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _

from projects.views.access import workplace
from projects.views.refusals import Problem, Refusal


def refusal_of(request: HttpRequest, title: str) -> Refusal | None:
    """Counts; before the form is judged."""
    member = workplace(request).membership
    if _is_one_more(request, "photos_of_a_person", member.user_id) and _is_one_more(
        request, "photos_of_an_agency", member.agency_id
    ):
        return None
    text = _("Many photos came in the last minute. Wait a minute, then send this one again.")
    return Refusal(title, [Problem(text)], 429)


def _is_one_more(request: HttpRequest, action: str, whose: object) -> bool:
    """By a key, of which the cache has a hash: an id would stand there after an erasure."""
    return bool(ratelimit.consume(request, action=action, key=str(whose)))
