"""The product's own settings, with the environment that a test run needs.

The database is the real one: SQLite in a file, or PostgreSQL when DATABASE_URL says so.
"""

import atexit
import os
import shutil
import tempfile

# pytest-xdist's workers inherit the environment of the process that started them: each needs a
# folder of its own all the same.
if "VAR_DIR" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="parterre-test-")
    atexit.register(shutil.rmtree, os.environ["VAR_DIR"], ignore_errors=True)
os.environ.setdefault(
    "SECRET_KEY", "a key for tests only, long enough that Django does not warn of it"
)
os.environ.setdefault("ENCRYPTION_KEYS", "dGVzdHMgb25seTogMzIgYnl0ZXMgb2Yga2V5IGhlcmU=")
os.environ.setdefault("EMULATOR_URL", "http://127.0.0.1:8001")
os.environ.setdefault("PUBLIC_BASE_URL", "http://testserver")
os.environ.setdefault("OUTBOUND_ALLOW", "http://127.0.0.1:*")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")

from config.settings import *  # noqa: F403

(VAR_DIR / "static").mkdir(exist_ok=True)  # noqa: F405  # WhiteNoise warns of a missing one
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A test is one transaction, which idles as long as the test does something else.
DATABASES["default"].get("OPTIONS", {}).pop("options", None)  # noqa: F405
REQUEST_LOG = False  # its thread would write in the middle of other tests
# Tests of the desk sign in with a password; tests/desk/test_staff_mfa.py asks for more.
STAFF_MFA_REQUIRED = False
