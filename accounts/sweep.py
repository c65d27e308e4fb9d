"""What the calendar does to photos. Each function may run at any time and as often as it likes:
it does what is due, one agency in one transaction, and a second run finds nothing to do.

The sweeper calls `sweep_photos()` about once an hour; nothing is wrong in between, since an
expired lot is neither shown nor held from before it is swept.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, transaction

from accounts.choices import LotSource, Mode
from accounts.models import PhotoQuota, Plan
from accounts.periods import day_of, end_of_month, month_of
from accounts.quota import TEST_PHOTOS, expire_photos, grant_photos, lock_quota
from accounts.selectors import owners_of_past_lots, plans_without, refillable_quotas
from integrations.doors.clock import database_now

logger = logging.getLogger(__name__)
Row = TypeVar("Row")
# Agencies in one call; a call that did so many is worth repeating at once.
BATCH = 200


def sweep_photos(*, limit: int = BATCH) -> int:
    """All of it; returns how many agencies had something to do."""
    return (
        expire_lots(limit=limit)
        + grant_due_subscriptions(limit=limit)
        + refill_test_photos(limit=limit)
    )


def expire_lots(*, limit: int = BATCH) -> int:
    """Take away what is past its time, of at most `limit` agencies; returns how many."""
    return _each(owners_of_past_lots()[:limit], _expire)


def grant_due_subscriptions(*, now: datetime | None = None, limit: int = BATCH) -> int:
    """Give each agency with a plan its photos of this month (Paris time), usable until its end.

    A month that went by without a sweep is not made up for: its photos would have expired.
    """
    month = month_of(now or database_now())
    return _each(plans_without(month)[:limit], partial(_grant_month, month=month))


def refill_test_photos(*, now: datetime | None = None, limit: int = BATCH) -> int:
    """Fill test mode up to 1,000 photos, once a day (Paris time) for each agency."""
    day = day_of(now or database_now())
    return _each(refillable_quotas(day, TEST_PHOTOS)[:limit], partial(_refill, day=day))


def _expire(owner: tuple[UUID, str]) -> bool:
    agency_id, mode = owner
    return expire_photos(agency_id=agency_id, mode=Mode(mode)) > 0


@transaction.atomic
def _grant_month(found: Plan, *, month: date) -> bool:
    lock_quota(found.agency_id, Mode.LIVE)
    # Asked again: until the lock was free another sweep may have granted it.
    plan = plans_without(month).select_related("agency").filter(pk=found.pk).first()
    if plan is None:
        return False
    grant_photos(
        agency=plan.agency,
        mode=Mode.LIVE,
        photos=plan.photos_per_month,
        source=LotSource.SUBSCRIPTION,
        usable_until=end_of_month(month),
        period=month,
        reason="monthly",
    )
    return True


@transaction.atomic
def _refill(found: PhotoQuota, *, day: date) -> bool:
    lock_quota(found.agency_id, Mode.TEST)
    again = refillable_quotas(day, TEST_PHOTOS).select_related("agency")
    quota = again.filter(pk=found.pk).first()
    if quota is None:
        return False
    grant_photos(
        agency=quota.agency,
        mode=Mode.TEST,
        photos=TEST_PHOTOS - quota.available - quota.held,
        source=LotSource.TRIAL,
        period=day,
        reason="daily",
    )
    return True


def _each(rows: Iterable[Row], work: Callable[[Row], bool]) -> int:
    """One agency that cannot be moved is told loudly and does not stop the others."""
    done = 0
    for row in list(rows):
        try:
            done += work(row)
        except DatabaseError:
            logger.exception("the photos of %s cannot be moved", row)
    return done
