"""What a member was told, what they want to be told, and the link in a mail that says no more."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.choices import NotificationKind
from accounts.models import Membership
from accounts.notification_choices import (
    SECURITY,
    Channels,
    choices_of,
    mail_no_more,
    set_choice,
)
from accounts.notifications import SHOWN, mark_read, notifications_of
from projects.notices.notice import Notice
from projects.notices.sentences import notice_of
from projects.notices.unsubscribing import member_and_kind
from projects.views.access import is_looked_at, member_required, workplace


@dataclass(frozen=True)
class Line:
    notice: Notice
    told_at: datetime
    is_new: bool


@dataclass(frozen=True)
class Choice:
    """A row of the table; a kind that is always told has no boxes."""

    kind: NotificationKind
    channels: Channels

    @property
    def is_always(self) -> bool:
        return self.kind in SECURITY


@require_safe
@member_required
def notifications(request: HttpRequest) -> HttpResponse:
    """Opening it is reading it, as with a project's page: a list that is open is no news any more,
    and a button for it would be a chore. Its reader opens it, not what fetches pages ahead."""
    member = workplace(request).membership
    rows = list(notifications_of(member)[:SHOWN])
    lines = [Line(notice_of(row), row.created_at, row.read_at is None) for row in rows]
    answer = render(request, "notifications/list.html", {"lines": lines})
    if rows and _is_read(request):
        mark_read(member, until=rows[0].created_at)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def choices(request: HttpRequest) -> HttpResponse:
    member = workplace(request).membership
    if request.method == "POST":
        _save(member, request)
        messages.success(request, _("Your choices are saved."))
        return redirect("projects:notification_choices")
    rows = [Choice(*pair) for pair in choices_of(member).items()]
    return render(request, "notifications/choices.html", {"rows": rows})


@csrf_exempt  # the reader's mail program calls it (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A GET changes nothing: scanners of mail open every link."""
    found = member_and_kind(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        mail_no_more(*found)
    page = {"kind": found[1].label, "done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", page)


def _save(member: Membership, request: HttpRequest) -> None:
    for kind, channels in choices_of(member).items():
        wanted = Channels(f"{kind}.list" in request.POST, f"{kind}.mail" in request.POST)
        if kind not in SECURITY and wanted != channels:
            set_choice(member, kind, wanted)


def _is_read(request: HttpRequest) -> bool:
    purpose = request.headers.get("sec-purpose", "")
    is_its_reader = request.method == "GET" and not is_looked_at(request)
    return is_its_reader and "prefetch" not in purpose
