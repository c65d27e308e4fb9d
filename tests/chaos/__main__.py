"""The campaign: pieces until there were enough deaths, then the mutants. What is done is kept in
var/chaos, so that a run that was cut off goes on where it was.

    python -m tests.chaos                    the whole, in pieces of at most eight minutes
    python -m tests.chaos --seed 7           one piece again
    python -m tests.chaos --mutants NAME…    these mutants only
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from deploy.tree import ROOT
from tests.chaos.failpoints import NAMES
from tests.chaos.mutants import MUTANTS, Mutant, tree_with
from tests.chaos.piece import Plan, Result

RINGS = ["with id", "bare", "with id", "off"]
LEAST = 20
PIECE_S = 8 * 60


def main() -> int:
    options = _options()
    folder = ROOT / "var" / "chaos"
    if options.again:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if options.seed is not None:
        result = run(plan_of(options.seed, options.generations))
        print_piece(result)
        return bool(result.broken)
    if options.mutants is not None:
        return not all_caught(options.mutants or list(MUTANTS), folder)
    plans = [Plan(seed=99, generations=300, each=1, over_s=100, database="sqlite")]
    plans += [plan_of(seed, options.generations) for seed in range(1, options.pieces + 1)]
    results = [kept(plan, folder) for plan in plans]
    complete = print_whole(results)
    return not (all_caught(list(MUTANTS), folder) and complete)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--pieces", type=int, default=11)
    parser.add_argument("--generations", type=int, default=1000, help="in each piece")
    parser.add_argument("--seed", type=int, help="run one piece again")
    parser.add_argument("--mutants", nargs="*", metavar="NAME", help="run mutants only")
    parser.add_argument("--again", action="store_true", help="forget what is done")
    return parser.parse_args()


def plan_of(seed: int, generations: int) -> Plan:
    return Plan(seed=seed, generations=generations, rings=RINGS[seed % len(RINGS)])


def kept(plan: Plan, folder: Path) -> Result:
    """The result of a piece, which runs if it has not."""
    done = folder / f"{plan.seed}.json"
    if done.exists():
        result = _result(done.read_text())
        if result.plan == plan:
            return result
    result = run(plan)
    print_piece(result)
    done.write_text(json.dumps(asdict(result)))
    return result


def run(plan: Plan, root: Path = ROOT) -> Result:
    """A piece in a process of its own, from the tree at `root`."""
    argv = [sys.executable, "-m", "tests.chaos.piece", json.dumps(asdict(plan))]
    ended = subprocess.run(
        argv, cwd=root, capture_output=True, text=True, timeout=2 * PIECE_S, env=_environment()
    )
    if ended.returncode:
        raise SystemExit(
            f"seed {plan.seed} stumbled:\n{ended.stdout[-2000:]}{ended.stderr[-4000:]}"
        )
    return _result(ended.stdout.splitlines()[-1])


def _environment() -> dict[str, str]:
    """Without what a test run around us has set."""
    ours = {"DATABASE_URL", "VAR_DIR", "DJANGO_SETTINGS_MODULE", "STORAGE_URL", "CACHE_URL"}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _result(text: str) -> Result:
    told = json.loads(text)
    return Result(**{**told, "plan": Plan(**told["plan"])})


def all_caught(names: list[str], folder: Path) -> bool:
    found = [caught(name, folder) for name in names]  # all of them run, also after a miss
    return all(found)


def caught(name: str, folder: Path) -> bool:
    """The mutant's piece breaks the promise that it should."""
    done = folder / f"mutant {name}"
    if not done.exists():
        lines = _broken_by(MUTANTS[name])
        done.write_text(json.dumps(lines))
    lines = json.loads(done.read_text())
    found = [line for line in lines if MUTANTS[name].caught in line]
    print(f"mutant {name}: {found[0] if found else f'NOT CAUGHT {lines[:3]}'}", flush=True)
    return bool(found)


def _broken_by(mutant: Mutant) -> list[str]:
    tree = Path(tempfile.mkdtemp(prefix="parterre-mutant-"))
    try:
        tree_with(mutant, tree)
        plan = Plan(seed=5, generations=350, each=1, strikes=2, over_s=50, rest_s=120,
                    spoil=mutant.spoil, asleep=mutant.asleep)  # fmt: skip
        return run(plan, tree).broken
    finally:
        shutil.rmtree(tree)


def print_piece(result: Result) -> None:
    plan = result.plan
    deaths = sum(result.kills.values()) + len(result.struck)
    print(
        f"seed {plan.seed} ({plan.database}, callbacks {plan.rings}): {result.seconds} s, "
        f"{result.figures.get('jobs', 0)} jobs, {deaths} deaths ({result.stops} asleep), "
        f"{len(result.broken)} broken promises",
        flush=True,
    )
    print(f"    {result.figures}\n    {result.kills}", flush=True)
    for line in result.broken[:20]:
        print(f"    {line}", flush=True)
    if result.broken:
        print(f"    again: python -m tests.chaos --seed {plan.seed}", flush=True)


def print_whole(results: list[Result]) -> bool:
    """The figures of all pieces; False when a promise was broken, or a failpoint hit too seldom."""
    kills: Counter[str] = Counter()
    figures: Counter[str] = Counter()
    for result in results:
        kills.update(result.kills)
        figures.update(result.figures)
    seldom = [name for name in NAMES if kills[name] < LEAST]
    strokes = sum(len(result.struck) for result in results)
    broken = [line for result in results for line in result.broken]
    print("deaths at each failpoint: " + ", ".join(f"{name} {kills[name]}" for name in NAMES))
    print(f"{sum(kills.values())} there and {strokes} at random; all figures: {dict(figures)}")
    for word in ("double charge", "lost refund", "second submit", "second job", "unresolved"):
        print(f"{sum(word in line for line in broken)} {word}s")
    print(f"{len(broken)} broken promises; seldom hit: {seldom or 'none'}")
    return not broken and not seldom


if __name__ == "__main__":
    sys.exit(main())
