from django.db import models

from accounts.models.agency import Agency


class KeptBytes(models.Model):
    """A change of what the storage keeps of an agency: written with the file's own row and summed
    when it is asked for (accounts/kept_bytes.py). Nobody waits for another's, as they would for one
    balance that all uploads of an agency write."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", db_index=False)
    bytes = models.BigIntegerField()

    class Meta:
        # The sum is read from the index alone.
        indexes = [models.Index(fields=["agency", "bytes"], name="kept_bytes_of_agency")]

    def __str__(self) -> str:
        return f"{self.bytes:+}"
