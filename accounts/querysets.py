"""Tenant isolation starts here: every list of a tenant's rows begins with `for_agency()`."""

from typing import Any, Self, TypeVar

from django.db import models

from accounts.choices import Mode

Row = TypeVar("Row", bound=models.Model, covariant=True)


class AgencyQuerySet(models.QuerySet[Row]):
    """Rows of one agency that have no mode: people, accounts with iacrea, the audit trail."""

    def for_agency(self, agency: Any) -> Self:
        return self.filter(agency=agency)


class TenantQuerySet(models.QuerySet[Row]):
    """Rows of one agency in one mode: jobs, photos, keys, deliveries."""

    def for_agency(self, agency: Any, mode: Mode) -> Self:
        return self.filter(agency=agency, mode=mode)
