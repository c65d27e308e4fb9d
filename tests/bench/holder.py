"""One connection that holds photos: `python -m tests.bench.holder AGENCY`, orders on its input."""

import sys
import time
from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import django

# All that a hold changes, in the order of the product: nothing does it with fewer round trips.
FLOOR = """
WITH quota AS (
    UPDATE accounts_photoquota SET available = available - 1, held = held + 1
    WHERE agency_id = %(agency)s AND mode = 'live' RETURNING agency_id
), lot AS (
    UPDATE accounts_photolot SET available = available - 1, held = held + 1
    WHERE id = (
        SELECT id FROM accounts_photolot JOIN quota USING (agency_id)
        WHERE mode = 'live' AND available > 0
        AND (usable_until IS NULL OR usable_until > clock_timestamp())
        ORDER BY usable_until NULLS LAST, created_at, id LIMIT 1
    ) RETURNING id, agency_id, mode
)
INSERT INTO accounts_ledgerentry
    (id, agency_id, mode, lot_id, kind, quantity, generation_id, actor_id, reason, created_at)
SELECT %(entry)s, agency_id, mode, id, 'hold', 1, %(job)s, '', 'accepted', clock_timestamp()
FROM lot
"""


def main(agency_id: UUID) -> None:
    django.setup()
    works = {"ours": partial(ours, agency_id), "floor": partial(floor, agency_id)}
    print("ready", flush=True)
    for order in sys.stdin:
        how, seconds = order.split()
        print(rate(works[how], float(seconds)), flush=True)


def rate(work: Callable[[], None], seconds: float) -> float:
    count, begin = 0, time.monotonic()
    while time.monotonic() < begin + seconds:
        work()
        count += 1
    return count / (time.monotonic() - begin)


def ours(agency_id: UUID) -> None:
    from accounts.choices import Mode
    from accounts.quota import hold_photos

    hold_photos(agency_id=agency_id, mode=Mode.LIVE, generation_id=uuid4(), photos=1)


def floor(agency_id: UUID) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FLOOR, {"agency": agency_id, "entry": uuid4(), "job": uuid4()})
        assert cursor.rowcount == 1


if __name__ == "__main__":
    main(UUID(sys.argv[1]))
