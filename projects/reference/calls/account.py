"""Photos and members."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.members import MemberInput
from projects.reference import examples as ex
from projects.reference import outputs
from projects.reference.operation import Answer, Operation

MEMBERS = "/api/v1/members"
ONE = MEMBERS + "/{iacrea_user_id}"


class EntryFilter(outputs.Output):
    format = serializers.ChoiceField(["csv"], required=False)


CALLS = {
    "GET /api/v1/quota": Operation(
        name="getQuota",
        topic="quota",
        summary=_("Count the photos"),
        description=_(
            "`available` can be used, `held` belong to jobs under way, `consumed` are charged. A "
            "lot is what was bought or given at once; the one that ends first is used first."
        ),
        answers={200: Answer(outputs.QuotaOutput, _("The photos."), ex.QUOTA)},
    ),
    "GET /api/v1/quota/entries": Operation(
        name="listEntries",
        topic="quota",
        summary=_("List every movement of photos"),
        description=_(
            "The ledger, the newest first, a page at a time. With `format=csv` all of it, the "
            "oldest first, as one file."
        ),
        query=EntryFilter,
        as_csv=True,
        query_example={"limit": "100"},
        is_list=True,
        answers={
            200: Answer(outputs.page_of(outputs.EntryOutput), _("A page."), ex.page(ex.ENTRY_ROW))
        },
    ),
    f"GET {MEMBERS}": Operation(
        name="listMembers",
        topic="members",
        summary=_("List members"),
        description=_("Who may be named in a job, by the iacrea user id."),
        query_example={"limit": "20"},
        is_list=True,
        answers={
            200: Answer(outputs.page_of(outputs.MemberOutput), _("A page."), ex.page(ex.PERSON))
        },
    ),
    f"GET {ONE}": Operation(
        name="getMember",
        topic="members",
        summary=_("See a member"),
        description=_("Without a name: it is the person's own."),
        answers={200: Answer(outputs.MemberOutput, _("The member."), ex.PERSON)},
    ),
    f"PUT {ONE}": Operation(
        name="putMember",
        topic="members",
        summary=_("Make somebody a member, or change their role"),
        description=_("May be repeated as often as you like: it ends the same."),
        body=MemberInput,
        example={"email": "lea@jardins.example", "name": "Léa", "role": "member"},
        answers={
            200: Answer(outputs.MemberOutput, _("Was a member already."), ex.PERSON),
            201: Answer(outputs.MemberOutput, _("Is a member now."), ex.PERSON),
        },
        refusals=("member_is_another", "owner_role"),
    ),
}
