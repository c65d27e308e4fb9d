"""How often a link or a network may send something: counted in the database, which all workers
share, one statement for each try (as accounts/rate_limits.py does for keys)."""

import hashlib
import math
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from django.db import connection

from accounts.rate_limits import NOW
from integrations.doors.batches import BATCH

COUNT = """\
INSERT INTO projects_sharewindow AS seen (key, began_at, tries)
VALUES (%s, {now}, 1)
ON CONFLICT (key) DO UPDATE SET
    began_at = CASE WHEN {over} THEN excluded.began_at ELSE seen.began_at END,
    tries = CASE WHEN {over} THEN 0 ELSE seen.tries END + 1
RETURNING tries, began_at + %s - {now}
"""
# A row that is from the future, because a clock was set back, is over as well.
OVER = "abs(excluded.began_at - seen.began_at) >= %s"
COUNT_ON = {vendor: COUNT.format(now=now, over=OVER) for vendor, now in NOW.items()}
# Asked twice: a window that somebody tries in this moment is not old any more, and stays.
FORGET = """\
DELETE FROM projects_sharewindow WHERE began_at < {now} - %s
AND key IN (SELECT key FROM projects_sharewindow WHERE began_at < {now} - %s LIMIT %s)
"""
DAY_S = 24 * 3600
# The last bits of an address tell a household from its neighbours, and nobody needs that here.
KEPT_BITS = {4: 24, 6: 48}


class Limit(NamedTuple):
    tries: int
    window_s: int


CODES = Limit(10, 15 * 60)
POSTS_OF_LINK = Limit(60, 3600)
POSTS_OF_NETWORK = Limit(20, 10 * 60)
# Wrong codes of a link in all its life: one of a million is found with 1 in 10 000.
MOST_WRONG_CODES = 100


def wait_for_code(link_id: object) -> int:
    """Count a try; seconds to wait, 0 when it may be judged."""
    return _count(f"code {link_id}", CODES)


def wait_for_post(link_id: object, network: str) -> int:
    """Count something that was sent; seconds to wait, 0 when it may be stored."""
    of_link = _count(f"link {link_id}", POSTS_OF_LINK)
    return max(of_link, _count(f"network {network}", POSTS_OF_NETWORK))


def network_of(address: str) -> str:
    """203.0.113.0 of 203.0.113.77; 2001:db8:1:: of 2001:db8:1:2::3. ValueError: no address."""
    ip = ip_address(address)
    return str(ip_network((ip, KEPT_BITS[ip.version]), strict=False).network_address)


def forget_old() -> int:
    """A batch of windows that nobody has tried for a day; returns rows."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET.format(now=NOW[connection.vendor]), [DAY_S, DAY_S, BATCH])
        return int(cursor.rowcount)


def _count(what: str, limit: Limit) -> int:
    key = hashlib.sha256(what.encode()).hexdigest()
    window = limit.window_s
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON[connection.vendor], [key, window, window, window])
        row: tuple[int, float] = cursor.fetchone()
    tries, ends_in = row
    return max(1, math.ceil(ends_in)) if tries > limit.tries else 0
