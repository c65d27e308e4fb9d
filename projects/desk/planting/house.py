"""The agencies that complain, and their people: another set each time."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.choices import Role
from accounts.models import Agency, Membership
from accounts.services import add_member, find_or_create_user
from integrations.iacrea.onboarding import open_agency

LEFEVRE, RHONE, ATELIER = "Paysages Lefèvre", "Jardins du Rhône", "Atelier Vert"


@dataclass(frozen=True)
class House:
    """Marie owns a landscaping agency where Paul, Inès and Hugo work; Claire owns one that has
    software of its own, with Thomas and Julie; Luc works alone."""

    marie: Membership
    paul: Membership
    ines: Membership
    hugo: Membership
    claire: Membership
    thomas: Membership
    julie: Membership
    luc: Membership
    set_number: int

    def outside(self, name: str) -> str:
        """The address of somebody who is not here yet."""
        return _address(name, "courrier", self.set_number)


@transaction.atomic
def open_house() -> House:
    number = Agency.objects.filter(name__startswith=LEFEVRE).count() + 1
    lefevre, rhone = _Opened(LEFEVRE, number), _Opened(RHONE, number)
    return House(
        marie=lefevre.owner("Marie Lefèvre", photos=41),
        paul=lefevre.member("Paul Renaud", Role.MANAGER),
        ines=lefevre.member("Inès Faure", Role.MEMBER),
        hugo=lefevre.member("Hugo Blanc", Role.MEMBER),
        claire=rhone.owner("Claire Bonnet", photos=60),
        thomas=rhone.member("Thomas Gay", Role.OWNER),
        julie=rhone.member("Julie Marchand", Role.MEMBER),
        luc=_Opened(ATELIER, number).owner("Luc Morel", photos=3),
        set_number=number,
    )


class _Opened:
    """One agency: its owner first, then who works there."""

    def __init__(self, name: str, number: int) -> None:
        self.name = _numbered(name, number)
        self.host = {LEFEVRE: "paysages-lefevre", RHONE: "jardins-rhone"}.get(name, "atelier-vert")
        self.number = number

    def owner(self, name: str, *, photos: int) -> Membership:
        opened = open_agency(
            name=self.name, owner_email=self.address(name), owner_name=name, photos=photos,
            iacrea_api_key=secrets.token_urlsafe(24),  # the emulator takes any key
        )  # fmt: skip
        found = Membership.objects.select_related("agency").get(agency_id=UUID(opened.agency_id))
        self.agency = found.agency
        return found

    def member(self, name: str, role: Role) -> Membership:
        user = find_or_create_user(email=self.address(name), name=name)
        return add_member(agency=self.agency, user=user, role=role)

    def address(self, name: str) -> str:
        return _address(name, self.host, self.number)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _address(name: str, host: str, number: int) -> str:
    """Of nobody: no mail of the world goes to `.example`."""
    first = name.split()[0].lower().replace("è", "e")
    return f"{first}@{_numbered(host, number).replace(' ', '-')}.example"
