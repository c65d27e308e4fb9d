"""S3 for photos and pictures: django-storages' backend, with the manners of a disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage

# The defaults wait 60 s, five times: longer than anyone waits for a page.
CLIENT = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2})
# Above this a file is read by way of a temporary file; the default keeps all of it in memory.
MAX_MEMORY = 2 * 2**20


class S3(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """Callers know one failure, OSError, whatever the storage; a missing file is the
    FileNotFoundError that django-storages makes of it.

    No ACL is sent: objects are private unless the bucket says otherwise, and buckets that
    enforce their owner refuse an upload that names one.
    """

    def get_default_settings(self) -> dict[str, Any]:
        ours = {"client_config": CLIENT, "max_memory_size": MAX_MEMORY, "file_overwrite": False}
        return {**super().get_default_settings(), **ours}

    def _open(self, name: str, mode: str = "rb") -> S3File:
        with _os_error(name):
            # Fetched now: a failure while it is read would come in the middle of an answer.
            return super()._open(name, mode).open()

    def _save(self, name: str, content: IO[bytes]) -> str:
        with _os_error(name):
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with _os_error(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        with _os_error(name):
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _os_error(name):
            folders, files = super().listdir(name)
            return folders, files

    def get_modified_time(self, name: str) -> datetime:
        with _os_error(name):
            moment: datetime = super().get_modified_time(name)
            return moment


@contextmanager
def _os_error(name: str) -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError, Boto3Error, RetriesExceededError) as error:
        raise OSError(f"S3 failed on {name}: {error}") from error
