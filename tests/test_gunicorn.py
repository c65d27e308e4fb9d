"""What gunicorn's processes do before their first request."""

import subprocess
import sys

from deploy.tree import ROOT

# In a process of its own: config.gunicorn says where this one's requests would be counted.
ASKED = """
import django, gc
django.setup()
from config import gunicorn
before = len(gc.get_objects())
gunicorn.post_worker_init(None)
print(before, gc.get_freeze_count(), len(gc.get_objects()))
gunicorn.on_exit(None)
"""


def test_what_is_loaded_is_looked_through_no_more() -> None:
    run = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    before, frozen, left = map(int, run.stdout.split())
    assert frozen >= before and left < before / 10
