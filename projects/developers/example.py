"""The first call, to be pasted into a terminal."""

from collections.abc import Iterable

from django.conf import settings

from accounts.choices import Mode, Scope
from accounts.models import ApiKey

CALL = """\
# export KEY={prefix}…
curl {base}/api/v1/quota \\
  -H "Authorization: Bearer $KEY\""""


def example_key(keys: Iterable[ApiKey]) -> ApiKey | None:
    """One that may make the call; rather a test key."""
    mine = [key for key in keys if key.is_active and Scope.QUOTA_READ in key.scopes]
    return next((key for key in mine if key.mode == Mode.TEST), mine[0] if mine else None)


def curl_example(key: ApiKey | None) -> str:
    return CALL.format(prefix=key.prefix if key else "prt_test_", base=settings.PUBLIC_BASE_URL)
