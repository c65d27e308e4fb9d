"""What the agency's clients were shown and what they said."""

from django.db.models import Q
from django.utils.translation import gettext as _

from projects.desk.timeline.moments import Facts, Reader, Rows, Said, moments
from projects.models import Approval, ClientComment, Generation, ShareLink


def rows(job: Generation) -> dict[str, Rows]:
    """A comment without a picture is about all that its link shows."""
    links = ShareLink.objects.filter(shared__generation=job)
    yes = Approval.objects.filter(generation=job)
    about = Q(generation=job) | Q(generation=None, link__shared__generation=job)
    words = ClientComment.objects.filter(about)
    link = {"id": "id", "views": "views", "by": "author_id"}
    said = {"id": "id", "name": "name"}
    return {
        "shared": moments(links, "created_at", **link),
        "viewed": moments(links, "last_viewed_at", **link),
        "revoked": moments(links, "revoked_at", **link),
        "approved": moments(yes, "created_at", **said),
        "approval_withdrawn": moments(yes, "withdrawn_at", **said),
        "commented": moments(words, "created_at", text="text", answers="answers_id", **said),
        "comment_withdrawn": moments(words, "withdrawn_at", **said),
    }


def _of_link(words: str, facts: Facts) -> Said:
    return Said(words, row=("projects.sharelink", facts["id"]))


def _shared(reader: Reader, facts: Facts) -> Said:
    words = _("%(name)s made a link that shows it to a client.") % {"name": reader.who(facts["by"])}
    return _of_link(words, facts)


def _viewed(_reader: Reader, facts: Facts) -> Said:
    """Each view is counted, and only the last has a time."""
    words = _("A client last looked at the link: %(views)s views in all.") % facts
    return _of_link(words, facts)


def _revoked(_reader: Reader, facts: Facts) -> Said:
    return _of_link(_("The link was revoked."), facts)


def _approved(_reader: Reader, facts: Facts) -> Said:
    return Said(_("%(name)s approved the picture.") % _client(facts), row=_row("approval", facts))


def _approval_withdrawn(_reader: Reader, facts: Facts) -> Said:
    words = _("%(name)s took the approval back.") % _client(facts)
    return Said(words, row=_row("approval", facts))


def _commented(_reader: Reader, facts: Facts) -> Said:
    question, answer = _("%(name)s wrote a comment."), _("%(name)s answered a comment.")
    words = (answer if facts["answers"] else question) % _client(facts)
    return Said(words, facts["text"], _row("clientcomment", facts))


def _comment_withdrawn(_reader: Reader, facts: Facts) -> Said:
    return Said(_("A comment was withdrawn."), row=_row("clientcomment", facts))


def _client(facts: Facts) -> dict[str, str]:
    return {"name": facts["name"] or _("A client")}


def _row(model: str, facts: Facts) -> tuple[str, str]:
    return f"projects.{model}", str(facts["id"])


TELL = {
    "shared": _shared, "viewed": _viewed, "revoked": _revoked, "approved": _approved,
    "approval_withdrawn": _approval_withdrawn, "commented": _commented,
    "comment_withdrawn": _comment_withdrawn,
}  # fmt: skip
