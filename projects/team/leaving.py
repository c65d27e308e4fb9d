"""The end of a membership, with what hangs on it above accounts/."""

from django.db import transaction

from accounts import team
from accounts.models import Membership
from integrations.iacrea.connections import connections_of, stop_using


@transaction.atomic
def remove(*, actor: Membership, member: Membership) -> None:
    """Their own iacrea account makes no new picture: its owner no longer works here. Raises as
    `team.remove_member` does."""
    team.remove_member(actor=actor, member=member)
    for account in connections_of(member.agency).filter(membership=member):
        stop_using(account, actor_id=str(actor.pk))
