"""Notes that staff leave for their colleagues on an agency. None is changed or taken away."""

from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Agency, StaffNote, User


@transaction.atomic
def add_note(agency: Agency, *, author: User, text: str, form_id: UUID) -> bool:
    """False: the same page was sent before. Its words are for colleagues, and the audit trail is
    the agency's too: there it is told only that there is a note."""
    note, is_new = StaffNote.objects.get_or_create(
        pk=form_id, defaults={"agency": agency, "author": author, "text": text}
    )
    if is_new:
        audit.record(
            agency=agency, action="agency.note", target=str(note.pk), actor_id=str(author.pk)
        )
    return is_new
