"""Several tables of one shop imported at once: no amount multiplied, none lost, nobody mixed up, without a word.

`TESSERA_TRUTH=full` tries all sets; otherwise a tenth.
"""

from __future__ import annotations

import json
import os
from functools import cache

import duckdb
import pytest

from tests.truth.strangers.judge import own_home, run
from tests.truth.strangers.tables import KEYS, SETS, TableSet, table_set

pytestmark = pytest.mark.truth

STEP = 1 if os.environ.get("TESSERA_TRUTH") == "full" else 10
ASKED_AT_MOST = 0.1
_UNITS = "select sum(quantity)::double from read_parquet(?) where kind = 'sale' and part is null"


@cache
def _went(seed: int) -> tuple[str, str]:
    """How a set went: right, asked, refused or WRONG, and what is off."""
    made = table_set(seed)
    with own_home() as folder:
        paths = []
        for name, data in made.files:
            path = folder / name
            path.write_bytes(data)
            paths.append(str(path))
        code, said = run(["import", *paths, "--dataset", "Shop", "--json"])
        if code:
            error = json.loads(said)["error"]
            return "asked" if error.get("answers") else "refused", f"{error['fact']} {error['evidence']}"
        held = json.loads(said)
        lines = [str(path) for path in (folder / "home").glob("datasets/*/*/lines/*.parquet")]
        units = duckdb.execute(_UNITS, [lines]).fetchone()
    return _compared(made, held, float(units[0] or 0) if units else 0.0)


def _compared(made: TableSet, held: dict[str, object], units: float) -> tuple[str, str]:
    kept = held["revenue"]["kept"]  # type: ignore[index]
    off = []
    if abs(kept - made.cents / 100) > 0.001:
        off.append(f"revenue {kept} for {made.cents / 100}")
    for name, got, right in (
        ("customers", held["customers"], made.customers),
        ("orders", held["orders"], made.orders),
        ("units", units, made.units),
    ):
        if got != right:
            off.append(f"{name} {got} for {right}")
    return ("WRONG", "; ".join(off)) if off else ("right", "")


CHOSEN = tuple(seed for at, seed in enumerate(range(SETS)) if STEP == 1 or (at + at // STEP) % STEP == 0)


def test_every_kind_of_key_is_tried() -> None:
    assert {table_set(seed).keys for seed in CHOSEN} == set(KEYS)


def test_no_amount_is_multiplied_or_lost_without_a_word() -> None:
    wrong = {seed: said for seed in CHOSEN for kind, said in [_went(seed)] if kind == "WRONG"}
    assert wrong == {}


def test_seldom_is_anything_asked() -> None:
    asked = {seed: said for seed in CHOSEN for kind, said in [_went(seed)] if kind in {"asked", "refused"}}
    assert len(asked) <= max(1, ASKED_AT_MOST * len(CHOSEN)), asked
