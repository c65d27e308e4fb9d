"""`/api/v1/members…`: who may be named in a job, by the iacrea user id."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from accounts.api.base import KeyedView
from accounts.choices import Role, Scope
from accounts.exceptions import OtherMember, OwnerByOwners
from accounts.models import Membership
from integrations.doors.clock import utc
from integrations.doors.inputs import PageFilter, asked
from integrations.doors.pagination import paged_as
from integrations.doors.problems import Problem


class MemberInput(serializers.Serializer[dict[str, Any]]):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(required=False, max_length=150)
    role = serializers.ChoiceField([role for role in Role if role != Role.OWNER], required=False)


class MemberView(KeyedView):
    scope = Scope.MEMBERS_READ

    def needed_scope(self) -> Scope:
        return Scope.MEMBERS_WRITE if self.request.method == "PUT" else self.scope


class Members(MemberView):
    def get(self, request: Request) -> Response:
        asked(PageFilter, request)
        return paged_as(request, selectors.members_of(self.agency), member_object)


class OneMember(MemberView):
    def get(self, request: Request, iacrea_user_id: UUID) -> Response:
        found = selectors.member_by_iacrea_id(self.agency, iacrea_user_id)
        if found is None:
            raise _unknown()
        return Response(member_object(found))

    def put(self, request: Request, iacrea_user_id: UUID) -> Response:
        """Make this person a member with this id, or change the role: as often as you like."""
        fields = MemberInput(data=request.data)
        fields.is_valid(raise_exception=True)
        try:
            made = services.put_member(
                agency=self.agency, iacrea_user_id=iacrea_user_id, **fields.validated_data
            )
        except OtherMember:
            raise _other() from None
        except OwnerByOwners:
            raise _owner() from None
        found = selectors.member_by_iacrea_id(self.agency, iacrea_user_id)
        assert found, "it was just put"
        return Response(member_object(found), 201 if made else 200)


def member_object(row: Membership) -> dict[str, Any]:
    """Without the name: it is the person's own, who may be somebody in other agencies as well."""
    return {
        "iacrea_user_id": str(row.iacrea_user_id),
        "email": row.user.email,
        "role": row.role,
        "created_at": utc(row.created_at),
    }


def _unknown() -> Problem:
    detail = _("No member of your agency has this iacrea user id.")
    return Problem(code="not_found", status=404, title=_("Not found"), detail=detail)


def _other() -> Problem:
    detail = _("Another member of your agency has this iacrea user id. Give each their own.")
    return Problem(code="member_is_another", status=409, title=_("Not changed"), detail=detail)


def _owner() -> Problem:
    detail = _("This person owns the agency. Their role is changed by people, not by a key.")
    return Problem(code="owner_role", status=409, title=_("Not changed"), detail=detail)
