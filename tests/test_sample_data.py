"""The sample shop says what its truth files say, and can be made again to the byte."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sample_data.generate import HEADER, generate

FOLDER = Path(__file__).resolve().parents[1] / "sample_data"
WRITTEN = ("orders.csv", "truth/customers.csv", "truth/campaign.csv", "truth/truth.json")
MOST_BYTES = 6_000_000
AMOUNTS = ["Unit price", "Discount", "Line total", "Unit cost"]


def _cents(text: pd.Series) -> pd.Series:
    """Amounts with two decimals as whole cents, without going through binary fractions."""
    return text.str.replace(".", "", regex=False).astype("int64")


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((FOLDER / "truth" / "truth.json").read_text(encoding="utf-8"))
    return facts


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """The export as text, with `day`, `pieces` and the amounts in cents beside it."""
    table = pd.read_csv(FOLDER / "orders.csv", dtype=str, keep_default_na=False, encoding="utf-8")
    cents = {f"{name} cents": _cents(table[name]) for name in AMOUNTS}
    return table.assign(day=pd.to_datetime(table["Order date"]), pieces=table["Quantity"].astype("int64"), **cents)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "truth" / "customers.csv", parse_dates=["joined", "dropped_out"])


@pytest.fixture(scope="module")
def once(rows: pd.DataFrame) -> pd.DataFrame:
    """Sales, paid or cancelled later, without the repeated rows: what customers set out to buy."""
    return rows[rows["Status"] != "refund"].drop_duplicates(list(HEADER))


def test_generating_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    generate(tmp_path)
    different = [name for name in WRITTEN if (tmp_path / name).read_bytes() != (FOLDER / name).read_bytes()]
    assert different == []


def test_another_seed_gives_another_shop(tmp_path: Path) -> None:
    generate(tmp_path, seed=1)
    assert (tmp_path / "orders.csv").read_bytes() != (FOLDER / "orders.csv").read_bytes()


def test_the_whole_folder_stays_within_six_megabytes() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


def test_the_shop_has_the_promised_size_and_period(rows: pd.DataFrame) -> None:
    assert tuple(rows.columns[: len(HEADER)]) == HEADER
    assert rows.loc[rows["Customer ID"] != "", "Customer ID"].nunique() == 6000
    assert 55_000 <= len(rows) <= 65_000
    assert (rows["day"].min(), rows["day"].max()) == (pd.Timestamp("2023-11-01"), pd.Timestamp("2026-10-31"))
    assert rows["Category"].nunique() == 8
    assert set(rows["Channel"]) == {"web", "store"}
    assert set(rows["Currency"]) == {"EUR"}


def test_every_line_total_is_quantity_times_price_minus_discount(rows: pd.DataFrame) -> None:
    assert all(rows[name].str.fullmatch(r"-?\d+\.\d\d").all() for name in AMOUNTS)
    expected = rows["pieces"] * rows["Unit price cents"] - rows["Discount cents"]
    assert (rows["Line total cents"] == expected).all()
    refund = rows["Status"] == "refund"
    assert (rows.loc[refund, "Line total cents"] < 0).all()
    assert (rows.loc[~refund, "Line total cents"] > 0).all()


def test_every_address_is_at_a_reserved_domain_and_belongs_to_one_customer(rows: pd.DataFrame) -> None:
    known = rows[rows["Customer ID"] != ""]
    shape = re.compile(r"[a-z]\d[a-z]\d@example\.(com|org|net)")
    assert all(shape.fullmatch(address) for address in known["Email"].unique())
    assert (
        known["Email"].nunique()
        == known["Customer ID"].nunique()
        == len(known[["Email", "Customer ID"]].drop_duplicates())
    )
    assert (known.groupby("Customer ID")["Accepts marketing"].nunique() == 1).all()
    assert (rows.loc[rows["Customer ID"] == "", "Email"] == "").all()


def test_the_counts_in_the_truth_are_those_of_the_export(rows: pd.DataFrame, truth: dict[str, Any]) -> None:
    totals, paid = truth["totals"], rows[rows["Status"] == "paid"]
    cancelled, refund = rows[rows["Status"] == "cancelled"], rows[rows["Status"] == "refund"]
    assert totals["rows"] == len(rows)
    assert totals["sale_rows"] == len(paid)
    assert totals["cancelled_rows"] == len(cancelled)
    assert totals["refund_rows"] == len(refund)
    assert totals["refund_rows_without_order"] == int((rows["Order ID"] == "").sum())
    assert totals["repeated_rows"] == int(rows.duplicated(list(HEADER)).sum())
    assert totals["guest_rows"] == int((rows["Customer ID"] == "").sum())
    assert totals["orders"] == paid["Order ID"].nunique()
    assert totals["guest_orders"] == paid.loc[paid["Customer ID"] == "", "Order ID"].nunique()
    assert totals["cancelled_orders"] == cancelled["Order ID"].nunique()
    assert set(paid["Order ID"]).isdisjoint(cancelled["Order ID"])


def test_the_revenue_in_the_truth_is_that_of_the_export(rows: pd.DataFrame, truth: dict[str, Any]) -> None:
    cents = {name: int(text.replace(".", "")) for name, text in truth["totals"]["revenue"].items()}
    total, status = rows["Line total cents"], rows["Status"]
    assert cents["file"] == total.sum()
    assert cents["cancelled"] == total[status == "cancelled"].sum()
    assert cents["kept"] == total[status != "cancelled"].sum()
    assert cents["refunds"] == total[status == "refund"].sum()
    assert cents["repeated"] == total[rows.duplicated(list(HEADER))].sum()


def test_a_refund_with_a_reference_gives_back_no_more_than_was_paid(rows: pd.DataFrame) -> None:
    keyed = rows[rows["Order ID"] != ""]
    refund = keyed[keyed["Status"] == "refund"].groupby(["Order ID", "Product"])["Line total cents"].sum()
    paid = keyed[keyed["Status"] == "paid"].groupby(["Order ID", "Product"])["Line total cents"].sum()
    assert (paid.reindex(refund.index) + refund >= 0).all()


def test_nobody_orders_before_joining_or_after_dropping_out(once: pd.DataFrame, customers: pd.DataFrame) -> None:
    days = once[once["Customer ID"] != ""].groupby("Customer ID")["day"].agg(["min", "max"])
    known = customers.set_index("customer_id").join(days)
    assert len(known) == len(days)
    assert (known["min"] == known["joined"]).all()
    gone = known["dropped_out"].notna()
    assert (known.loc[gone, "max"] <= known.loc[gone, "dropped_out"]).all()


def test_the_behaviours_can_be_told_apart_by_what_customers_did(once: pd.DataFrame, customers: pd.DataFrame) -> None:
    known = once[once["Customer ID"] != ""].merge(customers, left_on="Customer ID", right_on="customer_id")
    per = known.groupby(["behaviour", "Customer ID"]).agg(
        orders=("Order ID", "nunique"),
        breadth=("Category", "nunique"),
        total=("Line total cents", "sum"),
        discount=("Discount cents", "sum"),
        last=("day", "max"),
    )
    per["basket"] = per["total"] / per["orders"] / 100
    per["discounted"] = per["discount"] / (per["discount"] + per["total"])
    typical = per.groupby("behaviour").median(numeric_only=False)
    assert typical["orders"].idxmax() == "regular"
    assert typical["orders"].idxmin() == "newcomer"
    assert typical["discounted"].idxmax() == "bargain hunter"
    assert typical["basket"].idxmax() == "lapsed big basket"
    assert typical["last"].idxmin() == "lapsed big basket"
    assert typical["breadth"].idxmax() == "explorer"
    gifts = known[known["behaviour"] == "gift buyer"]
    assert gifts["day"].dt.month.isin([11, 12]).mean() > 0.9


def test_the_campaign_group_is_everyone_eligible_and_a_fifth_is_held_out(
    rows: pd.DataFrame, customers: pd.DataFrame, truth: dict[str, Any]
) -> None:
    campaign = pd.read_csv(FOLDER / "truth" / "campaign.csv")
    willing = set(rows.loc[rows["Accepts marketing"] == "yes", "Customer ID"])
    earlier = set(customers.loc[customers["joined"] < truth["campaign"]["sent"], "customer_id"])
    assert set(campaign["customer_id"]) == willing & earlier
    assert campaign["customer_id"].is_unique
    assert (campaign["group"] == "holdout").sum() == round(0.2 * len(campaign))


def test_the_campaigns_effect_comes_back_within_its_sampling_error(once: pd.DataFrame, truth: dict[str, Any]) -> None:
    planted = truth["campaign"]
    group = pd.read_csv(FOLDER / "truth" / "campaign.csv").set_index("customer_id")["group"]
    inside = once[once["day"].between(planted["sent"], planted["last_day"])]
    orders = inside.groupby("Customer ID")["Order ID"].nunique().reindex(group.index, fill_value=0)
    arms = orders.groupby(group).agg(["sum", "mean", "var", "size"])
    assert arms["sum"].to_dict() == {name: planted[name]["orders"] for name in ("holdout", "treated")}
    log_ratio = np.log(arms.loc["treated", "mean"] / arms.loc["holdout", "mean"])
    error = np.sqrt((arms["var"] / arms["size"] / arms["mean"] ** 2).sum())
    assert abs(log_ratio - np.log(1 + planted["true_uplift"])) < 2 * error
    assert log_ratio > 2 * error, "an effect this large must be visible against the holdout"


def test_there_was_no_difference_between_the_arms_before_the_campaign(
    once: pd.DataFrame, truth: dict[str, Any]
) -> None:
    sent = pd.Timestamp(truth["campaign"]["sent"])
    group = pd.read_csv(FOLDER / "truth" / "campaign.csv").set_index("customer_id")["group"]
    before = once[once["day"].between(sent - pd.Timedelta(days=90), sent - pd.Timedelta(days=1))]
    orders = before.groupby("Customer ID")["Order ID"].nunique().reindex(group.index, fill_value=0)
    arms = orders.groupby(group).agg(["mean", "var", "size"])
    gap = arms.loc["treated", "mean"] - arms.loc["holdout", "mean"]
    assert abs(gap) < 3 * np.sqrt((arms["var"] / arms["size"]).sum())


def test_demand_answers_to_prices_with_the_planted_elasticity(once: pd.DataFrame, truth: dict[str, Any]) -> None:
    """Share of the category's lines at each price, weighted least squares on logs, within three standard errors.

    A line was chosen before companions of a pair were added, so those are left out of the category's lines.
    """
    companions = {pair["second"] for pair in truth["pairs"]}
    for planted in truth["prices"]:
        chosen = once[(once["Category"] == planted["category"]) & ~once["Product"].isin(companions)]
        starts = pd.to_datetime([step["from"] for step in planted["prices"]])
        log_price = np.log([float(step["price"]) for step in planted["prices"]])
        epoch = np.searchsorted(starts, chosen["day"], side="right") - 1
        lines = np.bincount(epoch, minlength=len(starts))
        own = np.bincount(epoch[chosen["Product"] == planted["product"]], minlength=len(starts))
        weight = own / (1 - own / lines)
        centred = log_price - np.average(log_price, weights=weight)
        slope = (weight * centred * np.log(own / lines)).sum() / (weight * centred**2).sum()
        error = 1 / np.sqrt((weight * centred**2).sum())
        assert abs(slope - planted["elasticity"]) < 3 * error, planted["product"]
        assert error < 0.6, planted["product"]


def test_the_planted_pairs_stand_together_more_often_than_chance(once: pd.DataFrame, truth: dict[str, Any]) -> None:
    orders = once["Order ID"].nunique()
    having = once.groupby("Product")["Order ID"].agg(set)
    for pair in truth["pairs"]:
        first, second = having[pair["first"]], having[pair["second"]]
        together = len(first & second)
        assert together / len(first) >= 0.8 * pair["added_chance"], pair
        assert together > 3 * len(first) * len(second) / orders, pair


def test_the_store_is_shut_on_sundays_and_december_is_busier_than_july(once: pd.DataFrame) -> None:
    assert set(once.loc[once["day"].dt.day_of_week == 6, "Channel"]) == {"web"}
    months = once.groupby(once["day"].dt.month)["Order ID"].nunique()
    assert months[12] > 1.5 * months[7]


def test_the_text_looks_like_a_real_export(rows: pd.DataFrame) -> None:
    names = rows["Product"].unique()
    assert any('"' in name for name in names)
    assert any("," in name for name in names)
    assert any(not name.isascii() for name in names)
    assert not any(name.startswith(("=", "+", "-", "@")) for name in names)
