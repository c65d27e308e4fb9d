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


class TwoKeysActive(Exception):
    """A key and the one that replaces it both work: no third, before one of them has ended."""

    code = "two_keys_active"


class KeyReused(Exception):
    """This Idempotency-Key was used with another body; nothing was done."""


class KeyInProgress(Exception):
    """The first call with this Idempotency-Key has not ended; nothing was done."""


class OtherMember(Exception):
    """The iacrea user id is another member's."""


class OwnerByOwners(Exception):
    """A key does not change what an owner is."""


class RoleTooWeak(Exception):
    """Who asked for it has no such role any more; nothing was changed."""


class LastOwner(Exception):
    """An agency keeps an owner: this one is neither removed nor given another role."""


class AlreadyMember(Exception):
    """This address is a member's."""


class AlreadyInvited(Exception):
    """This address has an invitation that can still be accepted."""


class TooManyInvitations(Exception):
    """The agency sent as many in a day as it may."""


class SentJustNow(Exception):
    """The invitation was sent a few minutes ago."""


class InvitationOver(Exception):
    """It was accepted or revoked, its time is over, or there never was one."""


class OtherAddress(Exception):
    """The invitation is for another address than that of whoever would accept it."""


class OwnersOnly(Exception):
    """Only an owner of the agency decides this; nothing was changed."""
