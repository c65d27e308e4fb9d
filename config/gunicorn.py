"""What gunicorn reads before it loads the product: its processes count requests together."""

import fcntl
import gc
import os
import shutil
import tempfile
from typing import Any

# Of this start: what an earlier one counted is Prometheus' by now. prometheus_client looks at the
# name when it is imported.
COUNTS = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="parterre-counts-")
# systemd-tmpfiles, which tidies /tmp, leaves alone what is locked.
fcntl.flock(os.open(COUNTS, os.O_RDONLY), fcntl.LOCK_SH)


def on_exit(_server: Any) -> None:
    """In the first process only, when the others have ended."""
    shutil.rmtree(COUNTS)


def post_worker_init(_worker: Any) -> None:
    """What all requests need is loaded, and from now on left alone by the garbage collector, which
    would look through it again and again: some requests took a sixth of a second more."""
    from django.urls import get_resolver

    _ = get_resolver().url_patterns  # imports the views
    gc.freeze()
