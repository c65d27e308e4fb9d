"""All that may happen to several hosts: `python -m tests.hosts [--from COMMIT] [EVENT…]`, some
ten minutes. An event that is named happens alone."""

import json
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from deploy.tree import ROOT
from tests.hosts.rolling import UPDATE
from tests.namespaces import ROOT as IS_ROOT

BACK_WITHIN_S = 30
# A plain user keeps their number, since PostgreSQL refuses to run as root.
AS_USER = [] if IS_ROOT else ["--user", "--map-current-user", "--keep-caps"]
LIMIT_S = 2400


def main() -> int:
    parser = ArgumentParser(prog="tests.hosts", description="What may happen to several hosts.")
    parser.add_argument("events", nargs="*", metavar="EVENT", help="as the report names them")
    parser.add_argument("--from", dest="commit", default="", help="whose code the hosts begin with")
    asked = parser.parse_args()
    report = try_out(asked.events or "all", asked.commit)
    print_report(report)
    late = [seen["event"] for seen in report["seen"] if back_s(seen) > BACK_WITHIN_S]
    unheard = [seen for seen in report["seen"] if lost_by_update(seen)]
    print(f"    back too late: {late or 'none'}; callbacks lost by an update: {len(unheard)}")
    return 1 if report["broken"] or late or unheard else 0


def lost_by_update(seen: dict[str, Any]) -> bool:
    return seen["event"].startswith(UPDATE) and seen["lost_rings"] > 0


def try_out(events: list[str] | str, commit: str = "") -> dict[str, Any]:
    """In network namespaces of its own. Raises RuntimeError with its last words."""
    folder = Path(tempfile.mkdtemp(prefix="parterre-hosts-"))
    folder.chmod(0o755)  # PostgreSQL goes through it as another user
    named = events if isinstance(events, str) else json.dumps(events)
    town = [sys.executable, "-m", "tests.hosts.town", named, str(folder), commit]
    try:
        ended = subprocess.run(
            ["unshare", *AS_USER, "--net", "--uts", *town],
            cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S,
        )  # fmt: skip
        if ended.returncode:
            raise RuntimeError(f"{ended.stderr[-4000:]}\n{_logs(folder)}")
        report: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
        return report
    finally:
        shutil.rmtree(folder)


def _logs(folder: Path) -> str:
    return "\n".join(f"--- {log.name}\n{log.read_text()[-1500:]}" for log in folder.glob("*.log"))


def back_s(seen: dict[str, Any]) -> float:
    """From an event until whoever asks is answered, and gets a picture."""
    return float(max(seen["first_picture_s"], seen["longest_accept_s"]))


def print_report(report: dict[str, Any]) -> None:
    print(f"the hosts begin with {report['began_with']}", flush=True)
    for seen in report["seen"]:
        print(
            f"{seen['event']}: {seen['jobs']} jobs; first picture after "
            f"{seen['first_picture_s']} s, longest wait for an answer "
            f"{seen['longest_accept_s']} s, for a picture {seen['longest_job_s']} s, "
            f"{seen['lost_rings']} callbacks lost",
            flush=True,
        )
    print(f"    {report['figures']}\n    {len(report['broken'])} broken promises", flush=True)
    for line in report["broken"][:20]:
        print(f"    {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
