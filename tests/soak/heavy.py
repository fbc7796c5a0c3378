"""The heavy work beside the visitors: one imports large files by the Import screen, another has large maps computed."""

from __future__ import annotations

import random
import time
from itertools import combinations, count
from pathlib import Path

from tests.soak.fetching import Failed
from tests.soak.shops import Shop
from tests.soak.visitor import Noted, Visitor

LONGEST = 900.0
"""Seconds that an import or a map may take beside everybody else."""
IMPORT_NOW, ANOTHER, CANCEL_MAP = "import_now", "another_file", "map_cancel"


class Span:
    """When a piece of heavy work began and ended, by `time.perf_counter`."""

    def __init__(self) -> None:
        self.begun, self.over = time.perf_counter(), float("inf")

    def end(self) -> None:
        self.over = time.perf_counter()

    def covers(self, at: float) -> bool:
        return self.begun <= at <= self.over


async def import_again_and_again(address: str, export: Path, noted: Noted, until: float) -> list[Span]:
    """Drop the export and import it as a new shop, one after the other; the last one may be cut off by the end."""
    spans: list[Span] = []
    visitor = Visitor("importer", address, [Shop("", "", {})], noted, random.Random(0))
    tab = visitor.tab
    try:
        await tab.open("import")
        for number in count(1):
            if time.perf_counter() > until:
                break
            span = Span()
            spans.append(span)
            await tab.drop(export, f"large {number}.csv")
            await tab.until(lambda: tab.has(IMPORT_NOW), LONGEST)
            await tab.change(IMPORT_NOW, True)
            await tab.until(lambda: tab.has(ANOTHER), LONGEST)
            span.end()
            await tab.change(ANOTHER, True)
    except Failed as problem:
        visitor.fail(problem)
    finally:
        await visitor.leave()
    return spans


async def map_again_and_again(address: str, shop: str, noted: Noted, until: float) -> list[Span]:
    """Have the map of a large shop computed, by other features each time."""
    spans: list[Span] = []
    visitor = Visitor("mapper", address, [Shop(shop, "", {})], noted, random.Random(0))
    tab = visitor.tab
    try:
        await tab.open("segments", shop=shop)
        everything = [option.content for option in tab.widget("features").options]
        others = (list(some) for size in range(len(everything) - 1, 1, -1) for some in combinations(everything, size))
        while True:
            span = Span()
            spans.append(span)
            await tab.until(lambda: not tab.has(CANCEL_MAP), LONGEST)
            span.end()
            if time.perf_counter() > until:
                break
            await tab.change("features", next(others))
    except Failed as problem:
        visitor.fail(problem)
    finally:
        await visitor.leave()
    return spans
