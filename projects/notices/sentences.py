"""What each notification says, in the language that is active: docs/notifications.md."""

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import NotificationKind
from accounts.models import Notification
from projects.choices import FailureCode, RoomType
from projects.notices import security
from projects.notices.names import LINE_NAME, SUBJECT_NAME, one_line
from projects.notices.notice import Facts, Notice
from projects.photo_problems import detail_text


def notice_of(row: Notification) -> Notice:
    return SENTENCES[NotificationKind(row.kind)](row.facts)


def _ready(facts: Facts) -> Notice:
    title = _("Your picture is ready: %(project)s") % _short_project(facts)
    line = _("%(type)s, of the project “%(project)s”, is ready.") % _picture(facts)
    return Notice(title, [line], _path_of_picture(facts), _("Look at the picture"))


def _failed(facts: Facts) -> Notice:
    title = _("Your picture could not be made: %(project)s") % _short_project(facts)
    line = _("%(type)s, of the project “%(project)s”, could not be made.") % _picture(facts)
    lines = [line, _why(facts), _given_back(int(facts.get("photos") or 0))]
    return Notice(title, [line for line in lines if line], _path_of_project(facts), _to_project())


def _approved(facts: Facts) -> Notice:
    title = _("%(client)s approved a picture") % {"client": _client(facts, SUBJECT_NAME)}
    line = _("%(client)s approved a picture of the project “%(project)s”.") % _from_client(facts)
    return Notice(title, [line], _path_of_picture(facts), _("Look at the picture"))


def _commented(facts: Facts) -> Notice:
    title = _("%(client)s wrote a comment") % {"client": _client(facts, SUBJECT_NAME)}
    line = _("%(client)s wrote a comment on the project “%(project)s”.") % _from_client(facts)
    return Notice(title, [line], _path_of_picture(facts), _("Read the comment"))


def _quota_low(facts: Facts) -> Notice:
    count = int(facts.get("available") or 0)
    left = ngettext("%(n)d photo is left", "%(n)d photos are left", count) % {"n": count}
    line = _("Ask for more before they are used up, so that nobody has to wait.")
    return Notice(left, [line], reverse("projects:usage"), _to_usage())


def _quota_exhausted(facts: Facts) -> Notice:
    line = _("No picture can be made until your agency has photos again.")
    title = _("Your agency has no photos left")
    return Notice(title, [line], reverse("projects:usage"), _to_usage())


def _photos_granted(facts: Facts) -> Notice:
    count = int(facts.get("photos") or 0)
    text = ngettext("%(n)d photo was added", "%(n)d photos were added", count) % {"n": count}
    line = _("Your agency can make pictures with what was added at once.")
    return Notice(text, [line], reverse("projects:usage"), _to_usage())


def _endpoint_disabled(facts: Facts) -> Notice:
    url = {"url": one_line(facts.get("url", ""), 200)}
    gone = _("Your endpoint %(url)s has answered 410 Gone. We call it no more.")
    silent = _("Nothing has arrived at your endpoint %(url)s for five days. We call it no more.")
    lines = [
        (gone if facts.get("reason") == "gone" else silent) % url,
        _(
            "What happens meanwhile is kept for 30 days. Once the endpoint answers with 2xx again, "
            "enable it:"
        ),
        f"POST {_enable(facts)}",
        _("Then ask for what was not delivered, with POST …/resend-failed."),
    ]
    title = _("A webhook of your agency is disabled")
    return Notice(title, lines, reverse("docs:webhooks"), _("About webhooks"))


# --- Parts of sentences


def _project(facts: Facts, most: int) -> str:
    return one_line(facts.get("project", ""), most) or _("project without a name")


def _client(facts: Facts, most: int) -> str:
    return one_line(facts.get("client", ""), most) or _("A client")


def _short_project(facts: Facts) -> dict[str, str]:
    return {"project": _project(facts, SUBJECT_NAME)}


def _from_client(facts: Facts) -> dict[str, str]:
    return {"client": _client(facts, LINE_NAME), "project": _project(facts, LINE_NAME)}


def _picture(facts: Facts) -> dict[str, str]:
    known = facts.get("room_type") in RoomType.values
    name = str(RoomType(facts["room_type"]).label) if known else _("Picture")
    return {"type": name, "project": _project(facts, LINE_NAME)}


def _why(facts: Facts) -> str:
    if detail := detail_text(facts.get("failure_detail", "")):
        return detail
    code = facts.get("failure_code")
    return str(FailureCode(code).label) if code in FailureCode.values else ""


def _given_back(photos: int) -> str:
    text = ngettext(
        "%(n)d photo was given back to your agency.",
        "%(n)d photos were given back to your agency.",
        photos,
    )
    return text % {"n": photos} if photos else ""


def _path_of_project(facts: Facts) -> str:
    return reverse("projects:detail", args=[facts["project_id"]])


def _path_of_picture(facts: Facts) -> str:
    chosen = f"?image={facts['generation_id']}" if facts.get("generation_id") else ""
    return _path_of_project(facts) + chosen


def _enable(facts: Facts) -> str:
    """As software calls it, and not a page."""
    path = reverse("webhooks:enable", args=[facts["endpoint_id"]])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def _to_project() -> str:
    return _("To the project")


def _to_usage() -> str:
    return _("Look at the usage")


SENTENCES: dict[NotificationKind, Callable[[Facts], Notice]] = {
    NotificationKind.READY: _ready,
    NotificationKind.FAILED: _failed,
    NotificationKind.APPROVED: _approved,
    NotificationKind.COMMENTED: _commented,
    NotificationKind.QUOTA_LOW: _quota_low,
    NotificationKind.QUOTA_EXHAUSTED: _quota_exhausted,
    NotificationKind.PHOTOS_GRANTED: _photos_granted,
    NotificationKind.ENDPOINT_DISABLED: _endpoint_disabled,
    NotificationKind.KEY_CREATED: security.key_created,
    NotificationKind.PASSWORD_CHANGED: security.password_changed,
    NotificationKind.SECOND_FACTOR: security.second_factor,
    NotificationKind.SIGNED_IN: security.signed_in,
}
