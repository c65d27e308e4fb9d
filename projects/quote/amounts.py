"""Amounts as people type them, and as a quote shows them."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
# Three digits behind a comma or a dot are thousands: nobody types tenths of a cent.
NUMBER = re.compile(
    r"(?P<minus>[-−]?) ?"
    r"(?P<whole>[0-9]{1,3}(?:(?P<gap>[ .,'’])[0-9]{3}(?:(?P=gap)[0-9]{3})*)?|[0-9]+)"
    r"(?:[.,](?P<cents>[0-9]{1,2}))?"
)
EURO = re.compile(r"^€ ?| ?(?:€|EUR|euros?)$", re.IGNORECASE)
GAPS = re.compile(r"[ .,'’]")
MAX_DIGITS = 12


def read_amount(text: str) -> Decimal | None:
    """What "1 234,50 €", "€1,234.50" and "1234.5" mean; None for anything else, such as "offert"
    or another currency."""
    found = NUMBER.fullmatch(EURO.sub("", " ".join(text.split())))
    if not found or len(found["whole"]) > MAX_DIGITS:
        return None
    sign = "-" if found["minus"] else ""
    return Decimal(f"{sign}{GAPS.sub('', found['whole'])}.{found['cents'] or 0}")


def set_alike(amounts: Sequence[str]) -> tuple[list[str], str]:
    """All with cents or none, and their total. What is no number stays as it was typed, and then
    there is no total, nor of a single amount. An empty one counts for nothing."""
    read = [read_amount(text) for text in amounts]
    known = [one for one in read if one is not None]
    cents = any(one % 1 for one in known)
    pairs = zip(read, amounts, strict=True)
    shown = [text if one is None else euros(one, cents) for one, text in pairs]
    is_whole = len(known) == sum(1 for text in amounts if text.strip())
    total = euros(sum(known, Decimal()), cents) if is_whole and len(known) > 1 else ""
    return shown, total


def euros(amount: Decimal, cents: bool = False) -> str:
    """ "1 234 €" in French, "€1,234" in English."""
    number = number_format(abs(amount), 2 if cents or amount % 1 else 0, force_grouping=True)
    return (MINUS if amount < 0 else "") + _("€%(amount)s") % {"amount": number}
