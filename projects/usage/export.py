"""The movements of the Usage page as a file that opens in a French Excel, and in an English one."""

from collections.abc import Iterator
from itertools import islice

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Agency
from integrations.doors.csv_download import BYTE_ORDER_MARK, csv_download, harmless
from projects.usage import selectors
from projects.usage.asked import Asked
from projects.usage.rows import Row, rows_of
from projects.views.access import PAGES_MODE

CHUNK = 500


def csv_of(agency: Agency, asked: Asked) -> StreamingHttpResponse:
    """What the filters leave, the oldest first. A French Excel splits lines at semicolons."""
    language = translation.get_language() or ""
    first, last = asked.period.first, asked.period.last
    return csv_download(
        f"parterre-{first:%Y-%m-%d}-{last:%Y-%m-%d}.csv",
        _header(),
        _lines(agency, asked, language),
        delimiter=";" if language.startswith("fr") else ",",
        begin=BYTE_ORDER_MARK,
    )


def _header() -> list[str]:
    return [
        _("Date"), _("Time"), _("What"), _("Change"), _("Left"), _("Photos"), _("Project"),
        _("Who"), _("iacrea user id"), _("Why"), _("Usable until"), _("Movement"), _("Picture"),
        _("Project id"), _("Lot"),
    ]  # fmt: skip


def _lines(agency: Agency, asked: Asked, language: str) -> Iterator[list[object]]:
    """In chunks: the jobs of each are one query, and its words are in the page's language, which
    may be another's by the time that a chunk is asked for."""
    listed = selectors.listed_of(agency, PAGES_MODE, asked)
    while chunk := list(islice(listed, CHUNK)):
        with translation.override(language):
            lines = [_line(row) for row in rows_of(agency, chunk)]
        yield from lines


def _line(row: Row) -> list[object]:
    entry, job, lot = row.entry, row.job, row.entry.lot
    at = timezone.localtime(entry.created_at)
    return [
        f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", row.name, row.change, row.left, entry.quantity,
        harmless(row.project), harmless(row.who),
        row.member.iacrea_user_id if row.member else "", row.why,
        f"{timezone.localtime(lot.usable_until):%Y-%m-%d}" if lot.usable_until else "",
        entry.pk, entry.generation_id or "", job.project_id if job else "", entry.lot_id,
    ]  # fmt: skip
