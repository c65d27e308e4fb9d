"""A new key for all that is kept, and the old one thrown away."""

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.choices import Mode
from accounts.models import Agency, User
from integrations.doors.crypto import KeyGone
from integrations.iacrea.models import IacreaAccount
from integrations.webhooks import services as webhooks
from integrations.webhooks.models import WebhookEndpoint
from projects.models import ShareLink
from projects.sharing import services
from tests.conftest import Cast
from tests.garden import succeeded_generation

pytestmark = pytest.mark.django_db
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
COMMAND = "rotate_encryption_keys"


@pytest.fixture(autouse=True)
def old_key(settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [OLD]


def run() -> str:
    out = StringIO()
    call_command(COMMAND, stdout=out)
    return out.getvalue()


def secrets_of(user: User) -> dict[str, Any]:
    """Whatever is kept under a key, as the product reads it."""
    factor = TOTP(Authenticator.objects.get(user=user, type="totp"))
    codes = RecoveryCodes(Authenticator.objects.get(user=user, type="recovery_codes"))
    return {
        "agencies": list(Agency.objects.order_by("pk").values_list("webhook_secret", flat=True)),
        "iacrea": list(IacreaAccount.objects.order_by("pk").values_list("api_key", flat=True)),
        "links": list(ShareLink.objects.order_by("pk").values_list("token", "code")),
        "endpoints": [row.secret for e in WebhookEndpoint.objects.all() for row in e.secrets.all()],
        "codes": codes.generate_codes(),
        "app": get_adapter().decrypt(factor.instance.data["secret"]),
    }


@pytest.fixture
def user(alice: Cast) -> User:
    """With an app, and with recovery codes of the time when seeds were kept in clear."""
    user = alice.owner.user
    TOTP.activate(user, generate_totp_secret())
    seed = {"seed": RecoveryCodes.generate_seed(), "used_mask": 0}
    Authenticator.objects.create(user=user, type="recovery_codes", data=seed)
    webhooks.create_endpoint(agency=alice.agency, mode=Mode.LIVE, url="https://example.org/hook")
    job = succeeded_generation(alice)
    assert services.usual_link(project=job.project, author=alice.owner)
    return user


def test_everything_opens_with_the_new_key_alone(user: User, settings: Any) -> None:
    before = secrets_of(user)
    assert all(before.values()), before
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    told = run()
    for name in ("accounts.Agency.webhook_secret", "iacrea.IacreaAccount.api_key",
                 "webhooks.WebhookSecret.secret", "projects.ShareLink.token"):  # fmt: skip
        assert name in told, told
    assert "       2 mfa.Authenticator" in told
    settings.ENCRYPTION_KEYS = [NEW]
    assert secrets_of(user) == before
    assert "Authenticator" in run(), "a second time changes nothing that anybody sees"
    assert secrets_of(user) == before


def test_seeds_are_kept_in_no_clear(user: User) -> None:
    run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = [str(row[0]) for row in cursor.fetchall()]
    assert len(kept) == 2 and all("gAAAAA" in data for data in kept)


def test_a_key_that_is_missing_is_said(user: User, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [NEW]
    with pytest.raises(CommandError, match="put the key that is missing back"):
        run()
    with pytest.raises(KeyGone):
        secrets_of(user)
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    run()
