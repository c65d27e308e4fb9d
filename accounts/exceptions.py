"""What the rules of accounts refuse. Imports nothing of ours."""


class NoPhotosLeft(Exception):
    """The agency has fewer available photos than the job needs; nothing was held."""

    def __init__(self, needed: int, available: int) -> None:
        super().__init__(f"{needed} photo(s) needed, {available} available")
        self.needed = needed
        self.available = available


class InvalidApiKey(Exception):
    """The key is absent, mistyped, unknown, expired or revoked: a caller learns no more."""
