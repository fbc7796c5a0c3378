"""The margin of a shop: which lines it is measured on, what counts before it, and what the commands reckon with."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from segmentation.analysis import Analysis
from segmentation.assumptions import USUAL, Assumptions, Margin
from segmentation.cli import main
from segmentation.kpis import Period
from segmentation.workspace import StatedAssumptions, Workspace
from tests.dashboard.shops import write_shop
from tests.segmentation.shops import Line, line, store


def sold(customer: str | None, order: str, day: str, amount: str, cost: str | None) -> Line:
    return line(customer, order, day, amount, cost=None if cost is None else Decimal(cost))


LINES = [
    sold("ann", "1", "2025-03-01", "100", "10"),  # more than a year before the last order: does not count
    sold("ann", "2", "2025-11-02", "100", "60"),  # the first day that counts
    sold(None, "3", "2026-02-01", "100", "40"),  # a guest counts
    sold("bob", "4", "2026-03-01", "900", None),  # no cost: does not count
    sold("ann", "5", "2026-04-01", "100", "80"),
    sold("ann", "5", "2026-04-03", "-100", "-80"),  # a refund takes its sale back
    sold("bob", "6", "2026-11-01", "100", "70"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "w")


def test_the_margin_is_measured_on_the_lines_with_a_cost_of_the_year_before_the_date(workspace: Workspace) -> None:
    shop = Analysis.of(workspace, store(workspace, LINES))
    assert shop.as_of == date(2026, 11, 2)
    assert shop.assumptions().margin == Margin(round(1 - 170 / 300, 2), "measured")
    earlier = shop.at(date(2026, 11, 1))  # without the last order, with the first day of the year before
    assert earlier.assumptions().margin == Margin(0.5, "measured")


def test_it_is_the_margin_rate_that_the_overview_shows_for_the_same_year(workspace: Workspace) -> None:
    shop = Analysis.of(workspace, write_shop(workspace, customers=120))
    last = shop.version.manifest.last
    rate = shop.overview(Period(date.fromordinal(last.toordinal() - 364), last)).get().now.margin_rate
    assert shop.measured_margin() == pytest.approx(rate.value, abs=0.005)


def test_nothing_is_known_of_the_days_after_the_last_order(workspace: Workspace) -> None:
    shop = Analysis.of(workspace, store(workspace, LINES))
    assert shop.at(date(2029, 1, 1)).measured_margin() == shop.measured_margin()


@pytest.mark.parametrize(
    ("cost", "rate", "share"), [("130", -0.3, 0.0), ("250", -1.5, 0.0), ("-50", 1.5, 1.0), ("0", 1.0, 1.0)]
)
def test_a_margin_is_never_below_nothing_or_above_all_and_the_rate_is_kept_beside_it(
    workspace: Workspace, cost: str, rate: float, share: float
) -> None:
    shop = Analysis.of(workspace, store(workspace, [sold("ann", "1", "2026-01-01", "100", cost)]))
    assert shop.measured_margin() == rate
    assert shop.assumptions().margin == Margin(share, "measured", None if rate == share else rate)
    assert shop.assume(save_rate=0.2).margin.share == share


@pytest.mark.parametrize(
    "lines",
    [
        [sold("ann", "1", "2026-01-01", "100", None)],
        [sold("ann", "1", "2024-01-01", "100", "40"), sold("ann", "2", "2026-01-01", "100", None)],
        [sold("ann", "1", "2026-01-01", "100", "40"), sold("ann", "1", "2026-01-02", "-100", "-40")],
    ],
    ids=["no column", "too long ago", "all refunded"],
)
def test_where_no_revenue_of_the_year_has_a_cost_nothing_is_measured(workspace: Workspace, lines: list[Line]) -> None:
    shop = Analysis.of(workspace, store(workspace, lines))
    assert shop.assumptions().margin == Margin(0.3, "assumed")
    assert shop.assume(margin=0.42).margin == Margin(0.42, "stated")
    assert shop.assumptions().margin == Margin(0.42, "stated")


def test_costs_that_a_later_version_brings_count_before_what_was_stated_without_them(workspace: Workspace) -> None:
    bare = Analysis.of(workspace, store(workspace, [sold("ann", "1", "2026-01-01", "100", None)]))
    bare.assume(margin=0.42)
    richer = Analysis.of(workspace, store(workspace, [sold("ann", "1", "2026-01-01", "100", "40")]))
    assert richer.assumptions().margin == Margin(0.6, "measured")
    richer.assume(save_rate=0.2)
    assert StatedAssumptions(workspace, richer.version.dataset_id).current() == Assumptions(margin=0.42, save_rate=0.2)
    assert richer.assume(margin=0.5).margin == Margin(0.5, "stated")


# Commands -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A shop with unit costs, and one without."""
    workspace = Workspace.open(tmp_path_factory.mktemp("assumed"))
    write_shop(workspace, "Costs", customers=900)
    write_shop(workspace, "Bare", customers=900, costs=False)
    return workspace


@pytest.fixture
def tessera(shops: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TESSERA_HOME", str(shops.root))

    def call(*words: str, code: int = 0) -> dict:
        assert main([*words, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    yield call
    for version in shops.datasets():
        StatedAssumptions(shops, version.dataset_id).state(
            margin=None, margin_over_costs=False, offer_cost=USUAL.offer_cost, save_rate=USUAL.save_rate
        )


def test_the_commands_say_which_margin_they_reckon_with_and_where_it_is_from(tessera, tmp_path: Path) -> None:
    for name, margin in (
        ("Costs", {"value": 0.4, "source": "measured"}),
        ("Bare", {"value": 0.3, "source": "assumed"}),
    ):
        clv, churn = tessera("clv", name), tessera("churn", name)
        report = tessera("report", name, "--out", str(tmp_path / f"{name}.html"))
        assert [one["assumptions"]["margin"] for one in (clv, churn, report)] == [margin] * 3
        assert clv["lifetime_value"]["margin"] == churn["policy"]["settings"]["margin"] == margin["value"]


def test_a_shop_that_sells_below_cost_is_told_so_by_the_commands(
    tessera, shops: Workspace, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_shop(shops, "Below", customers=900, cost_share="1.3")
    said = "The unit costs give a margin of -30 %; 0 % is used."
    for words in (("clv", "Below"), ("churn", "Below")):
        assert tessera(*words)["assumptions"]["margin"] == {"value": 0.0, "source": "measured", "measured": -0.3}
        assert main([*words]) == 0
        assert said in capsys.readouterr().out.replace("\u00a0", " ")
    assert main(["clv", "Below", "--margin", "0.2"]) == 0
    assert said not in capsys.readouterr().out.replace("\u00a0", " ")


def test_a_flag_counts_for_that_call_only(tessera, shops: Workspace) -> None:
    usual = tessera("clv", "Bare")["lifetime_value"]["total"]["value"]
    doubled = tessera("clv", "Bare", "--margin", "0.6")
    assert doubled["lifetime_value"]["total"]["value"] == pytest.approx(2 * usual)
    assert doubled["value"] == tessera("clv", "Bare")["value"]  # revenue has no margin
    churn = tessera("churn", "Costs", "--margin", "0.5", "--offer-cost", "2", "--save-rate", "0.2")
    assert churn["policy"]["settings"] == {"offer_cost": 2.0, "save_rate": 0.2, "margin": 0.5}
    assert churn["policy"]["assumed"] == []
    assert all(StatedAssumptions(shops, one.dataset_id).current() == USUAL for one in shops.datasets())


def test_what_was_stated_counts_unless_a_flag_says_otherwise(tessera, shops: Workspace) -> None:
    StatedAssumptions(shops, shops.latest("Bare").dataset_id).state(margin=0.45, offer_cost=7.0)
    stated = tessera("churn", "Bare")
    assert stated["policy"]["settings"] == {"offer_cost": 7.0, "save_rate": 0.1, "margin": 0.45}
    said = " ".join(stated["policy"]["assumed"]).replace("\u00a0", " ")
    assert "An offer costs" not in said
    assert "€ 7, as stated for this shop." in said
    assert "Save rate: 10 % of those who would leave." in said
    assert "The margin is 45 %, as stated for this shop." in said
    assert tessera("churn", "Bare", "--offer-cost", "3")["policy"]["settings"]["offer_cost"] == 3.0


@pytest.mark.parametrize("words", [("--margin", "1.5"), ("--margin", "nan"), ("--discount", "-1")])
def test_a_flag_that_cannot_be_is_refused(tessera, words: tuple[str, str]) -> None:
    assert words[0].strip("-") in tessera("clv", "Bare", *words, code=2)["error"]["fact"]
