"""What is said of the safety of an account, always."""

from django.urls import reverse
from django.utils.translation import gettext as _

from projects.notices.names import SUBJECT_NAME, one_line
from projects.notices.notice import Facts, Notice


def key_created(facts: Facts) -> Notice:
    words = {
        "name": one_line(facts.get("name", "")) or _("without a name"),
        "prefix": one_line(facts.get("prefix", "")),
    }
    live = _("A key of live mode, “%(name)s”, that begins with %(prefix)s.")
    test = _("A key of test mode, “%(name)s”, that begins with %(prefix)s.")
    line = (test if facts.get("mode") == "test" else live) % words
    unknown = _("If nobody in your agency asked for it, write to support at once.")
    return Notice(_("An API key of your agency was created"), [line, unknown])


def password_changed(facts: Facts) -> Notice:
    line = _("If it was you, there is nothing to do. If not, choose a new password at once.")
    link = reverse("account_reset_password")
    return Notice(_("Your password was changed"), [line], link, _("Choose a new password"))


def second_factor(facts: Facts) -> Notice:
    titles = {
        "on": _("Two-step sign-in was switched on"),
        "off": _("Two-step sign-in was switched off"),
        "codes": _("You have new recovery codes"),
    }
    title = titles.get(facts.get("change", ""), _("Your two-step sign-in was changed"))
    line = _("If it was not you, change your password at once, then look at your two-step sign-in.")
    return Notice(title, [line], reverse("mfa_index"), _("Two-step sign-in"))


def signed_in(facts: Facts) -> Notice:
    browser = one_line(facts.get("browser", ""), SUBJECT_NAME)
    line = _("Somebody signed in with your password, from a browser that we do not know: %(name)s.")
    known = _("If it was you, there is nothing to do. If not, choose a new password at once.")
    lines = [line % {"name": browser or _("unknown")}, known]
    link = reverse("account_change_password")
    return Notice(_("A sign-in from a new browser"), lines, link, _("Choose a new password"))
