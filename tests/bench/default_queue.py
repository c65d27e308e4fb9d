"""The settings of the tests with django-q2's own defaults, for the figure that compares them."""

from tests.settings import *  # noqa: F403

Q_CLUSTER = {"orm": "default"}
# What config/queue_check.py refuses: it is why our settings are not these.
SILENCED_SYSTEM_CHECKS = [f"parterre.E00{number}" for number in range(1, 8)]
