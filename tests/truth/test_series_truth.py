"""Three exports of one shop, imported one after the other: never a sale twice, never one lost, without a word.

`TESSERA_TRUTH=full` tries all series; otherwise a tenth.
"""

from __future__ import annotations

import json
import os
from functools import cache

import pytest

from tests.truth.strangers.judge import own_home, run
from tests.truth.strangers.series import NUMBERS, SERIES, Series, series

pytestmark = pytest.mark.truth

STEP = 1 if os.environ.get("TESSERA_TRUTH") == "full" else 10
ASKED_AT_MOST = 0.1
_ANSWERS = ("--date-order", "--decimal", "--zone")


@cache
def _went(seed: int) -> tuple[str, str]:
    """How a series went: right, asked or WRONG, and what is off."""
    made = series(seed)
    with own_home() as folder:
        for at, data in enumerate(made.files):
            path = folder / f"export-{at}.csv"
            path.write_bytes(data)
            code, said = run(["import", str(path), "--dataset", "Shop", "--json"])
            if code:
                error = json.loads(said)["error"]
                return "asked" if error.get("answers") else "refused", f"file {at}: {error['fact']} {error['evidence']}"
        held = json.loads(said)
        now = next(one for one in json.loads(run(["versions", "Shop", "--json"])[1])["versions"] if one["current"])
    return _compared(made, {**now, "orders": held["orders"]})


def _compared(made: Series, now: dict[str, float]) -> tuple[str, str]:
    off = []
    if abs(now["revenue"] - made.cents / 100) > 0.001:
        off.append(f"revenue {now['revenue']} for {made.cents / 100}")
    if now["customers"] != made.customers:
        off.append(f"customers {now['customers']} for {made.customers}")
    if now["orders"] != made.orders:
        off.append(f"orders {now['orders']} for {made.orders}")
    return ("WRONG", "; ".join(off)) if off else ("right", "")


CHOSEN = {numbers: [s for s in range(SERIES) if NUMBERS[s % len(NUMBERS)] == numbers][::STEP] for numbers in NUMBERS}

TRIED = NUMBERS if STEP == 1 else ("padded", "yearly", "daily")


@pytest.mark.parametrize("numbers", TRIED)
def test_no_sale_is_lost_or_counted_twice_without_a_word(numbers: str) -> None:
    wrong = {seed: said for seed in CHOSEN[numbers] for kind, said in [_went(seed)] if kind == "WRONG"}
    assert wrong == {}


@pytest.mark.parametrize("numbers", TRIED)
def test_seldom_is_anything_asked(numbers: str) -> None:
    asked = {seed: said for seed in CHOSEN[numbers] for kind, said in [_went(seed)] if kind in {"asked", "refused"}}
    assert len(asked) <= max(1, ASKED_AT_MOST * len(CHOSEN[numbers])), asked
