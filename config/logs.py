"""What must not be in a log."""

import logging

from integrations.iacrea.evidence import without_secret_paths


class NoSecretPaths(logging.Filter):
    """Django logs the path of every answer above 399, by several loggers, and some of our paths are
    secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secret_paths(record.getMessage()), ()
        return True
