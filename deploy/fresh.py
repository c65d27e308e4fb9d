"""`make fresh`: the README's commands on machines that have nothing but what the README asks for.

Each machine is a folder made by debootstrap, with `git archive HEAD` in it. Each command runs in
mount and PID namespaces of its own: when it ends, is killed or runs out of time, the kernel ends
every process and unmounts every folder in there. The network is this machine's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = "bookworm"
# Python and make are what the README asks for; every installed Debian has the certificates.
PACKAGES = "ca-certificates,make,python3"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parterre"
BARE = CACHE / f"{RELEASE}-{PACKAGES.replace(',', '-')}.tar"
# How this machine's clients find and trust their registries: proxies, mirrors, certificates.
CLIENT_FILES = {
    "/etc/apt/apt.conf.d": "/etc/apt/apt.conf.d",
    "/etc/hosts": "/etc/hosts",
    "/etc/pip.conf": "/etc/pip.conf",
    "/etc/resolv.conf": "/etc/resolv.conf",
    "/etc/ssl/certs/ca-certificates.crt": "/etc/ssl/certs/ca-certificates.crt",
    "~/.config/pip/pip.conf": "/etc/xdg/pip/pip.conf",
}
CLIENT_VARIABLES = re.compile(
    r"(https?|ftp|no|all)_proxy|(SSL_CERT|REQUESTS_CA|CURL_CA|PIP|UV)_\w+", re.IGNORECASE
)


@dataclass(frozen=True)
class Step:
    title: str
    command: str
    seconds: int
    exit_code: int = 0


DEMO = Step("make demo", "python3 deploy/visit.py", seconds=900)
TEST = Step("make test", "make test", seconds=3600)
REFUSED = Step(
    "one line, exit 1",
    # Exit 9 where the line is not alone.
    'said=$(python3 deploy/bootstrap.py base 2>&1); code=$?; echo "$said"; '
    '[ "$(echo "$said" | wc -l)" = 1 ] || exit 9; exit $code',
    seconds=60,
    exit_code=1,
)


@dataclass(frozen=True)
class Machine:
    name: str
    user: str
    home: str
    checkout: str
    steps: tuple[Step, ...]
    package: str = ""


def plain(name: str, *steps: Step, package: str = "") -> Machine:
    return Machine(name, "visitor", "/home/visitor", "/home/visitor/parterre", steps, package)


MACHINES = (
    Machine("root", "root", "/root", "/srv/parterre", (DEMO, TEST)),
    plain("plain", DEMO, TEST, package="python3-venv"),
    plain("plain-with-pip-only", DEMO, package="python3-pip"),
    plain("plain-with-neither", REFUSED),
)


def main(names: list[str]) -> int:
    chosen = [machine for machine in MACHINES if not names or machine.name in names]
    if not chosen:
        return refuse(f"usage: fresh.py [{' | '.join(machine.name for machine in MACHINES)}]")
    if os.geteuid() != 0:
        return refuse("make fresh builds whole machines in folders: it needs root.")
    started = time.monotonic()
    state = "made" if make_bare() else "kept"
    report = [(f"bare Debian {RELEASE}", state, time.monotonic() - started)]
    for machine in chosen:
        report += visit(machine)
    print()
    for title, state, seconds in report:
        print(f"{seconds:7.0f} s  {state:7} {title}")
    return 1 if any(state == "FAILED" for _, state, _ in report) else 0


def refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 1


def visit(machine: Machine) -> list[tuple[str, str, float]]:
    with tempfile.TemporaryDirectory(prefix=f"parterre-{machine.name}-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        prepare(root, machine)
        return [timed(root, machine, step) for step in machine.steps]


def timed(root: Path, machine: Machine, step: Step) -> tuple[str, str, float]:
    title = f"{machine.name}: {step.title}"
    print(f"\n=== {title}", flush=True)
    started = time.monotonic()
    try:
        code = inside(root, machine, step.command, step.seconds)
    except subprocess.TimeoutExpired:
        print(f"{title}: stopped after {step.seconds} s", file=sys.stderr)
        code = -1
    state = "passed" if code == step.exit_code else "FAILED"
    return title, state, time.monotonic() - started


# --- a machine


def make_bare() -> bool:
    """Make the archive that every machine starts from; remove the file to get a newer one."""
    if BARE.exists():
        return False
    if not shutil.which("debootstrap"):
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-q", "-y", "debootstrap", "debian-archive-keyring")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="parterre-bare-") as folder:
        options = ["--variant=minbase", f"--include={PACKAGES}"]
        run("debootstrap", *options, RELEASE, f"{folder}/root", *mirror())
        shutil.rmtree(f"{folder}/root/var/cache/apt/archives")
        run("tar", "-C", f"{folder}/root", "--exclude=./dev/*", "-cf", f"{folder}/bare.tar", ".")
        shutil.move(f"{folder}/bare.tar", BARE)
    return True


def mirror() -> list[str]:
    """The mirror that this machine's apt uses, when it is a Debian of the same release."""
    if not shutil.which("apt-get"):
        return []
    found = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", f"Release: {RELEASE}"],
        capture_output=True,
        text=True,
    )
    return found.stdout.split()[:1]


def prepare(root: Path, machine: Machine) -> None:
    run("tar", "-C", str(root), "-xf", str(BARE))
    carry_client_configuration(root)
    if machine.user != "root":
        set_up(root, f"useradd --create-home {machine.user}")
    if machine.package:
        install = f"apt-get -qq -y --no-install-recommends install {machine.package}"
        set_up(root, f"apt-get -qq update && {install}")
    checkout = root / machine.checkout.lstrip("/")
    checkout.mkdir(parents=True)
    with tempfile.NamedTemporaryFile(suffix=".tar") as archive:
        run("git", "-C", str(ROOT), "archive", "--output", archive.name, "HEAD")
        run("tar", "-C", str(checkout), "-xf", archive.name)
    set_up(root, f"chown -R {machine.user}: {machine.checkout}")


def set_up(root: Path, command: str) -> None:
    """What the administrator of the machine did before the visitor came."""
    administrator = Machine("administrator", "root", "/root", "/root", ())
    if code := inside(root, administrator, command, seconds=900):
        raise SystemExit(f"{command}: exit code {code}")


def carry_client_configuration(root: Path) -> None:
    for source, target in CLIENT_FILES.items():
        here, there = Path(source).expanduser(), root / target.lstrip("/")
        there.parent.mkdir(parents=True, exist_ok=True)
        if here.is_dir():
            shutil.copytree(here, there, dirs_exist_ok=True)
        elif here.exists():
            shutil.copyfile(here, there)


# --- a command in a machine

# $1 is the machine's folder. Only the devices that every machine has are let in.
MOUNT = """
set -e
mount -t proc proc "$1/proc"
mount -t sysfs -o ro sysfs "$1/sys"
mount -t tmpfs -o mode=755 dev "$1/dev"
for node in null zero full random urandom tty; do
    touch "$1/dev/$node"
    mount --bind "/dev/$node" "$1/dev/$node"
done
mkdir -m 1777 "$1/dev/shm" && mount -t tmpfs -o mode=1777 shm "$1/dev/shm"
mkdir "$1/dev/pts" && mount -t devpts -o newinstance,ptmxmode=0666,mode=620 pts "$1/dev/pts"
ln -s pts/ptmx "$1/dev/ptmx"
ln -s /proc/self/fd "$1/dev/fd"
ln -s fd/0 "$1/dev/stdin"
ln -s fd/1 "$1/dev/stdout"
ln -s fd/2 "$1/dev/stderr"
shift
"$@"
exit $?
"""


def inside(root: Path, machine: Machine, command: str, seconds: int) -> int:
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    # This shell is process 1 in there: it stays, and collects what others leave behind.
    mount = ["sh", "-c", MOUNT, "sh", str(root)]
    chroot = ["chroot", f"--userspec={machine.user}", str(root)]
    shell = ["env", "-i", *environment(machine), "sh", "-c", f"cd {machine.checkout} && {command}"]
    return subprocess.run(
        [*namespaces, *mount, *chroot, *shell], stdin=subprocess.DEVNULL, timeout=seconds
    ).returncode


def environment(machine: Machine) -> list[str]:
    carried = {k: v for k, v in os.environ.items() if CLIENT_VARIABLES.fullmatch(k)}
    own = {
        "HOME": machine.home,
        "USER": machine.user,
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    return [f"{name}={value}" for name, value in {**carried, **own}.items()]


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
