"""The shape of the tree: docs/architecture.md says what each place is for."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.tree import ROOT, project_files

TOP_LEVEL = {
    "manage.py", "pyproject.toml", "config", "accounts", "projects", "integrations", "templates",
    "tests",
    # the usual files beside them
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "NOTICE",
    "Makefile", "requirements", "locale", "static", "docs", "deploy", "examples",
    "package.json", "package-lock.json",
}  # fmt: skip
PRODUCT = ("config", "accounts", "projects", "integrations")
# Who may say `.objects`: reads and writes of rows, never a view, form or serializer.
SPEAKS_TO_ROWS = {
    "models", "selectors", "services", "admin", "migrations", "lifecycle", "quota", "keys",
    "ledger_audit", "audit", "pipeline", "sweeper", "callbacks", "representation", "tasks",
    "effects", "recovery", "discrepancies", "orphans", "erasure", "idempotency", "search",
    "keeping", "complaints", "news", "drafts", "branding", "notifications", "notification_choices",
    "accounts", "breaker", "budgets", "canary", "probes", "strikes",
    "onboarding", "deliveries", "events", "health", "resends", "retention", "queue", "demo_seed",
    "commands", "credits", "photo_requests", "team", "invitations", "second_factor", "seen",
    "sign_up", "teammates", "connections", "member_caps", "service_state",
    "request_log", "timeline", "staff_roles", "visits", "proposals", "free_retry", "agency",
    "notes", "planting", "backups", "reencryption", "agency_limits", "kept_bytes", "second_step",
}  # fmt: skip
MAX_LINES = 500


def product_files() -> list[Path]:
    return [p for p in project_files(".py") if p.relative_to(ROOT).parts[0] in PRODUCT]


def test_the_top_level_is_the_agreed_one() -> None:
    found = {path.relative_to(ROOT).parts[0] for path in project_files()}
    assert {name for name in found if not name.startswith(".")} <= TOP_LEVEL


def test_imports_never_go_up() -> None:
    """import-linter's contracts in pyproject.toml."""
    run = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", product_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_rows_layers_speak_to_rows(path: Path) -> None:
    parts = {*path.relative_to(ROOT).parts[1:], path.stem} - {"integrations"}
    if parts & SPEAKS_TO_ROWS:
        return
    tree = ast.parse(path.read_text())
    said = [
        n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "objects"
    ]
    assert not said, f"{path}: .objects at line {said}; use a selector or a service"


def test_only_the_door_imports_the_queue() -> None:
    importers = [p for p in product_files() if "django_q" in _imported(p)]
    assert [p.relative_to(ROOT).as_posix() for p in importers] == ["integrations/doors/queue.py"]


def test_only_the_lifecycle_writes_a_status() -> None:
    """`status=` in an update() or an assignment to `.status` stands in lifecycle.py only."""
    writers = {p.name for p in product_files() if _is_of_projects(p) and _writes_status(p)}
    assert writers <= {"lifecycle.py"}


@pytest.mark.parametrize("path", project_files(".py", ".js", ".css"), ids=lambda p: p.name)
def test_no_file_is_too_long_to_read(path: Path) -> None:
    if "migrations" not in path.parts:
        assert len(path.read_text().splitlines()) <= MAX_LINES


def _is_of_projects(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0] == "projects" and "migrations" not in path.parts


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def _writes_status(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update":
            written = {str(keyword.arg) for keyword in node.keywords}
        elif isinstance(node, ast.Assign):
            targets = [t for target in node.targets for t in ast.walk(target)]
            written = {t.attr for t in targets if isinstance(t, ast.Attribute)}
        else:
            continue
        if "status" in written:
            return True
    return False
