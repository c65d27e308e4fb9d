"""Staff who look as a customer."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, Membership, User
from accounts.staff_roles import give_role
from accounts.visits import BEGAN, ENDED

# Where staff who look as nobody are led from any page of the product.
DESK = "/admin/"
WHY = "the list stays empty, she says"


def supporter() -> Client:
    """Of support, by its role."""
    user = User.objects.create_user("dana@example.org", "a password for tests", name="Dana")
    give_role(user, "support", actor_id="test", reason="a test")
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=user.pk))
    return client


def look(client: Client, member: Membership, reason: str = WHY) -> Any:
    return client.post(reverse("desk:look", args=[member.pk]), {"reason": reason})


def trail(*actions: str) -> list[AuditEntry]:
    return list(
        AuditEntry.objects.filter(action__in=actions or (BEGAN, ENDED)).order_by("created_at")
    )
