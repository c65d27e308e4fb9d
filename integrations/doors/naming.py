"""Names of fields and models for people, which a migration tells Django and no database."""

from django.db.migrations import SeparateDatabaseAndState
from django.db.migrations.state import ProjectState


class Names(SeparateDatabaseAndState):
    """Operations that change nothing in a database: `Names(state_operations=[...])`.

    Django builds every related model anew after each operation; a hundred names cost more than all
    tables together. Here the models are built once, when they are next needed.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)
        super().state_forwards(app_label, state)
