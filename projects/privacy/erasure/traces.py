"""Names in rows that stay: the audit trail, and the admin's own log."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Concat

from accounts.models import Agency, AuditEntry, Notification

# In one statement: SQLite takes no more.
BATCH = 500


def blank_audit(agency: Agency) -> None:
    """Who did what, to which id, and when, stays: by ids."""
    AuditEntry.objects.for_agency(agency).update(reason="", detail={})


def blank_address(address: str) -> None:
    """Wherever an e-mail address stands in what is told of somebody to others."""
    both = Concat(Cast("detail", TextField()), "reason", output_field=TextField())
    said = AuditEntry.objects.annotate(text=both)
    AuditEntry.objects.filter(pk__in=_naming(said, address)).update(reason="", detail={})
    told = Notification.objects.annotate(text=Cast("facts", TextField()))
    Notification.objects.filter(pk__in=_naming(told, address)).delete()


def _naming(rows: QuerySet[Any], address: str) -> list[UUID]:
    """Not those that name jean-bob@example.org when bob@example.org is looked for."""
    whole = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-]|\.\w)", re.IGNORECASE)
    found = rows.filter(text__icontains=address).values_list("pk", "text")
    return [pk for pk, text in found if whole.search(text)]


def blank_admin_log(ids: Iterable[UUID]) -> None:
    """It keeps what a row was called when staff changed it."""
    texts = [str(pk) for pk in ids]
    for start in range(0, len(texts), BATCH):
        rows = LogEntry.objects.filter(object_id__in=texts[start : start + BATCH])
        rows.update(object_repr="", change_message="")
