"""Each address of the product, for whoever looks as a customer: shown as the member sees it, the
staff person's own, or refused, and why. One that is not here is refused, and fails a test."""

from enum import Enum

from django.utils.translation import gettext_lazy as _


class Rule(Enum):
    SHOWN = ""
    OWN = "own"
    CHANGES = _("It changes something, and you may only look.")
    SECRET = _("It shows a secret, or makes one: that is for the customer’s eyes only.")
    BULK = _("It takes files away. Ask the customer for what you need.")
    ELSEWHERE = _("It is no page of this member.")


_SHOWN = """
projects:list projects:live_list projects:detail projects:live projects:bin projects:new
projects:zone projects:usage projects:ask_for_photos projects:status projects:help projects:legal
projects:notifications projects:notification_choices projects:team projects:branding
projects:branding_preview projects:security projects:iacrea projects:developers projects:keys
projects:endpoints projects:endpoint projects:change_endpoint projects:calls projects:call
projects:deliveries projects:agency_data
media:upload media:photo_size media:picture media:picture_size media:as_it_came media:changes
media:thumbnail media:logo media:theme
docs:index docs:errors docs:webhooks docs:topic docs:openapi
"""
_CHANGES = """
projects:sample projects:draft projects:variation projects:favour projects:note projects:complain
projects:remove projects:remove_picture projects:bring_back projects:bring_back_picture
projects:answer_comment projects:revoke_link projects:remove_logo projects:labels projects:keep_for
projects:erase_me projects:ask_for_erasure projects:withdraw_erasure projects:team_invite
projects:team_role projects:team_cap projects:team_remove projects:team_resend projects:team_revoke
projects:switch projects:disable_endpoint projects:enable_endpoint projects:delete_endpoint
projects:test_endpoint projects:resend_failed projects:resend projects:iacrea_pause
projects:iacrea_resume projects:iacrea_stop set_language
"""
# Share links are keys to their pages, and a message has links to pictures. What is kept of a person
# may be of another agency too.
_SECRETS = """
projects:new_key projects:rotate_key projects:revoke_key projects:new_endpoint projects:new_secret
projects:iacrea_connect projects:iacrea_key projects:share projects:share_links
projects:delivery projects:my_data
"""
_BULK = """
projects:usage_csv projects:download projects:before_and_after projects:everything projects:quote
projects:my_data_file projects:agency_data_file
"""
# Whoever has their address may open them, without any session.
_ELSEWHERE = """
projects:unsubscribe projects:invitation media:input media:result media:callback api_nowhere
"""
_RULES = {
    name: rule
    for rule, names in (
        (Rule.SHOWN, _SHOWN),
        (Rule.CHANGES, _CHANGES),
        (Rule.SECRET, _SECRETS),
        (Rule.BULK, _BULK),
        (Rule.ELSEWHERE, _ELSEWHERE),
        (Rule.OWN, "healthz readyz metrics csp_report"),
    )
    for name in names.split()
}
# Whole families, by what their names begin with.
_FAMILIES = {
    "admin:": Rule.OWN,
    "desk:": Rule.OWN,
    # Passwords, second factors, recovery codes, sessions; and signing out: Leave comes before it.
    "account_": Rule.SECRET,
    "mfa_": Rule.SECRET,
    "usersessions_": Rule.SECRET,
    "share:": Rule.ELSEWHERE,
    # With a key, and never with a session.
    "v1:": Rule.ELSEWHERE,
    "accounts:": Rule.ELSEWHERE,
    "webhooks:": Rule.ELSEWHERE,
    "dropin:": Rule.ELSEWHERE,
}


def decided(name: str) -> Rule | None:
    """None: nobody has said what this address is."""
    of_family = (rule for begin, rule in _FAMILIES.items() if name.startswith(begin))
    return _RULES.get(name) or next(of_family, None)


def rule_of(name: str) -> Rule:
    return decided(name) or Rule.ELSEWHERE
