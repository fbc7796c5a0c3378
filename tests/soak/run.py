"""`make soak`: fifty visitors of one server while somebody imports two million lines and a large map is computed.

First it measures what one visitor alone waits for, then the same under load, then lists that are nearly equal. Prints
the figures, writes soak.json, and exits with 1 where one was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from segmentation.workspace import Workspace
from tests.benchmarks.orders import write_lines
from tests.browser import serving
from tests.hostile_files import children, watched
from tests.soak import heavy, machine, shops, twins
from tests.soak.shops import Shop
from tests.soak.visitor import SCREENS, Answer, Noted, Visitor

RESULT = Path(__file__).resolve().parents[2] / "soak.json"
LARGE_SHOP = "Large shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything. `think` is the pause before each thing a visitor does: seconds at least and at most."""

    visitors: int = 50
    seconds: float = 600
    idle_seconds: float = 60
    think: tuple[float, float] = (4.0, 12.0)
    shops: int = len(shops.MARKS)
    customers: int = 6_000
    import_lines: int = 2_000_000
    map_customers: int = 100_000
    twins: int = 10
    times: int = 20


@dataclass
class Outcome:
    """What was measured."""

    idle: Noted = field(default_factory=Noted)
    load: Noted = field(default_factory=Noted)
    near: Noted = field(default_factory=Noted)
    downloads: list[str] = field(default_factory=list)
    spans: dict[str, list[heavy.Span]] = field(default_factory=dict)
    server: int = 0
    memory: int = 0
    log: str = ""
    busy: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    goal: str
    met: bool


def measure(size: Size, folder: Path) -> Outcome:
    """Set the shops up, start the server as `tessera app` does, and let the visitors in."""
    workspace = Workspace.open(folder / "workspace")
    known = [shops.write(folder, place, customers=size.customers) for place in range(size.shops)]
    alike = [shops.write_twin(folder, place) for place in range(size.twins)]
    for shop, path in [*known, *alike]:
        shops.bring_in(workspace, shop, path)
    export = folder / "large.csv"
    if size.map_customers:
        write_lines(export, size.map_customers * 4, size.map_customers)
        shops.bring_in(workspace, Shop(LARGE_SHOP, "", {}), export)
    if size.import_lines:
        write_lines(export, size.import_lines, size.import_lines // 25)
    found = Outcome()
    with serving.server(workspace.root) as address:
        found.server = children(os.getpid())[0]
        with watched(found.server, every=0.5) as taken:
            asyncio.run(_visit(size, address, [one for one, _ in known], [one for one, _ in alike], export, found))
    found.memory = taken.memory
    found.log = (folder / f"{workspace.root.name}-server.log").read_text(encoding="utf-8")
    return found


async def _visit(
    size: Size, address: str, known: Sequence[Shop], alike: Sequence[Shop], export: Path, found: Outcome
) -> None:
    await _see_everything(address, known, found)
    if size.idle_seconds:
        found.busy.append(_machine("before one visitor alone"))
        await _alone(size, address, known, found)
    found.busy.append(_machine("before the load"))
    before = machine.spent(found.server)
    await _together(size, address, known, export, found)
    found.busy.append(_machine("after the load"))
    found.busy.append(f"processor time under load: {machine.spent(found.server).shares(before)}")
    print(found.busy[-1], flush=True)
    print("Nearly equal lists …", flush=True)
    found.downloads = await twins.ask_for_each(address, alike, found.near, size.times)


async def _see_everything(address: str, known: Sequence[Shop], found: Outcome) -> None:
    """Open every screen of every shop once: what is worked out once per import is no visitor's usual wait."""
    for shop in known:
        visitor = Visitor(f"first of {shop.name}", address, [shop], found.idle, random.Random(0))
        await visitor.tab.open("segments", shop=shop.name)
        for screen in SCREENS:
            await visitor.tab.turn_to(screen)
        await visitor.leave()


async def _alone(size: Size, address: str, known: Sequence[Shop], found: Outcome) -> None:
    await asyncio.sleep(5)
    visitor = Visitor("alone", address, known, found.idle, random.Random(1))
    await visitor.stay(time.perf_counter() + size.idle_seconds, (0.2, 0.6))


async def _together(size: Size, address: str, known: Sequence[Shop], export: Path, found: Outcome) -> None:
    until = time.perf_counter() + size.seconds
    visitors = [
        Visitor(f"visitor {at}", address, _some(known, at), found.load, random.Random(at))
        for at in range(size.visitors)
    ]
    imports = heavy.import_again_and_again(address, export, found.load, until)
    maps = heavy.map_again_and_again(address, LARGE_SHOP, found.load, until)
    beside = {"import": imports if size.import_lines else None, "map": maps if size.map_customers else None}
    under_way = {name: asyncio.create_task(one) for name, one in beside.items() if one is not None}
    for name in beside.keys() - under_way.keys():
        {"import": imports, "map": maps}[name].close()
    await asyncio.gather(*(visitor.stay(until, size.think) for visitor in visitors))
    found.spans = {name: await task for name, task in under_way.items()}


def _some(known: Sequence[Shop], at: int) -> list[Shop]:
    """A few of the shops, others for each visitor."""
    return [known[(at + step) % len(known)] for step in range(min(3, len(known)))]


def _machine(when: str) -> str:
    """What else the machine had to do, said at once."""
    said = f"{time.strftime('%H:%M:%S')} {when}: load average {' '.join(f'{one:.2f}' for one in os.getloadavg())}"
    print(said, flush=True)
    return said


# The figures ------------------------------------------------------------------------------------------------


def p95(seconds: Iterable[float]) -> float:
    """The time within which 95 of 100 answers came; 0 where there was none."""
    ordered = sorted(seconds)
    return ordered[math.ceil(0.95 * len(ordered)) - 1] if ordered else 0.0


def beside(found: Outcome) -> list[Answer]:
    """The answers that were given while an import or a map was under way."""
    spans = [span for kind in found.spans.values() for span in kind]
    return [one for one in found.load.answers if any(span.covers(one.at) for span in spans)]


def figures(size: Size, found: Outcome) -> list[Figure]:
    """The figures of what was measured against their goals."""
    load, parts = found.load, (found.idle, found.load, found.near)
    strayed = _all("foreign", parts)
    alone, loaded = p95(one.seconds for one in found.idle.answers), p95(one.seconds for one in beside(found))
    searched = sum(one.messages + one.downloads for one in parts)
    right, asked = found.downloads.count("right"), size.twins * size.times
    return [
        Figure(f"p95 of {size.visitors} visitors beside import and map, s", loaded, "≤ 2", loaded <= 2),
        Figure("the same, as a multiple of one visitor alone", loaded / (alone or 1), "≤ 2", loaded <= 2 * alone),
        Figure("Errors", len(load.errors + found.idle.errors + found.near.errors), "0", not _all("errors", parts)),
        Figure("Most memory of the server and its workers, GB", found.memory / 1e9, "≤ 4", found.memory <= 4e9),
        Figure("Messages and files that were searched", searched, "≥ 10000", searched >= 10_000),
        Figure("Of these with what belongs to another shop", len(strayed), "0", not strayed),
        Figure("Messages in which the shop's own stood", load.own, "> 0", load.own > 0),
        Figure("Wrong lists and look-ups", len(_all("wrong", parts)), "0", not _all("wrong", parts)),
        Figure(f"Nearly equal lists that were right, of {asked}", right, str(asked), right == asked),
    ]  # fmt: skip


def _all(name: str, parts: Iterable[Noted]) -> list[str]:
    return [one for part in parts for one in getattr(part, name)]


def main(arguments: list[str] | None = None) -> int:
    """Print the table and write soak.json; 1 when a figure was missed."""
    usual = Size()
    parser = argparse.ArgumentParser(prog="make soak", description="Fifty visitors beside an import and a map.")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="how long the load lasts (default: 600)")
    parser.add_argument("--visitors", type=int, default=usual.visitors)
    parser.add_argument("--think", type=float, nargs=2, default=usual.think, metavar="SECONDS", help="the pauses")
    options = parser.parse_args(arguments)
    size = Size(visitors=options.visitors, seconds=options.seconds, think=tuple(options.think))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="tessera-soak-") as folder:
        found = measure(size, Path(folder))
    table = figures(size, found)
    for line in kinds(found):
        print(line)
    for one in table:
        print(f"{'ok  ' if one.met else 'MISS'} {one.name:56} {one.value:10.3f}  goal {one.goal}")
    for problem in _all("errors", (found.idle, found.load, found.near))[:20]:
        print(f"error: {problem}")
    RESULT.write_text(json.dumps(_told(size, found, table), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    missed = [one for one in table if not one.met]
    print(f"{len(table) - len(missed)} of {len(table)} figures met; {RESULT.name} written.")
    return 1 if missed else 0


def kinds(found: Outcome) -> list[str]:
    """How long each kind of answer took, alone and beside the heavy work."""
    lines = [
        f"{'':12} {'alone':>22} {'together':>24}",
        f"{'':12} {'n':>6} {'p50':>7} {'p95':>7} {'n':>8} {'p50':>7} {'p95':>7}",
    ]
    for what in sorted({one.what for one in found.load.answers}):
        cells = []
        for answers in (found.idle.answers, beside(found)):
            seconds = sorted(one.seconds for one in answers if one.what == what)
            middle = seconds[len(seconds) // 2] if seconds else 0.0
            cells.append(f"{len(seconds):6} {middle:7.3f} {p95(seconds):7.3f}")
        lines.append(f"{what:12} {'   '.join(cells)}")
    spans = {name: [span.over - span.begun for span in kind] for name, kind in found.spans.items()}
    runs = sum(one.runs for one in (found.idle, found.load, found.near))
    lines.append(f"{runs} runs of the script and of its fragments")
    return [*lines, *(f"{name}: {len(one)} of {', '.join(f'{s:.0f}' for s in one)} s" for name, one in spans.items())]


def _told(size: Size, found: Outcome, table: Sequence[Figure]) -> dict[str, object]:
    return {
        "size": asdict(size),
        "cores": os.cpu_count(),
        "machine": found.busy,
        "figures": [asdict(one) for one in table],
        "kinds": kinds(found),
        "problems": {
            name: _all(name, (found.idle, found.load, found.near))[:100] for name in ("errors", "wrong", "foreign")
        },
    }


if __name__ == "__main__":
    sys.exit(main())
