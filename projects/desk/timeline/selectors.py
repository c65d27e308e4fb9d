"""The generation that a page tells of, of whatever agency: for staff only."""

from uuid import UUID

from projects.desk.timeline.heading import RELATED
from projects.models import Generation

SECRETS = ("agency__webhook_secret", "author__agency__webhook_secret", "account__api_key")


def told_generation(generation_id: UUID) -> Generation:
    """DoesNotExist. Without secrets, which nobody here has to open."""
    rows = Generation.objects.select_related(*RELATED)
    return rows.defer(*SECRETS).get(pk=generation_id)
