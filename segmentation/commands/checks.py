"""What a dataset can and cannot answer, from the command line."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from segmentation import formats
from segmentation import health as room
from segmentation.commands.opening import opened_shop
from segmentation.commands.result import Result
from segmentation.commands.revenue_change import change_json
from segmentation.customers import ground
from segmentation.health import ENOUGH, Finding, Gate, Health
from segmentation.report.compose import last_year, why_changed


def health(options: argparse.Namespace) -> Result:
    """The gates of a dataset, and what is worth a look in it."""
    shop = opened_shop(options)
    version, check, stated = shop.version, room.health_of(shop).get(), shop.stated()
    gates = room.gates(check, stated)
    notes = room.findings(check)
    body = {
        "dataset": version.name,
        "version": version.number,
        "period": [check.first.isoformat(), check.last.isoformat()],
        "days": check.days,
        "customers": check.customers,
        "repeat_customers": check.repeat_customers,
        "orders": check.orders,
        "guest_orders": check.guest_orders,
        "gaps": [[gap.first.isoformat(), gap.last.isoformat()] for gap in check.gaps],
        "columns": {one.column: {"filled": one.filled, "of": one.of} for one in check.columns},
        "gates": [asdict(gate) for gate in gates],
        "basis": ground(column=check.consent.column, refusals=check.consent.refused > 0, stated=stated).to_json(),
        "findings": [asdict(note) for note in notes],
        "revenue_change": change_json(why_changed(shop, last_year(shop)), version.manifest.currency),
    }
    return Result(body, _told(version.name, check, gates, notes))


def _told(name: str, health: Health, gates: tuple[Gate, ...], notes: tuple[Finding, ...]) -> str:
    passed = sum(gate.verdict == ENOUGH for gate in gates)
    size = f"{formats.count(health.customers, 'customer')}, {formats.count(health.orders, 'order')}"
    lines = [
        f"{name}: {size}, {formats.period(health.first, health.last)}",
        f"{passed} of {len(gates)} analyses available.",
        "",
    ]
    for gate in gates:
        lines.append(f"{gate.verdict:<14}{gate.name}: {gate.evidence}")
        if gate.costs:
            lines += [f"{'':<14}{gate.costs}", f"{'':<14}Needs: {gate.threshold}. {gate.next_step}"]
    if notes:
        lines += ["", "Data warnings", *(f"  {note.title}: {note.sentence}" for note in notes)]
    return "\n".join(lines)
