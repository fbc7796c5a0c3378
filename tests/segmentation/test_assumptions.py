"""The assumptions of a shop: which margin counts, what is refused, and what a text that cannot be read gives."""

from __future__ import annotations

import json

import pytest

from segmentation.assumptions import USUAL, USUAL_MARGIN, Assumptions, Margin, ShopAssumptions
from segmentation.churn import PolicySettings
from segmentation.clv import Terms
from segmentation.errors import SettingOutOfRange


def test_a_measured_margin_counts_before_the_usual_one() -> None:
    assert ShopAssumptions().margin == Margin(USUAL_MARGIN, "assumed")
    assert ShopAssumptions(measured=0.56).margin == Margin(0.56, "measured")


def test_a_stated_margin_counts_where_there_are_no_costs() -> None:
    assert ShopAssumptions().state(margin=0.45).margin == Margin(0.45, "stated")


def test_costs_that_come_later_count_before_a_margin_that_was_stated_without_them() -> None:
    before = ShopAssumptions().state(margin=0.45).values
    assert ShopAssumptions(values=before, measured=0.56).margin == Margin(0.56, "measured")
    assert ShopAssumptions(values=before, measured=0.56).kept({"save_rate"}).margin == 0.45


def test_a_margin_stated_over_the_costs_counts_until_it_is_put_back() -> None:
    stated = ShopAssumptions(measured=0.56).state(margin=0.45)
    assert stated.margin == Margin(0.45, "stated")
    assert stated.kept({"margin"}).margin == 0.45
    assert stated.state(margin=0.56).kept({"margin"}) == USUAL


@pytest.mark.parametrize(("rate", "used"), [(-0.3, 0.0), (-4.0, 0.0), (1.2, 1.0)])
def test_a_measured_rate_that_no_margin_can_be_is_said_beside_the_one_that_is_used(rate: float, used: float) -> None:
    shop = ShopAssumptions(measured=rate)
    assert shop.margin == Margin(used, "measured", rate)
    assert Terms.of(shop).margin == PolicySettings.of(shop).margin == used
    assert shop.to_json()["margin"] == {"value": used, "source": "measured", "measured": rate}
    said = f"The unit costs give a margin of {rate:.0%}; {used:.0%} is used.".replace("%", "\u00a0%")
    assert shop.margin.beyond() == said


@pytest.mark.parametrize(
    "shop",
    [
        ShopAssumptions(),
        ShopAssumptions(measured=0.0),
        ShopAssumptions(measured=1.0),
        ShopAssumptions(measured=0.56),
        ShopAssumptions(measured=-0.3).state(margin=0.2),
    ],
)
def test_of_any_other_margin_nothing_more_is_said(shop: ShopAssumptions) -> None:
    assert shop.margin.beyond() == ""
    assert set(shop.to_json()["margin"]) == {"value", "source"}


def test_clv_and_churn_are_reckoned_with_the_same_margin() -> None:
    shop = ShopAssumptions(measured=0.56).state(discount=0.2, offer_cost=7.0, save_rate=0.3)
    assert Terms.of(shop, 24) == Terms(margin=0.56, discount=0.2, months=24)
    assert PolicySettings.of(shop) == PolicySettings(offer_cost=7.0, save_rate=0.3, margin=0.56)


def test_of_a_shop_that_nobody_said_anything_about_the_terms_are_the_usual_ones() -> None:
    assert Terms.of(ShopAssumptions()) == Terms()
    assert PolicySettings.of(ShopAssumptions()) == PolicySettings()


def test_every_value_says_whether_somebody_stated_it() -> None:
    shop = ShopAssumptions(measured=0.56).state(save_rate=0.2, window_days=60)
    stated = {name for name, one in shop.to_json().items() if one["source"] == "stated"}
    assert stated == {"save_rate", "window_days"}
    assert shop.to_json()["margin"] == {"value": 0.56, "source": "measured"}


@pytest.mark.parametrize(
    "change",
    [
        {"uplift_low": 0.3},
        {"uplift_mid": 0.01},
        {"uplift_mid": 0.5},
        {"uplift_high": 0.01},
        {"uplift_low": 0.5, "uplift_high": 0.1},
    ],
)
def test_uplifts_out_of_order_are_refused_and_nothing_is_changed_for_them(change: dict[str, float]) -> None:
    with pytest.raises(SettingOutOfRange):
        USUAL.state(**change)


def test_an_uplift_in_its_place_leaves_the_others() -> None:
    found = USUAL.state(uplift_low=0.03)
    assert (found.uplift_low, found.uplift_mid, found.uplift_high) == (0.03, 0.05, 0.10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": 1.2},
        {"margin": float("nan")},
        {"uplift_low": 0.2, "uplift_mid": 0.1},
        {"uplift_mid": float("nan")},
        {"offer_kind": "gift"},
        {"offer_kind": "percent", "offer_value": 10.0},
        {"offer_cost": -1.0},
        {"save_rate": 1.1},
        {"contact_cost": -0.1},
        {"fixed_cost": 1e10},
        {"window_days": 0},
        {"discount": 2.0},
        {"acquisition_cost": -5.0},
    ],
)
def test_what_cannot_be_is_refused_at_birth(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingOutOfRange, match=next(reversed(wrong))):
        Assumptions(**wrong)  # type: ignore[arg-type]


def test_a_text_gives_the_assumptions_it_was_made_of_and_holds_only_what_was_stated() -> None:
    stated = USUAL.state(margin=0.0, offer_kind="percent", offer_value=0.1, window_days=60, margin_over_costs=True)
    assert Assumptions.from_text(stated.to_text()) == stated
    assert set(json.loads(stated.to_text())["stated"]) == {
        "margin", "margin_over_costs", "offer_kind", "offer_value", "window_days",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"margin"',
        b"\xff\xfe\x00",
        "{}",
        '{"layout": 1}',
        '{"layout": 0, "stated": {"margin": 0.5}}',
        '{"layout": 2, "stated": {"margin": 0.5}}',
        '{"layout": 1, "stated": null}',
        '{"layout": 1, "stated": {"margin": "0.5"}}',
        '{"layout": 1, "stated": {"margin": true}}',
        '{"layout": 1, "stated": {"margin": NaN}}',
        '{"layout": 1, "stated": {"margin": 1e999}}',
        '{"layout": 1, "stated": {"margin": [0.5]}}',
        '{"layout": 1, "stated": {"window_days": 30.5}}',
        '{"layout": 1, "stated": {"offer_kind": "gift"}}',
        '{"layout": 1, "stated": {"margin_over_costs": 1}}',
        "[" * 100_000,
    ],
)
def test_a_text_that_cannot_be_read_or_is_older_gives_the_usual_assumptions(text: str | bytes) -> None:
    assert Assumptions.from_text(text) == USUAL


def test_a_name_that_is_not_known_any_more_is_passed_over() -> None:
    text = '{"layout": 1, "stated": {"mood": "good", "save_rate": 0.2}}'
    assert Assumptions.from_text(text) == Assumptions(save_rate=0.2)
