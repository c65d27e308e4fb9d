"""A hold in one statement, where PostgreSQL is the database and one lot has enough: nearly always.

It does what accounts/quota.py does step by step, in the same order: the quota row first. While the
row of a busy agency is locked nobody else of that agency is served, so it must not be for long
(docs/performance.md).
"""

from uuid import UUID, uuid4

from django.db import connection

from accounts.choices import Mode

# The lot is chosen by what could be seen before the lock was had, and looked at again after it: one
# that was emptied meanwhile moves nothing.
HOLD = """\
WITH quota AS (
    SELECT id, agency_id, mode FROM accounts_photoquota
    WHERE agency_id = %(agency)s AND mode = %(mode)s FOR UPDATE
), lot AS (
    UPDATE accounts_photolot
    SET available = available - %(photos)s, held = held + %(photos)s
    WHERE available >= %(photos)s AND id = (
        SELECT lot.id FROM accounts_photolot AS lot JOIN quota USING (agency_id, mode)
        WHERE available > 0 AND (usable_until IS NULL OR usable_until > clock_timestamp())
        ORDER BY usable_until NULLS LAST, created_at, lot.id LIMIT 1
    )
    RETURNING id, agency_id, mode
), balance AS (
    UPDATE accounts_photoquota AS row
    SET available = available - %(photos)s, held = held + %(photos)s
    FROM lot WHERE row.agency_id = lot.agency_id AND row.mode = lot.mode
    RETURNING row.available
)
INSERT INTO accounts_ledgerentry
    (id, agency_id, mode, lot_id, kind, quantity, generation_id, actor_id, reason, created_at)
SELECT %(entry)s, agency_id, mode, id, 'hold', %(photos)s, %(job)s, %(actor)s, 'accepted',
    clock_timestamp()
FROM lot
RETURNING (SELECT available FROM balance)
"""


def hold_quickly(
    agency_id: UUID, mode: Mode, generation_id: UUID, photos: int, actor_id: str
) -> int | None:
    """How many photos are left. None: nothing was written, and quota.py must look closer."""
    if connection.vendor != "postgresql":
        return None
    said: dict[str, UUID | str | int] = {
        "agency": agency_id, "mode": mode, "entry": uuid4(), "job": generation_id,
        "photos": photos, "actor": actor_id,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(HOLD, said)
        held: tuple[int] | None = cursor.fetchone()
    return held[0] if held else None
