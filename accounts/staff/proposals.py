"""Commands that wait for a second person: one fills in, another confirms, then it works."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import confirming, record
from accounts.models import Agency, StaffProposal, User
from accounts.staff.command import Command, NotNow, Press, ReasonForm, command_named

# What was right a week ago is looked at anew.
LONGEST = timedelta(days=7)


def propose(command: Command, row: Model, press: Press) -> bool:
    """False: one of the kind waits for this row already."""
    try:
        with transaction.atomic():
            proposal = StaffProposal.objects.create(
                agency=agency_of(row), command=command.name, target_id=row.pk,
                fields=_as_typed(press.fields), reason=press.reason, proposed_by_id=press.actor_id,
            )  # fmt: skip
            _record(proposal, "staff.proposed", press.actor_id, press.reason)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def confirm(proposal_id: UUID, user: User) -> bool:
    """Do it, in the transaction that says who confirmed. False: it was decided before."""
    proposal = _open(proposal_id)
    if proposal is None:
        return False
    command, row, form = command_of(proposal), target_of(proposal), form_of(proposal)
    _check_people(proposal, command, user)
    if why := too_old(proposal):
        raise NotNow(why)
    if row is None or not form.is_valid():
        raise NotNow(_("What it is about is gone. Take it back."))
    command.check(row)
    _decide(proposal, user, confirmed=True)
    press = Press(str(user.pk), proposal.reason, form.cleaned_data, proposal.proposed_at)
    with confirming(proposal):
        if not command.work(row, press):
            raise NotNow(_("This was done meanwhile. Take it back."))
    return True


def _check_people(proposal: StaffProposal, command: Command, user: User) -> None:
    if proposal.proposed_by_id == user.pk:
        raise NotNow(_("You have proposed it: somebody else has to confirm it."))
    if not proposal.proposed_by.has_perm(command.permission):
        raise NotNow(_("Who proposed it may not do it any more. Take it back."))


def too_old(proposal: StaffProposal) -> str:
    """Why it cannot be confirmed any more; empty: it can."""
    if proposal.proposed_at > timezone.now() - LONGEST:
        return ""
    return _("It is older than seven days. Take it back, and propose it again.")


@transaction.atomic
def take_back(proposal_id: UUID, user: User, *, reason: str) -> bool:
    """By anybody who may do it, the one who proposed it included. False: it was decided before."""
    proposal = _open(proposal_id)
    if proposal is None:
        return False
    _decide(proposal, user, confirmed=False)
    _record(proposal, "staff.proposal_taken_back", str(user.pk), reason)
    return True


def open_proposals() -> QuerySet[StaffProposal]:
    waiting = StaffProposal.objects.filter(decided_at=None)
    return waiting.select_related("agency", "proposed_by").order_by("proposed_at")


def command_of(proposal: StaffProposal) -> Command:
    command = command_named(proposal.command)
    if command is None:
        raise NotNow(_("This command does not exist any more. Take it back."))
    return command


def target_of(proposal: StaffProposal) -> Model | None:
    model: Any = command_of(proposal).model
    row: Model | None = model._default_manager.filter(pk=proposal.target_id).first()
    return row


def form_of(proposal: StaffProposal) -> ReasonForm:
    return command_of(proposal).form_class({**proposal.fields, "reason": proposal.reason})


def agency_of(row: Any) -> Agency | None:
    """A person is of none: what happens to their sign-in happens in all of theirs."""
    return row if isinstance(row, Agency) else getattr(row, "agency", None)


def _as_typed(fields: Any) -> dict[str, str]:
    """What the form takes again."""
    return {name: str(value) for name, value in fields.items() if value not in (None, "")}


def _open(proposal_id: UUID) -> StaffProposal | None:
    rows = StaffProposal.objects.select_for_update(of=("self",))
    return rows.filter(pk=proposal_id, decided_at=None).first()


def _decide(proposal: StaffProposal, user: User, *, confirmed: bool) -> None:
    proposal.decided_by, proposal.decided_at, proposal.confirmed = user, timezone.now(), confirmed
    proposal.save(update_fields=["decided_by", "decided_at", "confirmed"])


def _record(proposal: StaffProposal, action: str, actor_id: str, reason: str) -> None:
    record(
        agency=proposal.agency, action=action, target=str(proposal.target_id), actor_id=actor_id,
        reason=reason, detail={"command": proposal.command, "proposal": str(proposal.pk)},
    )  # fmt: skip
