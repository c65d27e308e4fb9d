import logging
import textwrap
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from projects.desk.planting import plant
from projects.desk.planting.complaint import Complaint
from projects.desk.planting.safety import NotHere

WIDTH = 76


class Command(BaseCommand):
    help = (
        "Plant sixteen complaints of customers beside a running demo, to practise support with. "
        "Each time another set. Refused where an account could spend a real photo."
    )

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        # Its line for each queued hint would stand between the complaints.
        logging.getLogger("django-q").setLevel(logging.WARNING)
        try:
            planted = plant()
        except NotHere as reason:
            raise CommandError(str(reason)) from None
        for complaint in planted:
            self.stdout.write(_told(complaint))


def _told(complaint: Complaint) -> str:
    """Without our title of it: the customer gives none. An address stays in one piece."""
    words = textwrap.fill(
        complaint.words, WIDTH, initial_indent="    ", subsequent_indent="    ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return f"{complaint.number:2}  {complaint.sender}\n{words}\n"
