"""Accounts at iacrea that nobody uses any more."""

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from accounts.querysets import AgencyQuerySet
from integrations.doors.clock import database_now
from integrations.iacrea.models import IacreaAccount
from projects.models import Generation


def retire(accounts: AgencyQuerySet[IacreaAccount]) -> None:
    """Without key and name. What has ended is not asked about any more: there is no key to ask
    with."""
    _forget_origins(accounts)
    accounts.filter(retired_at=None).update(retired_at=database_now())
    accounts.update(
        api_key="", name="", base_url="", pause_reason="", paused_at=None, probe_at=None,
        credit=None, credit_seen_at=None,
    )  # fmt: skip


def _forget_origins(accounts: AgencyQuerySet[IacreaAccount]) -> None:
    """An address of their own stands in their jobs too. Ids are unique for each address only, so
    that each job gets one of its own."""
    jobs = Generation.objects.filter(account__in=accounts)
    jobs.update(look_again_at=None)
    own = jobs.exclude(upstream_origin="").exclude(account__base_url="")
    own.update(upstream_origin=Concat(Value("erased:"), Cast("pk", CharField())))
