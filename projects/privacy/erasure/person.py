"""A person leaves for good. What they made stays with the agency; who they were does not."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts import audit, privacy
from accounts.models import Agency, Invitation, Notification, User
from integrations.iacrea.models import IacreaAccount
from projects.choices import LIVE
from projects.models import ClientComment, Generation
from projects.privacy.erasure import queued, traces
from projects.privacy.erasure.accounts import retire
from projects.privacy.erasure.refusals import OnlyOwner, StillRunning
from projects.privacy.selectors.person import sessions_of


@transaction.atomic
def erase_person(user: User) -> bool:
    """False: it was done before. Raises OnlyOwner, StillRunning; nothing is changed then."""
    agencies = _locked_agencies(user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if privacy.is_erased(user):
        return False
    _refuse(user)
    ids = [user.pk, *user.memberships.values_list("pk", flat=True)]
    queued.forget([*ids, *_told(user)])
    _blank(user, agencies, ids)
    _record(user, agencies)
    return True


def _record(user: User, agencies: Sequence[Agency | None]) -> None:
    for agency in agencies or [None]:
        audit.record(
            agency=agency, action="person.erased", target=str(user.pk), actor_id=str(user.pk)
        )


def _locked_agencies(user: User) -> list[Agency]:
    """Of two owners who go at once the second is the only one."""
    rows = Agency.objects.filter(pk__in=user.memberships.values("agency"))
    return list(rows.select_for_update().order_by("pk"))


def _refuse(user: User) -> None:
    if bonds := privacy.bonds_of(user):
        raise OnlyOwner(bonds)
    # With their own key at iacrea, which nobody has afterwards.
    jobs = Generation.objects.filter(account__membership__user=user, status__in=LIVE)
    if running := list(jobs):
        raise StillRunning(running)


def _blank(user: User, agencies: list[Agency], ids: list[UUID]) -> None:
    traces.blank_address(user.email)
    traces.blank_admin_log(ids)
    Invitation.objects.filter(email__iexact=user.email).delete()
    _unsign_comments(user, agencies)
    retire(IacreaAccount.objects.filter(membership__user=user))
    for session in list(sessions_of(user)):
        session.delete()
    privacy.blank_account(user)


def _told(user: User) -> list[UUID]:
    rows = Notification.objects.filter(member__user=user)
    return list(rows.values_list("pk", flat=True))


def _unsign_comments(user: User, agencies: list[Agency]) -> None:
    """Their answers to clients are the agency's, which signs them now."""
    for agency in agencies:
        said = ClientComment.objects.filter(author__user=user, author__agency=agency)
        said.exclude(name="").update(name=agency.name[:100])
