"""The gates of Worth and Churn: "not possible" where these refuse, "enough" only where nothing is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from segmentation.analysis import Analysis
from segmentation.churn import Definition, define, find_windows, next_orders
from segmentation.clv import fit_repeat_buying, fit_spending, purchases
from segmentation.estimates import Unknown
from segmentation.health import ENOUGH, NOT_POSSIBLE, THIN, Gate, Health, gates
from segmentation.health.gates import predict
from segmentation.health.returning import Known, Window, Windows
from tests.segmentation.health.stored import LAST, Shop, shop
from tests.segmentation.shops import Line, line

AS_OF = LAST + timedelta(days=1)


# What is missing, one thing at a time ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Health:
    """A shop of 800 days that lacks nothing, once `returning` says so."""
    found = Shop(tmp_path_factory.mktemp("rich"), *shop(40)).health
    known = Known(on=AS_OF, customers=500, returned=100, regular=100)
    then = AS_OF - timedelta(days=266)
    window = Window(start=AS_OF - timedelta(days=90), customers=200, ordered=100)
    enough = replace(
        found.returning,
        now=known,
        paid=50,
        then=replace(known, on=then, regular=1),
        year_ago=replace(known, on=AS_OF - timedelta(days=365)),
        again=100,
        windows=Windows(gaps=100, wished=90, days=90, learned=(window,), tested=window, earliest=window),
    )
    return replace(found, returning=enough)


def windows(days: int, ordered: int, silent: int) -> Window:
    return Window(start=AS_OF - timedelta(days=days), customers=ordered + silent, ordered=ordered)


def gate(health: Health, key: str) -> Gate:
    return next(one for one in gates(health) if one.key == key)


def of(health: Health, key: str, days: int = 800, **changed: Any) -> Gate:
    """The gate where `days` are covered and these figures differ; `now_…` and `then_…` are those of the customers."""
    before = health.returning
    parts: dict[str, dict[str, int]] = {"now": {}, "then": {}, "year": {}, "windows": {}}
    whole = {}
    for name, value in changed.items():
        part, _, field = name.partition("_")
        if part in parts and field and name != "year_ago":
            parts[part][field] = value
        else:
            whole[name] = value
    assert before.then is not None
    assert before.year_ago is not None
    after = replace(
        before,
        now=replace(before.now, **parts["now"]),
        then=replace(before.then, **parts["then"]),
        year_ago=replace(before.year_ago, **parts["year"]),
        windows=replace(before.windows, **parts["windows"]),
    )
    first = health.last - timedelta(days=days - 1)
    return gate(replace(health, first=first, returning=replace(after, **whole)), key)


def test_a_shop_that_lacks_nothing_passes(rich: Health) -> None:
    assert {key: gate(rich, key).verdict for key in ("worth", "worth_tested", "churn", "due")} == {
        "worth": ENOUGH,
        "worth_tested": ENOUGH,
        "churn": ENOUGH,
        "due": ENOUGH,
    }


@pytest.mark.parametrize(
    ("verdict", "changed", "said"),
    [
        (ENOUGH, {"days": 180}, ""),
        (THIN, {"days": 179}, "one season"),
        (THIN, {"now_customers": 499}, "few customers"),
        (THIN, {"now_returned": 99}, "few customers"),
        (THIN, {"now_regular": 0}, "few customers"),
        (THIN, {"paid": 49}, "the usual order"),
        (THIN, {"now_customers": 100, "now_returned": 50}, "few customers"),
        (NOT_POSSIBLE, {"now_customers": 99, "now_returned": 50}, "no value is shown"),
        (NOT_POSSIBLE, {"now_returned": 49}, "no value is shown"),
    ],
)
def test_worth_needs_customers_who_came_back_over_half_a_year(
    rich: Health, verdict: str, changed: dict[str, int], said: str
) -> None:
    found = of(rich, "worth", **changed)
    assert found.verdict == verdict
    assert said in found.costs
    assert bool(found.next_step) == (verdict != ENOUGH)


@pytest.mark.parametrize(
    ("verdict", "changed"),
    [
        (ENOUGH, {"days": 266 + 180}),
        (THIN, {"days": 266 + 179}),
        (THIN, {"then_customers": 499}),
        (THIN, {"then_returned": 99}),
        (THIN, {"then_regular": 0}),
        (THIN, {"then_customers": 100, "then_returned": 50}),
        (NOT_POSSIBLE, {"then_customers": 99, "then_returned": 50}),
        (NOT_POSSIBLE, {"then_returned": 49}),
        (NOT_POSSIBLE, {"then": None, "days": 83}),
    ],
)
def test_the_forecast_that_is_tested_needs_what_a_forecast_needs(
    rich: Health, verdict: str, changed: dict[str, Any]
) -> None:
    assert of(rich, "worth_tested", **changed).verdict == verdict


def test_a_short_history_says_how_far_back_exports_should_reach(rich: Health) -> None:
    assert "reaches back to 5 May 2026" in of(rich, "worth", days=100).next_step  # 180 days
    assert "reaches back to 4 Feb 2026" in of(rich, "worth_tested", days=100).next_step  # 270, of which 180 to learn
    assert "reaches back to 4 Feb 2026" in of(rich, "churn", days=100).next_step  # three windows of 90 days
    assert "reaches back to 5 May 2025" in of(rich, "due", days=300, year_ago=None).next_step


@pytest.mark.parametrize(
    ("verdict", "changed", "said"),
    [
        (THIN, {"now_customers": 499}, "few customers"),
        (THIN, {"windows_wished": 100}, "the shop's pauses ask for 100\u00a0days"),
        (THIN, {"days": 179}, "one season"),
        (NOT_POSSIBLE, {"windows_tested": windows(90, 99, 400)}, "cannot say who is slipping away"),
        (NOT_POSSIBLE, {"windows_tested": windows(90, 400, 99)}, "cannot say who is slipping away"),
        (NOT_POSSIBLE, {"windows_learned": (windows(180, 60, 400), windows(270, 39, 400))}, "cannot say"),
        (NOT_POSSIBLE, {"windows_earliest": windows(90, 0, 0)}, "cannot say"),
        (NOT_POSSIBLE, {"windows": Windows(gaps=99)}, "cannot say"),
    ],
)
def test_churn_needs_both_kinds_of_customers_in_whole_windows(
    rich: Health, verdict: str, changed: dict[str, Any], said: str
) -> None:
    found = of(rich, "churn", **changed)
    assert found.verdict == verdict
    assert said in found.costs


def test_windows_to_learn_from_count_together(rich: Health) -> None:
    assert of(rich, "churn", windows_learned=(windows(180, 60, 400), windows(270, 40, 400))).verdict == ENOUGH


def test_where_nearly_everyone_comes_back_fewer_days_are_the_way_out(rich: Health) -> None:
    assert "Choose fewer days" in of(rich, "churn", windows_tested=windows(90, 400, 99)).next_step
    assert "larger export" in of(rich, "churn", windows_tested=windows(90, 99, 400)).next_step


@pytest.mark.parametrize(
    ("verdict", "changed"),
    [
        (THIN, {"year_ago": None}),
        (THIN, {"year_regular": 99}),
        (THIN, {"again": 99}),
        (NOT_POSSIBLE, {"now_regular": 99}),
        (NOT_POSSIBLE, {"now_regular": 99, "year_ago": None}),
    ],
)
def test_an_order_is_due_where_customers_have_a_rhythm(rich: Health, verdict: str, changed: dict[str, Any]) -> None:
    assert of(rich, "due", **changed).verdict == verdict


# What the app then does -----------------------------------------------------------------------------------------


def regulars(customers: int, *, back: int, days: int, every: int, free: bool = False) -> list[Line]:
    """`customers` who begin on the first day, of whom the first `back` return every so many days until the last one,
    and pay nothing then where that is `free`."""
    lines = []
    for who in range(customers):
        for place, day in enumerate(range(0, days, every) if who < back else (0,)):
            at = LAST - timedelta(days=days - 1 - day)
            lines.append(
                line(f"c{who}", f"o{who}-{day}", at.isoformat(), "0" if free and place else str(9 + who % 8 + day % 3))
            )
    return [*lines, line("c0", "last", LAST.isoformat(), "12")]


@pytest.mark.parametrize(("customers", "back"), [(99, 60), (100, 49), (100, 50), (600, 120)])
def test_worth_refuses_where_its_gate_is_shut(tmp_path: Path, customers: int, back: int) -> None:
    one = Shop(tmp_path, regulars(customers, back=back, days=200, every=70))
    refused = fit_repeat_buying(purchases(one.engine, one.version, AS_OF))
    assert (one.verdict("worth") == NOT_POSSIBLE) == (isinstance(refused, Unknown) and "are needed" in refused.reason)


@pytest.mark.parametrize("free", [True, False])
def test_without_paid_returns_every_order_is_the_usual_one(tmp_path: Path, free: bool) -> None:
    one = Shop(tmp_path, regulars(510, back=120, days=200, every=70, free=free))
    usual = isinstance(fit_spending(purchases(one.engine, one.version, AS_OF)), Unknown)
    assert one.verdict("worth") == (THIN if usual else ENOUGH)
    assert ("usual order" in one.gates["worth"].costs) == usual == free


@pytest.mark.parametrize(
    ("customers", "back", "days"), [(120, 60, 83), (120, 60, 84), (120, 49, 300), (520, 110, 280), (520, 110, 200)]
)
def test_the_test_of_a_forecast_is_shown_where_its_gate_is_open(
    tmp_path: Path, customers: int, back: int, days: int
) -> None:
    one = Shop(tmp_path, regulars(customers, back=back, days=days, every=40))
    found = Analysis.of(one.workspace, one.version, AS_OF, one.engine).clv().get().holdout
    refused = isinstance(found, Unknown) and "needed" in found.reason
    assert (one.verdict("worth_tested") == NOT_POSSIBLE) == refused
    assert (one.verdict("worth_tested") == ENOUGH) == (customers == 520 and days == 280)


@pytest.mark.parametrize(
    ("customers", "back", "days", "verdict"),
    [
        (210, 105, 89, NOT_POSSIBLE),
        (210, 105, 90, THIN),
        (199, 99, 120, NOT_POSSIBLE),
        (199, 100, 120, NOT_POSSIBLE),
        (200, 100, 120, THIN),
        (520, 110, 200, ENOUGH),
    ],
)
def test_churn_refuses_where_its_gate_is_shut(
    tmp_path: Path, customers: int, back: int, days: int, verdict: str
) -> None:
    one = Shop(tmp_path, regulars(customers, back=back, days=days, every=40))
    found: object = define(one.engine, one.version, AS_OF)
    if isinstance(found, Definition):
        found = find_windows(one.workspace, one.engine, one.version, AS_OF, found.days)
    assert one.verdict("churn") == verdict
    assert (verdict == NOT_POSSIBLE) == isinstance(found, Unknown)


def test_churn_does_not_learn_from_a_time_in_which_only_guests_ordered(tmp_path: Path) -> None:
    guest = line(None, "guest", (LAST - timedelta(days=119)).isoformat(), "12")
    one = Shop(tmp_path, [guest, *regulars(210, back=105, days=70, every=25)])
    found = one.health.returning.windows
    assert min(found.learned[0].ordered, found.learned[0].silent) >= predict.EACH
    assert one.verdict("churn") == NOT_POSSIBLE
    assert "no customer was known yet" in one.gates["churn"].evidence
    assert isinstance(find_windows(one.workspace, one.engine, one.version, AS_OF, 30), Unknown)


@pytest.mark.parametrize(
    ("back", "days", "verdict"), [(99, 500, NOT_POSSIBLE), (100, 500, THIN), (100, 200, THIN), (100, 620, ENOUGH)]
)
def test_whose_order_is_due_is_said_and_checked_where_its_gate_says_so(
    tmp_path: Path, back: int, days: int, verdict: str
) -> None:
    one = Shop(tmp_path, regulars(120, back=back, days=days, every=70))
    found = next_orders(one.engine, one.version, AS_OF)
    assert one.verdict("due") == verdict
    assert (verdict == NOT_POSSIBLE) == isinstance(found, Unknown)
    if not isinstance(found, Unknown):
        assert (verdict == ENOUGH) == (not isinstance(found.summary.measured, Unknown))
