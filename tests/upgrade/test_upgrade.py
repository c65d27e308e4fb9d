"""What earlier releases left in var/ is brought up to date, and nothing of it is lost.

Each archive is the SQLite dump and the media folder of a small installation: two agencies' jobs
that succeeded, failed, and waited. One is added with each release; none is ever changed.
"""

import os
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from config.supervise import manage

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ENCRYPTION_KEY = "dGVzdHMgb25seTogMzIgYnl0ZXMgb2Yga2V5IGhlcmU="
OPEN_EVERYTHING = """
import hashlib
from django.test import Client
from projects import links
from projects.models import Generation, Picture, Upload
from integrations.iacrea.models import IacreaAccount
client, origin = Client(), "http://testserver"
for picture in Picture.objects.all():
    body = client.get(links.result_url(picture).removeprefix(origin)).getvalue()
    assert hashlib.sha256(body).hexdigest() == picture.sha256
for upload in Upload.objects.all():
    body = client.get(links.input_url(upload).removeprefix(origin)).getvalue()
    assert hashlib.sha256(body).hexdigest() == upload.sha256
assert all(account.api_key for account in IacreaAccount.objects.all())
statuses = sorted(Generation.objects.values_list("status", flat=True))
print(Picture.objects.count(), "pictures,", *statuses)
"""


@pytest.mark.parametrize("archive", sorted(HERE.glob("*.tar.gz")), ids=lambda path: path.stem)
def test_an_older_installation_goes_on(archive: Path, tmp_path: Path) -> None:
    restore(archive, tmp_path)
    run(tmp_path, "migrate", "--no-input")
    assert "0 differences" in run(tmp_path, "audit_ledger")
    told = run(tmp_path, "shell", "--no-imports", "-c", OPEN_EVERYTHING)
    assert told.strip() == "3 pictures, FAILED QUEUED SUCCEEDED SUCCEEDED SUCCEEDED"
    run(tmp_path, "migrate", "--no-input")
    assert "No changes" in run(tmp_path, "makemigrations", "--check", "--dry-run")


def restore(archive: Path, var: Path) -> None:
    with tarfile.open(archive) as packed:
        packed.extractall(var)
    with closing(sqlite3.connect(var / "parterre.sqlite3")) as database:
        database.executescript((var / "database.sql").read_text())


def run(var: Path, *arguments: str) -> str:
    environment = {
        **os.environ,
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var}/parterre.sqlite3",
        "SECRET_KEY": "a key for tests only, long enough that Django does not warn of it",
        "ENCRYPTION_KEYS": ENCRYPTION_KEY,
        "PUBLIC_BASE_URL": "http://testserver",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    result = subprocess.run(
        manage(*arguments), env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout
