"""Pages that ask again and again while a picture is made: when to ask next, and how "nothing has
changed" is said without a session.

A page is given a pass for what it shows: signed, for one member and one thing, good for half a day.
With it the question "still this version?" costs one query, which also sees that the member still
is one. A pass opens nothing else: whatever has changed is shown to a session only.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.utils.translation import get_language

from accounts.models import Membership
from projects.choices import Status
from projects.estimates import Estimate
from projects.models import Generation
from projects.selectors import RunningJob

HALF_A_DAY = 12 * 3600
# Seconds until a page asks again. Nobody waits for the minutes at the beginning; once a picture is
# about to come, it shall be there at once. What was usual is of other pictures, perhaps of a busier
# hour or a quicker one: nobody waits for longer than a quarter of the time that it took so far, or
# of that by which it is late.
SOON, USUAL, EARLY, LATE = 1, 3, 5, 4
# A picture that is being fetched is there within a second, if all is well.
LAST, FETCHED = 0.25, 10
UNKNOWN = 2
LIST = 4
# Nothing is made, but a client may say something.
SHARED = 20
NEAR = 0.25


def address(url: str, membership: Membership, thing: object, **kept: Any) -> str:
    """What a page asks: `url` with what was chosen in its own address, and a pass."""
    fields = {name: value for name, value in kept.items() if value}
    return f"{url}?{urlencode(fields | {'pass': _signer(thing).sign(membership.pk.hex)})}"


def member_of_pass(request: HttpRequest, thing: object) -> UUID | None:
    """Whose pass came with the question; None without one that is good for this thing."""
    try:
        return UUID(_signer(thing).unsign(request.GET.get("pass", ""), max_age=HALF_A_DAY))
    except BadSignature:
        return None


def etag(version: object) -> str:
    return f'W/"{version}-{get_language()}"'


def unchanged(request: HttpRequest, version: object, wait: float | None) -> HttpResponse | None:
    """304 when the page shows this version already."""
    answer = get_conditional_response(request, etag=etag(version))
    return paced(answer, version, wait) if answer else None


def changed(request: HttpRequest, part: str, context: dict[str, Any]) -> HttpResponse:
    """`part` of the page anew, and the photos of its header."""
    return render(request, "projects/_changed.html", context | {"part": part})


def paced(response: HttpResponse, version: object, wait: float | None) -> HttpResponse:
    """With the seconds until the next question; None when nothing more will come."""
    response["ETag"] = etag(version)
    response["Cache-Control"] = "private, no-cache"
    if wait is None:
        response["X-Poll-Stop"] = "1"
    else:
        response["X-Poll-After"] = f"{wait * settings.LIVE_POLL_TIMES:g}"
    return response


def wait_for(job: Generation | RunningJob, estimate: Estimate | None) -> float:
    if job.status == Status.PROCESSING:
        return _wait_for_picture(_age(job.created_at), estimate)
    is_last = job.status == Status.ARCHIVING and _age(job.status_since) < FETCHED
    return LAST if is_last else USUAL


def _age(since: datetime) -> float:
    return (timezone.now() - since).total_seconds()


def _wait_for_picture(age: float, estimate: Estimate | None) -> float:
    if estimate is None:
        return UNKNOWN
    begins = (1 - NEAR) * estimate.usual
    if age < begins:
        return max(SOON, min(EARLY, begins - age, NEAR * age))
    late = age - max((1 + NEAR) * estimate.usual, estimate.late)
    return max(SOON, min(LATE, NEAR * late))


def _signer(thing: object) -> TimestampSigner:
    return TimestampSigner(salt=f"projects.live.{thing}")
