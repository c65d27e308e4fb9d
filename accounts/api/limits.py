"""The limit of a key, as its caller is told of it."""

from django.utils.translation import gettext_lazy as _

from accounts.rate_limits import Usage
from integrations.doors.problems import Problem


def headers(usage: Usage) -> dict[str, str]:
    """The three that client libraries know, of drafts 03 to 06 of the IETF's RateLimit fields."""
    return {
        "RateLimit-Limit": str(usage.limit),
        "RateLimit-Remaining": str(max(0, usage.left)),
        "RateLimit-Reset": str(usage.ends_in_s),
    }


def throttled(usage: Usage) -> Problem:
    detail = _(
        "This API key may make %(limit)s such calls in a minute. Nothing was done. "
        "Wait %(seconds)s s, then call again. A webhook tells you the end of a job without asking."
    )
    said = {"limit": usage.limit, "seconds": usage.ends_in_s}
    return Problem(
        code="throttled",
        status=429,
        title=_("Too many calls"),
        detail=detail % said,
        headers={"Retry-After": str(usage.ends_in_s)},
    )
