"""Sixteen complaints in a demo's database, to practise support with: each is what the product's own
services leave behind, and the words that a customer would write of it."""

from collections.abc import Callable

from django.db import transaction

from projects.desk.planting import charged, doors, people, unfinished
from projects.desk.planting.complaint import Complaint
from projects.desk.planting.house import House, open_house
from projects.desk.planting.safety import check_harmless

Plant = Callable[[House], Complaint]
PLANTS: tuple[Plant, ...] = (
    unfinished.unclear_outcome, charged.refund_owed, unfinished.stuck_job,
    doors.webhook_disabled, people.member_removed, people.wrong_user_id, doors.key_revoked,
    unfinished.result_lost, charged.double_click, people.second_factor_lost,
    people.invitation_not_received, doors.share_link_dead, charged.photos_expired,
    charged.bad_picture, people.wrong_agency_invited,
)  # fmt: skip


def plant() -> list[Complaint]:
    """In the order of their numbers. Each time another set, with agencies of its own.

    Raises NotHere where it could hurt, and where nobody takes the one job that is really sent.
    """
    check_harmless()
    house = open_house()
    # Not in a transaction: whoever takes the job fetches its photo from our web process.
    first = unfinished.lost_callback(house)
    return [first, *(_planted(each, house) for each in PLANTS)]


@transaction.atomic
def _planted(each: Plant, house: House) -> Complaint:
    """Whole, before any worker can see it."""
    return each(house)
