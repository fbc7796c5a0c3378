"""Days that nothing can be said of: a sentence with the days there are, the same from every command."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from segmentation.analysis import NOTHING, Analysis, StudySettings
from segmentation.analysis.repurchase import REPURCHASE
from segmentation.customers import BeforeFirstOrder
from segmentation.errors import DataError
from segmentation.health import health_of
from segmentation.kpis import Period
from segmentation.workspace import Workspace
from tests.segmentation.shops import line, store

Tessera = Callable[..., tuple[int, str, str]]

ORDERS = [
    line(f"C{customer}", f"{customer}-{number}", f"2026-0{number + 2}-{customer % 27 + 1:02d}", "20", product="Tea")
    for customer in range(60)
    for number in range(customer % 3 + 1)
]
DATED = ("study", "prove", "clv", "churn", "repurchase", "report")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "w")


@pytest.mark.parametrize("day", ["1999-12-31", "2026-01-31", "2026-02-01"])
@pytest.mark.parametrize("command", DATED)
def test_a_day_by_which_nobody_had_ordered_is_refused(
    workspace: Workspace, tessera: Tessera, command: str, day: str
) -> None:
    store(workspace, ORDERS)
    out = ("--out", workspace.root / "report.html") if command == "report" else ()
    code, said, _ = tessera(command, "Shop", "--workspace", workspace.root, "--as-of", day, *out, "--json")
    error = json.loads(said)["error"]
    assert (code, error["code"]) == (1, "before_first_order")
    assert error["fact"] == f"Nobody had ordered yet when {date.fromisoformat(day):%d %b %Y} began."
    assert error["evidence"] == "The orders are from 01 Feb 2026 to 27 Apr 2026."
    assert "--as-of 2026-02-02" in error["next_step"]
    assert not (workspace.root / "report.html").exists()


@pytest.mark.parametrize("command", ["clv", "churn", "repurchase"])
def test_the_first_day_that_is_offered_is_taken(workspace: Workspace, tessera: Tessera, command: str) -> None:
    store(workspace, ORDERS)
    assert tessera(command, "Shop", "--workspace", workspace.root, "--as-of", "2026-02-02")[0] == 0


def test_a_shop_of_one_day_says_which(workspace: Workspace) -> None:
    version = store(workspace, [line("C1", "1", "2026-03-05", "20")])
    with pytest.raises(BeforeFirstOrder, match="The orders are all of 05 Mar 2026"):
        Analysis.of(workspace, version, version.manifest.first)
    assert Analysis.of(workspace, version).as_of == date(2026, 3, 6)


def test_what_the_models_learn_from_ends_between_two_days_of_orders(workspace: Workspace, tessera: Tessera) -> None:
    store(workspace, [line("C1", "1", "2026-03-05", "20")], name="One day")
    store(workspace, ORDERS)
    asked = ("--workspace", workspace.root, "--calibration-end")
    for day in ("2026-03-05", "2020-01-01"):
        code, _, said = tessera("clv", "One day", *asked, day)
        assert code == 1
        assert "too few days of orders" in said
        assert "Leave --calibration-end away" in said
    code, _, said = tessera("clv", "Shop", *asked, "2020-01-01")
    assert code == 2
    assert "--calibration-end cannot be 2020-01-01." in said
    assert "between 2026-02-01 and 2026-04-26" in said
    assert "datetime" not in said
    assert tessera("clv", "Shop", *asked, "2026-04-26")[0] == 0


def test_every_answer_about_a_shop_of_guests_is_an_answer_or_a_sentence(workspace: Workspace) -> None:
    guests = [line(None, str(number), f"2026-0{number % 9 + 1}-11", "20", product="Tea") for number in range(80)]
    shop = Analysis.of(workspace, store(workspace, guests))
    period = Period(shop.version.manifest.first, shop.version.manifest.last)
    asked: dict[str, Callable[[], object]] = {
        "customers": shop.customers,
        "purchases": shop.purchases().get,
        "facets": shop.facets().get,
        "number": lambda: shop.number().get(),
        "study": lambda: shop.study(StudySettings(segments=3)),
        "reach": shop.reach,
        "clv": shop.clv().get,
        "churn": shop.churn().get,
        "repurchase": shop.answer(REPURCHASE, NOTHING).get,
        "look back": shop.look_back(30).get,
        "past campaigns": shop.past_campaigns().get,
        "overview": shop.overview(period).get,
        "health": health_of(shop).get,
        "assumptions": shop.assumptions,
    }
    for name, ask in asked.items():
        if name in {"customers", "facets", "number", "study", "reach", "look back"}:
            with pytest.raises(DataError, match="customers with an order"):
                ask()
        else:
            ask()


def test_before_the_first_customer_of_a_shop_that_had_guests_it_says_so(workspace: Workspace) -> None:
    guests = [line(None, f"g{number}", "2026-01-11", "20", product="Tea") for number in range(8)]
    shop = Analysis.of(workspace, store(workspace, [*guests, *ORDERS]), date(2026, 1, 20))
    with pytest.raises(DataError, match="customers with an order"):
        shop.facets().get()
    assert shop.at(shop.as_of + timedelta(days=60)).facets().get().found
