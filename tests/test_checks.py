"""Settings that cannot be right stop the start with their cure; doubtful ones are warned of."""

import base64
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from config import env, env_urls
from integrations.iacrea.models import IacreaAccount
from projects.legal import PAGES
from tests.conftest import Cast

ROOT = Path(__file__).resolve().parent.parent
CACHES = "django.core.cache.backends"
# Of pages that this test run has not written: tests/projects/test_legal.py.
LEGAL = {"parterre.I002", "parterre.I003"}
FERNET_KEY = base64.b64encode(bytes(32)).decode()


def production(var: Path) -> dict[str, str]:
    for page in PAGES:
        (var / f"{page}.fr.txt").write_text("Written by the operator.")
    return {
        "OPERATOR_NAME": "Vert SARL",
        "OPERATOR_ADDRESS": "1, rue Haute, Nîmes",
        "OPERATOR_EMAIL": "support@parterre.example",
        "LEGAL_DIR": str(var),
        "PATH": os.environ["PATH"],
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ENCRYPTION_KEYS": FERNET_KEY,
        "PUBLIC_BASE_URL": "https://parterre.example",
        "TRUSTED_PROXIES": "10.0.0.0/8",
        "STORAGE_URL": "s3://photos?endpoint=https://s3.example&region=eu-west-3",
        "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
        "CACHE_URL": "redis://cache.example:6379/0",
        "DATABASE_URL": "postgres://user:password@db.example/parterre",
        "VAR_DIR": str(var),
    }


def check(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_production_is_clean(tmp_path: Path) -> None:
    result = check(production(tmp_path), "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
    assert "no issues (0 silenced)" in result.stdout


def test_behind_a_proxy_the_limits_of_sign_in_count_the_visitor(tmp_path: Path) -> None:
    code = """
from allauth.account.adapter import get_adapter
from django.test import RequestFactory
request = RequestFactory().get("/", headers={"x-forwarded-for": "1.1.1.1, 9.9.9.9"})
print(get_adapter().get_client_ip(request))
"""
    shell = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    environment = production(tmp_path)
    result = subprocess.run(shell, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.stdout.strip() == "9.9.9.9", result.stderr


def test_a_doubtful_production_is_warned_of(tmp_path: Path) -> None:
    doubtful = {"OUTBOUND_ALLOW": "http://10.0.0.1:*", "CACHE_URL": "locmemcache://"}
    result = check(production(tmp_path) | doubtful, "--deploy")
    assert "parterre.W001" in result.stderr and "http://10.0.0.1:*" in result.stderr
    assert "parterre.W002" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://user:hidden@db.example/name"),
        ("ENCRYPTION_KEYS", "hidden"),
    ],
)
def test_the_shell_sees_one_line(name: str, value: str, tmp_path: Path) -> None:
    result = check(production(tmp_path) | {name: value})
    lines = result.stderr.splitlines()
    assert result.returncode != 0 and len(lines) == 1, result.stderr
    assert lines[0].startswith(f"{name}: expected ") and "hidden" not in lines[0]


def warnings(*, deploy: bool = True) -> set[str]:
    found = run_checks(include_deployment_checks=deploy)
    ids = {str(message.id) for message in found if str(message.id).startswith("parterre.")}
    return ids - LEGAL


def cache_of(settings: Any, backend: str) -> None:
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "cache"}}


def test_a_tenants_url_into_our_own_network(settings: Any) -> None:
    cache_of(settings, "config.cache.RedisOrTable")
    settings.OUTBOUND_ALLOW = ["http://127.0.0.1:*"]
    assert warnings() == {"parterre.W001"} and warnings(deploy=False) == set()
    settings.OUTBOUND_ALLOW = []
    assert warnings() == set()


@pytest.mark.parametrize(
    ("backend", "engine", "told"),
    [
        (f"{CACHES}.locmem.LocMemCache", "sqlite3", {"parterre.W002"}),
        (f"{CACHES}.dummy.DummyCache", "postgresql", {"parterre.W002"}),
        ("config.cache.JsonTable", "sqlite3", set()),
        ("config.cache.JsonTable", "postgresql", {"parterre.I001"}),
        ("config.cache.RedisOrTable", "postgresql", set()),
    ],
)
def test_limits_are_counted_in_a_shared_cache(
    backend: str, engine: str, told: set[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOW = []
    cache_of(settings, backend)
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")
    assert warnings() == told


def errors(settings: Any, **given: Any) -> set[str]:
    settings.OUTBOUND_ALLOW = []
    cache_of(settings, "config.cache.RedisOrTable")
    for name, value in given.items():
        setattr(settings, name, value)
    found = run_checks(include_deployment_checks=True, databases=["default"])
    return {str(message.id) for message in found if str(message.id).startswith("parterre.E")}


@pytest.mark.parametrize("engine_at", ["http://127.0.0.1:8001", None])
def test_live_accounts_would_send_to_the_engine(
    settings: Any, alice: Cast, engine_at: str | None
) -> None:
    unset = {"IACREA_BASE_URL": engine_at, "EMULATOR_URL": engine_at}
    accounts = IacreaAccount.objects.filter(agency=alice.agency, built_in=False)
    accounts.update(base_url="")
    assert errors(settings, **unset) == {"parterre.E001"}
    told = run_checks(include_deployment_checks=True)
    assert not [each for each in told if each.id == "parterre.E001"], "it may not ask the database"
    accounts.update(base_url="https://iacrea.example")
    assert errors(settings, **unset) == set()
    accounts.update(base_url="", retired_at=timezone.now())
    assert errors(settings, **unset) == set()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://parterre.example", set()),
        ("https://93.184.216.34", set()),
        ("http://parterre.example", {"parterre.E002"}),
        ("https://127.0.0.1", {"parterre.E002"}),
        ("https://[::1]:8000", {"parterre.E002"}),
        ("https://10.0.0.7", {"parterre.E002"}),
        ("https://parterre", {"parterre.E002"}),
        ("https://localhost", {"parterre.E002"}),
        ("https://parterre.internal", {"parterre.E002"}),
    ],
)
def test_iacrea_must_reach_us(db: None, settings: Any, url: str, told: set[str]) -> None:
    real = {"IACREA_BASE_URL": "https://iacrea.example", "EMULATOR_URL": "http://127.0.0.1:8001"}
    assert errors(settings, PUBLIC_BASE_URL=url, **real) == told
    engine = {**real, "IACREA_BASE_URL": real["EMULATOR_URL"]}
    assert errors(settings, PUBLIC_BASE_URL=url, **engine) == set()


Reader = Callable[[str], object]


def database(name: str) -> object:
    return env_urls.database(name, Path("unused"))


def email(name: str) -> object:
    return env_urls.email(name, Path("mail"))


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (database, "parterre"),
        (database, "mysql://user:hidden@host/name"),
        (database, "postgres://user:hidden@host:port/name"),
        (database, "postgres://user:hidden@host:0/name"),
        (database, "postgres://user:hidden#1@host/name"),
        (database, "postgres://user:hidden@host"),
        (database, "postgres://user:hidden@[::1/name"),
        (database, "sqlite://"),
        (database, "sqlite://name.sqlite3"),
        (email, "mail.example"),
        (email, "http://user:hidden@mail.example"),
        (email, "smtp://user:hidden@mail.example:port"),
        (email, "smtp://"),
        (env_urls.cache, "localhost:6379"),
        (env_urls.cache, "memcached://host"),
        (env_urls.cache, "redis://user:hidden@host:port"),
        (env_urls.cache, "redis://"),
        (env.origins, "example.org"),
        (env.origins, "https://example.org,*"),
        (env.origins, "https://example.org/path"),
        (env.origins, "https://*.example.org/*"),
        (env.origins, "http://127.0.0.1:99999"),
        (env.origins, "http://user:x@example.org"),
        (env.networks, "proxy"),
        (env.networks, "10.0.0.0/33"),
        (env.networks, "10.0.0.1,proxy"),
        (env.fernet_keys, "hidden"),
        (env.fernet_keys, f"{FERNET_KEY},hidden"),
        (env.fernet_keys, ","),
        (env.origin, "http://example.org?query"),
        (env.origin, "http://user@example.org"),
        (env.origin, "http://example.org:port"),
    ],
)
def test_what_cannot_be_right_is_refused(
    read: Reader, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SETTING", value)
    with pytest.raises(ImproperlyConfigured, match=r"^A_SETTING(=.*)?: expected .*\.$") as error:
        read("A_SETTING")
    assert "hidden" not in str(error.value), "it ends up in logs"


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (env.origins, "https://a.example, http://[::1]:*", ["https://a.example", "http://[::1]:*"]),
        (env.networks, "10.0.0.1, fd00::/8", ["10.0.0.1/32", "fd00::/8"]),
        (env.fernet_keys, f"{FERNET_KEY}, {FERNET_KEY}", [FERNET_KEY, FERNET_KEY]),
        (env.origins, "", []),
        (env.networks, "", []),
        (
            env_urls.cache,
            "",
            {"BACKEND": "config.cache.JsonTable", "LOCATION": "cache", "KEY_PREFIX": "json"},
        ),
    ],
)
def test_what_is_right_is_read(
    read: Reader, value: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_SETTING", value)
    assert read("A_SETTING") == expected


def test_a_database_by_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SETTING", "postgres://user:p%23w@db.example:5433/name")
    read = env_urls.database("A_SETTING", Path("unused"))
    assert {name: read[name] for name in ("ENGINE", "NAME", "PASSWORD", "HOST", "PORT")} == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "name",
        "PASSWORD": "p#w",
        "HOST": "db.example",
        "PORT": 5433,
    }


def test_an_empty_value_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SETTING", "")
    sqlite = env_urls.database("A_SETTING", Path("a folder/50%.sqlite3"))
    assert sqlite == {"ENGINE": "django.db.backends.sqlite3", "NAME": "a folder/50%.sqlite3"}


def test_mails_without_a_server_are_files_in_var() -> None:
    assert Path(project_settings.EMAIL_FILE_PATH) == project_settings.VAR_DIR / "mail"


CLUSTER = dict(project_settings.Q_CLUSTER)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, set()),
        ({"retry": 461}, set()),
        ({"retry": 460}, {"E005"}),
        ({"retry": 60}, {"E005"}),
        ({"queue_limit": 16}, {"E005"}),
        ({"bulk": 5}, {"E005"}),
        ({"timeout": 120, "retry": 1000}, {"E004"}),
        ({"timeout": 150.0}, {"E003"}),
        ({"timeout": None}, {"E003"}),
        ({"timeout": True}, {"E003"}),
        ({"guard_cycle": 0.7}, {"E007"}),
        ({"guard_cycle": 0.1}, {"E007"}),
        ({"guard_cycle": 0}, {"E007"}),
        ({"guard_cycle": 1}, set()),
        ({"orm": "queue"}, {"E001"}),
        ({"max_attempts": 0}, {"E001"}),
        ({"ack_failures": False}, {"E001"}),
        ({"save_limit": 250}, {"E001"}),
        ({"sqs": {}}, {"E002"}),
        ({"workers": 1, "retry": 10_000}, {"E006"}),
    ],
    ids=str,
)
def test_an_unsafe_queue_is_refused(changes: dict[str, Any], told: set[str], settings: Any) -> None:
    settings.Q_CLUSTER = {**CLUSTER, **changes}
    assert warnings(deploy=False) == {f"parterre.{number}" for number in told}


def test_no_command_runs_with_an_unsafe_queue(tmp_path: Path) -> None:
    """The worker's own among them."""
    (tmp_path / "unsafe.py").write_text(
        "from config.settings import *\nQ_CLUSTER = {**Q_CLUSTER, 'retry': 60}\n"
    )
    environment = production(tmp_path) | {
        "PYTHONPATH": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "unsafe",
        "CACHE_URL": "locmemcache://",
        "DATABASE_URL": "",
    }
    command = [sys.executable, "manage.py", "qcluster"]
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode != 0 and "parterre.E005" in result.stderr
