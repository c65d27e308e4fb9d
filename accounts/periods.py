"""The operator's calendar: months and days of TIME_ZONE (Europe/Paris), not of UTC."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def day_of(moment: datetime) -> date:
    return timezone.localdate(moment, timezone.get_default_timezone())


def month_of(moment: datetime) -> date:
    """The first day of the month that a moment is in."""
    return day_of(moment).replace(day=1)


def start_of_month(moment: datetime) -> datetime:
    """Midnight, Paris time, when the month of a moment began."""
    return datetime.combine(month_of(moment), time.min, timezone.get_default_timezone())


def end_of_month(month: date) -> datetime:
    """Midnight, Paris time, when the next month begins."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return datetime.combine(following, time.min, timezone.get_default_timezone())
