"""Finding projects: by words of their names, by the beginning of any id that has to do with them,
by how far they are."""

import re
from functools import reduce
from operator import and_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.querysets import TenantQuerySet
from projects.choices import LIVE, Status
from projects.models import Generation, Project
from projects.words import plain

# Eight characters of an id are what pages and support show; with hyphens and more of it, too.
ID_BEGINS = re.compile(r"[0-9a-f]{8}[0-9a-f-]*", re.IGNORECASE)


def found(projects: TenantQuerySet[Project], text: str) -> TenantQuerySet[Project]:
    """Those that have every word, or an id that begins so; all of them without a word."""
    words = [Q(words__contains=word) for word in plain(text).split()]
    if not words:
        return projects
    return projects.filter(reduce(and_, words) | _by_id(text.strip()))


def that_are(projects: TenantQuerySet[Project], stage: str) -> TenantQuerySet[Project]:
    """`running`, `ready`, `draft`; all of them for any other word."""
    mine = Generation.objects.filter(project=OuterRef("pk"), removed_at=None)
    stages = {
        "running": Q(Exists(mine.filter(status__in=LIVE))),
        "ready": Q(Exists(mine.filter(status=Status.SUCCEEDED))),
        "draft": ~Q(Exists(mine)),
    }
    return projects.filter(stages[stage]) if stage in stages else projects


def _by_id(text: str) -> Q:
    digits = text.replace("-", "")
    if not ID_BEGINS.fullmatch(text) or len(digits) > 32:
        return Q(pk__in=[])
    between = (UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f")))
    mine = Generation.objects.filter(project=OuterRef("pk"), removed_at=None)
    theirs = Q(upstream_id__istartswith=text)
    return Q(pk__range=between) | Q(Exists(mine.filter(Q(pk__range=between) | theirs)))
