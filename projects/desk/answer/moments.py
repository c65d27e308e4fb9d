"""Days and times as the customer reads them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def day_of(moment: datetime) -> str:
    """In the language that is active, by the product's clock."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
