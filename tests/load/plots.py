"""The tables of docs/growth/ as pictures beside them: `python -m tests.load.plots`."""

import sys
from typing import Any

import matplotlib

from tests.load import tables
from tests.load.tables import FOLDER, Table

matplotlib.use("Agg")
from matplotlib import pyplot as plt

INCHES, DOTS_PER_INCH = (8, 5), 100
TIMES = {
    "list_ms": "first page of the API's list",
    "search_ms": "desk's search by an id",
    "sweep_pass_ms": "pass of the sweep, nothing due",
}


def main() -> int:
    for name, drawn in DRAWINGS.items():
        path = tables.FOLDER / f"{name}.tsv"
        if path.exists():
            machine, table = tables.read(path)
            for draw in drawn:
                draw(table, machine)
    return 0


def _times(rows: Table, machine: str) -> None:
    figure, axes = _frame("Times against rows", machine)
    for column in (column for column in TIMES if column in rows):
        axes.plot(rows["generations"], rows[column], marker="o", label=TIMES[column])
    axes.set(
        xscale="log", xlabel="generations in the database", ylabel="median, ms", ylim=(0, None)
    )
    _save(figure, axes, "times")


def _rate(rows: Table, machine: str) -> None:
    figure, axes = _frame("Jobs accepted against rows", machine)
    axes.plot(rows["generations"], rows["accepted_per_s"], marker="o", label="4 clients, no worker")
    axes.set(
        xscale="log", xlabel="generations in the database", ylabel="jobs a second", ylim=(0, None)
    )
    _save(figure, axes, "accepting")


def _memory(flight: Table, machine: str) -> None:
    """Until all are in flight; what comes later is another state with as many."""
    figure, axes = _frame("Memory against jobs in flight", machine)
    most = flight["in_flight"].index(max(flight["in_flight"])) + 1
    for name in ("web", "worker"):
        axes.plot(flight["in_flight"][:most], flight[f"{name}_mb"][:most], ".-", label=name)
    axes.set(
        xlabel="jobs in flight", ylabel="RSS of the process and its children, MB", ylim=(0, None)
    )
    _save(figure, axes, "memory")


def _course(flight: Table, machine: str) -> None:
    figure, axes = _frame("Jobs in flight, and all of them ended", machine)
    for name in ("accepted", "in_flight", "succeeded"):
        axes.plot(flight["seconds"], flight[name], label=name.replace("_", " "))
    axes.set(xlabel="seconds", ylabel="jobs", ylim=(0, None))
    late = axes.twinx()
    late.plot(flight["seconds"], flight["poll_late_s"], "k:", label="latest poll (right)")
    late.set(ylabel="seconds that the latest poll is late", ylim=(0, None))
    handles = [*axes.get_lines(), *late.get_lines()]
    under = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.12), "ncol": len(handles)}
    axes.legend(handles, [line.get_label() for line in handles], **under)
    _save(figure, None, "flight")


def _frame(title: str, machine: str) -> tuple[Any, Any]:
    figure, axes = plt.subplots(figsize=INCHES)
    axes.set_title(title, loc="left", fontweight="bold")
    axes.text(1, 1.02, machine, transform=axes.transAxes, ha="right", fontsize=8)
    axes.grid(alpha=0.3)
    return figure, axes


def _save(figure: Any, axes: Any, name: str) -> None:
    if axes:
        axes.legend()
    figure.tight_layout()
    figure.savefig(FOLDER / f"{name}.png", dpi=DOTS_PER_INCH)
    plt.close(figure)


# By the table that each is drawn from.
DRAWINGS = {"rows": (_times, _rate), "flight": (_memory, _course)}


if __name__ == "__main__":
    sys.exit(main())
