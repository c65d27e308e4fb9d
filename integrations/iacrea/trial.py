"""An agency that somebody opens by signing up: a few photos, on the embedded engine."""

import secrets

from django.conf import settings
from django.db import transaction

from accounts import audit, sign_up
from accounts.choices import LotSource, Mode, Role
from accounts.models import Membership
from accounts.quota import grant_photos
from accounts.services import add_member, create_agency
from integrations.iacrea.accounts import create_built_in_account, create_default_account

PHOTOS = 3


@transaction.atomic
def open_trial(*, agency_name: str, email: str, password: str, language: str) -> Membership:
    """Its owner. They make API keys themselves, once their address is confirmed; nothing of theirs
    goes to iacrea before an account there takes the place of this one."""
    agency = create_agency(name=agency_name, photos=0)
    grant_photos(
        agency=agency, mode=Mode.LIVE, photos=PHOTOS, source=LotSource.TRIAL, reason="signed up"
    )
    user = sign_up.claim(email=email, password=password, language=language)
    owner = add_member(agency=agency, user=user, role=Role.OWNER)
    create_built_in_account(agency)
    # The engine opens an account for a key and a user id that it sees first.
    account = create_default_account(
        agency, api_key=secrets.token_urlsafe(32), iacrea_user_id=owner.iacrea_user_id
    )
    account.base_url = str(settings.EMULATOR_URL)
    account.save(update_fields=["base_url"])
    audit.record(agency=agency, action="agency.signed_up", target=str(user.pk))
    return owner
