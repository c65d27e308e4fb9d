"""The sheet as a PDF."""

from django.utils import timezone
from django.utils.translation import get_language
from fpdf import ViewerPreferences

from integrations.doors.disclosure import CREDIT
from projects.quote.content import Sheet
from projects.quote.figures import figures
from projects.quote.letterhead import letterhead, title
from projects.quote.paper import Paper
from projects.quote.pictures import pictures
from projects.quote.remarks import note, remarks


def pdf_of(sheet: Sheet) -> bytes:
    """In the active language: two pictures and some words are half a second of a processor."""
    heading = f"{sheet.brand.name} – {sheet.title}"
    paper = Paper(heading=heading, footer=sheet.brand.footer, accent=sheet.brand.accent)
    _describe(paper, sheet)
    letterhead(paper, sheet)
    title(paper, sheet)
    pictures(paper, sheet)
    figures(paper, sheet.prices)
    note(paper, sheet.note)
    remarks(paper, sheet.remarks)
    return bytes(paper.output())


def _describe(paper: Paper, sheet: Sheet) -> None:
    """What readers show in a window's title, and screen readers begin with."""
    paper.set_title(paper.one_line(f"{sheet.title} – {sheet.picture}"))
    paper.set_author(paper.one_line(sheet.brand.name))
    paper.set_subject(CREDIT)
    paper.set_creator("Parterre")
    paper.set_lang(get_language() or "fr")
    paper.set_creation_date(timezone.now())
    paper.viewer_preferences = ViewerPreferences(display_doc_title=True)
