"""How a call to iacrea may end without an answer that can be used.

The classes are what docs/lifecycle.md decides by. Each carries `evidence`: what was seen, without
secrets, fit for a JSON column.
"""

from typing import Any


class IacreaError(Exception):
    """`evidence` has the status, the door's code or the answer's first bytes, as far as known."""

    def __init__(self, message: str, evidence: dict[str, Any]) -> None:
        super().__init__(message)
        self.evidence = evidence


class NotSent(IacreaError):
    """Proven: no byte of the request left. It may be sent again."""


class RateLimited(IacreaError):
    """429: not accepted. `retry_after` is in seconds, from 1 to 900."""

    def __init__(self, message: str, evidence: dict[str, Any], retry_after: int) -> None:
        super().__init__(message, evidence)
        self.retry_after = retry_after


class AccountFault(IacreaError):
    """401, 402, 403: the iacrea account's key, user id or credit."""


class Refused(IacreaError):
    """400, 404, 413, 415, 422: this job will never be accepted."""


class Unclear(IacreaError):
    """Anything else: it may have been accepted."""
