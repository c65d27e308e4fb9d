"""What the rules of accounts refuse. Imports nothing of ours."""


class NoPhotosLeft(Exception):
    """The agency has fewer available photos than the job needs; nothing was held."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{needed} photo(s) needed, {available} available")
        self.needed = needed
        self.available = available


class NothingCaptured(Exception):
    """The agency was charged nothing for this generation, so there is nothing to refund."""


class AlreadyRefunded(Exception):
    """This generation was refunded before; nothing was granted."""


class InvalidApiKey(Exception):
    """The key is absent, mistyped, unknown, expired or revoked: a caller learns no more."""
