"""What somebody must be told of: one line at ERROR, with a name that a rule can look for.

`docs/jobs.md` lists the names. Facts are ids, numbers and codes: never a key, a link or a person.
"""

import logging

logger = logging.getLogger("parterre.alerts")


def alert(event: str, **facts: object) -> None:
    """`event` in lower case with underscores, such as `account_paused`."""
    told = "".join(f" {name}={value}" for name, value in facts.items())
    logger.error("ALERT %s%s", event, told)
