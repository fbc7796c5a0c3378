"""Small shops on disk, with the gates the app would show for them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from segmentation.engine import DuckEngine
from segmentation.health import Gate, Health, gates, measure
from segmentation.workspace import DatasetVersion, Workspace
from tests.segmentation.shops import Line, line, store

LAST = date(2026, 10, 31)


def shop(
    customers: int, *, orders: int = 2, days: int = 800, guests: int = 0, **columns: object
) -> tuple[list[Line], list[Line]]:
    """`customers` with `orders` orders each, spread evenly over the last `days` days, and some guests."""
    lines = []
    total = customers * orders
    for number in range(total):
        day = LAST - timedelta(days=round((days - 1) * (1 - number / max(total - 1, 1))))
        amount = str(10 + number % 23)
        lines.append(line(f"c{number % customers}", f"o{number}", day.isoformat(), amount, **columns))
    lines += [line(None, f"g{i}", LAST.isoformat(), "12", **columns) for i in range(guests)]
    return lines, [{"customer_id": f"c{i}", "consent": i % 2 == 0} for i in range(customers)]


class Shop:
    """A stored shop with its gates."""

    def __init__(self, folder: Path, lines: list[Line], contacts: list[Line] | None = None) -> None:
        self.workspace = Workspace.open(folder / "workspace")
        self.version: DatasetVersion = store(self.workspace, lines, contacts)
        self.engine = DuckEngine.open(self.workspace.root)
        self.health: Health = measure(self.engine, self.version)
        self.gates: dict[str, Gate] = {gate.key: gate for gate in gates(self.health)}

    def verdict(self, key: str) -> str:
        return self.gates[key].verdict
