"""A whole new customer: agency, owner, keys and iacrea accounts, in one transaction."""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import transaction

from accounts.choices import Mode, Role
from accounts.keys import issue_api_key
from accounts.models import Membership
from accounts.services import add_member, create_agency, find_or_create_user
from integrations.iacrea.accounts import create_built_in_account, create_default_account


class AlreadyOpen(Exception):
    """The same owner has an agency of the same name: nothing was made."""


@dataclass(frozen=True)
class NewAgency:
    """Ids and keys; this is the only time that the keys are seen."""

    agency_id: str
    api_key: str
    test_api_key: str
    user_id: str
    iacrea_user_id: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@transaction.atomic
def open_agency(
    *,
    name: str,
    owner_email: str,
    photos: int,
    iacrea_user_id: UUID | None = None,
    iacrea_api_key: str = "",
    owner_name: str = "",
    password: str | None = None,
) -> NewAgency:
    """Without an iacrea key of its own the agency uses the operator's account, if there is one.

    An owner may have several agencies, but not two of one name: that is a command run twice.
    """
    _check_new(name, owner_email)
    agency = create_agency(name=name, photos=photos)
    # While it has no owner yet, who would be told of each.
    _live, api_key = issue_api_key(agency=agency, mode=Mode.LIVE, name="first")
    _test, test_api_key = issue_api_key(agency=agency, mode=Mode.TEST, name="first")
    user = find_or_create_user(email=owner_email, name=owner_name, password=password)
    owner = add_member(agency=agency, user=user, role=Role.OWNER, iacrea_user_id=iacrea_user_id)
    create_built_in_account(agency)
    if iacrea_api_key:
        create_default_account(agency, api_key=iacrea_api_key, iacrea_user_id=owner.iacrea_user_id)
    return NewAgency(
        agency_id=str(agency.pk),
        api_key=api_key,
        test_api_key=test_api_key,
        user_id=str(user.pk),
        iacrea_user_id=str(owner.iacrea_user_id),
    )


def _check_new(name: str, owner_email: str) -> None:
    owners = Membership.objects.present().filter(role=Role.OWNER, user__email=owner_email.lower())
    twin = owners.filter(agency__name=name).first()
    if twin:
        raise AlreadyOpen(
            f"{owner_email} owns an agency named {name!r} already: {twin.agency_id}. "
            "Nothing was made. Give another --name."
        )
