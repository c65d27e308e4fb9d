"""What Hugo was told, one of each kind, by names that are long or hostile; and a project of his
that nobody has changed for a year. Printed: the address by which one kind comes no more."""

TOLD = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from accounts.choices import Mode, NotificationKind
from accounts.models import Membership
from accounts.notifications import notify
from projects.models import Project
from projects.notices.unsubscribing import unsubscribe_url
from projects.services import create_project

hugo = Membership.objects.select_related("user", "agency").get(user__email="hugo@example.org")
facts = {
    "project_id": str(uuid4()), "project": "M. et Mme Dupont-Larrivière <b>" + "e" * 60,
    "room_type": "TERRACE", "failure_code": "timed_out", "photos": "1",
    "client": "Anne <i>Roux</i>",
    "available": "5", "endpoint_id": str(uuid4()), "url": "https://hooks.example.org/parterre",
    "reason": "gone", "name": "boutique", "prefix": "prt_live_a1b2c3", "mode": "live",
    "change": "on", "browser": "Firefox, Windows",
}
old = create_project(agency=hugo.agency, mode=Mode.LIVE, author=hugo, title="Jardin d’antan")
Project.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=366))
for kind in reversed(NotificationKind):
    notify(hugo, kind, facts)
print(unsubscribe_url(hugo, NotificationKind.READY))
"""
