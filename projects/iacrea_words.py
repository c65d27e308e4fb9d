"""What the page of accounts says: whose account it is, how it stands, and what iacrea answered."""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from integrations.iacrea.connections import Verdict, is_resumable, lent_account
from integrations.iacrea.models import IacreaAccount
from integrations.iacrea.probes import PAUSED_BY_PEOPLE


class Whose(StrEnum):
    OWN = "own"
    LENT = "lent"
    EMBEDDED = "embedded"
    NOBODYS = "nobodys"


@dataclass(frozen=True)
class Upstream:
    """What makes the pictures of members who have no account of their own."""

    whose: Whose
    line: "Line | None"
    has_lent: bool

    @property
    def own(self) -> "Line | None":
        """The agency's, whose photos at iacrea are its business."""
        return self.line if self.line and self.line.account.agency_id else None


@dataclass(frozen=True)
class Line:
    account: IacreaAccount

    @property
    def is_embedded(self) -> bool:
        return bool(settings.EMULATOR_URL) and self.account.origin == settings.EMULATOR_URL

    @property
    def is_resumable(self) -> bool:
        return is_resumable(self.account)

    @property
    def is_paused_by_people(self) -> bool:
        return self.account.pause_reason == PAUSED_BY_PEOPLE

    @property
    def why(self) -> str:
        """Why it is paused, and what ends it."""
        reason = self.account.pause_reason
        if self.is_paused_by_people:
            return _("Your agency paused it. New pictures wait until you resume it.")
        if reason == "status 402":
            return _(
                "iacrea says that this account has no photos left. Pictures wait; they go on by "
                "themselves when there are some."
            )
        if reason.startswith("status "):
            return _("iacrea refuses this key. Pictures wait; replace the key, or try again.")
        return _("The operator paused it. New pictures wait until it is resumed.")


def upstream_of(rows: list[IacreaAccount]) -> Upstream:
    """Of the agency's accounts: its default's, else the one that the operator lends."""
    lent = lent_account()
    account = next((row for row in rows if row.membership_id is None), lent)
    if account is None or not account.origin:
        return Upstream(Whose.NOBODYS, None, bool(lent))
    line = Line(account)
    own = Whose.OWN if account.agency_id else Whose.LENT
    return Upstream(Whose.EMBEDDED if line.is_embedded else own, line, bool(lent))


def refused(verdict: Verdict) -> tuple[str | None, str]:
    """The field where it is mended, and what to do."""
    at = {Verdict.KEY_REFUSED: "api_key", Verdict.OTHER_USER: "iacrea_user_id"}
    return at.get(verdict), _refusals()[verdict]


def _refusals() -> dict[Verdict, str]:
    return {
        Verdict.KEY_REFUSED: _(
            "iacrea refuses this key. Copy it again from iacrea’s developer space, whole and "
            "without spaces."
        ),
        Verdict.OTHER_USER: _(
            "iacrea knows this key, but not for this user id. Both must be of the same account: "
            "copy them from one page."
        ),
        Verdict.NO_PHOTOS: _(
            "iacrea says that this account has no photos left. Add some there, then connect it."
        ),
        Verdict.RATE_LIMITED: _(
            "iacrea is asked too often at the moment. Wait a minute and try again."
        ),
        Verdict.UNREACHABLE: _(
            "iacrea could not be reached, so the key was not tried. Try again in a few minutes."
        ),
        Verdict.UNCLEAR: _(
            "iacrea gave an answer that we do not understand, so the key was not taken. Try "
            "again; if it stays so, tell support."
        ),
    }
