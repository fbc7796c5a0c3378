"""Lists of contacts and of campaigns, added to a shop that has orders."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from segmentation.errors import UnreadableFile
from segmentation.intake import import_files
from segmentation.workspace import Workspace
from tests.segmentation import platform_files as pf
from tests.segmentation.intake_files import TODAY, contacts, csv, lines, load, money, write

SHOP = csv(
    "1001,2026-09-13,ann@example.com,40.00", "1002,2026-09-14,bob@example.com,10.00",
    header="Order ID,Date,Email,Amount",
)  # fmt: skip


def test_a_list_of_shopify_customers_brings_consent_and_keeps_revenue_as_it_was(tmp_path: Path) -> None:
    before = load(tmp_path, SHOP)
    listed = pf.export(
        pf.SHOPIFY_CUSTOMERS,
        {"Customer ID": "'1234", "First Name": "Ann", "Last Name": "Lee", "Email": "ANN@example.com",
         "Accepts Email Marketing": "no", "Phone": "+49171555"},
        {"Customer ID": "'1235", "First Name": "New", "Email": "new@example.com", "Accepts Email Marketing": "yes"},
        {"Customer ID": "'1236", "First Name": "Nobody"},
    )  # fmt: skip
    result = load(tmp_path, listed, name="customers.csv")
    assert [(table.holds, table.rows) for table in result.tables] == [("contacts", 2)]
    assert (result.ledger.read, result.ledger.revenue_kept) == (0, Decimal(0))
    assert result.version.number == 2
    assert result.version.manifest.revenue == before.version.manifest.revenue == money("50.00")
    assert result.version.fingerprint != before.version.fingerprint
    known = {row["email"]: row for row in contacts(result.version)}
    assert {mail: row["consent"] for mail, row in known.items()} == {
        "ann@example.com": False, "bob@example.com": None, "new@example.com": True,
    }  # fmt: skip
    assert (known["ann@example.com"]["name"], known["ann@example.com"]["phone"]) == ("Ann Lee", "+49171555")
    ids = {row["customer_id"] for row in lines(result.version)}
    assert known["ann@example.com"]["customer_id"] in ids
    assert {"email", "consent", "phone"} <= result.version.manifest.has


def test_klaviyo_and_mailchimp_say_who_agreed(tmp_path: Path) -> None:
    load(tmp_path, SHOP)
    klaviyo = pf.export(
        pf.KLAVIYO_PROFILES,
        {"Email": "bob@example.com", "Klaviyo ID": "01", "Email Marketing Consent": "SUBSCRIBED"},
        {"Email": "ann@example.com", "Klaviyo ID": "02", "Email Marketing Consent": "NEVER_SUBSCRIBED"},
        {"Email": "cem@example.com", "Klaviyo ID": "03", "Email Marketing Consent": "SUBSCRIBED"},
    )
    first = load(tmp_path, klaviyo, name="klaviyo.csv")
    assert first.tables[0].platform == "Klaviyo profiles"
    assert {row["email"]: row["consent"] for row in contacts(first.version)} == {
        "ann@example.com": None, "bob@example.com": True, "cem@example.com": True,
    }  # fmt: skip
    mailchimp = pf.export(
        pf.MAILCHIMP_AUDIENCE,
        {"Email Address": "bob@example.com", "MEMBER_RATING": "2", "LEID": "1", "EUID": "a"},
        {"Email Address": "Ann@example.com", "MEMBER_RATING": "2", "OPTIN_TIME": "2026-01-01 10:00:00", "LEID": "2"},
    )
    then = load(tmp_path, mailchimp, name="mailchimp.csv")
    assert then.tables[0].platform == "Mailchimp audience"
    assert {row["email"]: row["consent"] for row in contacts(then.version)} == {
        "ann@example.com": True, "bob@example.com": False, "cem@example.com": True,
    }  # fmt: skip


def test_who_left_a_mailchimp_audience_no_longer_agrees(tmp_path: Path) -> None:
    load(tmp_path, SHOP)
    header = f"{pf.MAILCHIMP_AUDIENCE},UNSUB_TIME,UNSUB_REASON"
    joined = {"OPTIN_TIME": "2026-01-01 10:00:00", "MEMBER_RATING": "2"}
    left = pf.export(
        header,
        {**joined, "Email Address": "ann@example.com", "LEID": "1", "UNSUB_TIME": "2026-02-01 10:00:00"},
        {**joined, "Email Address": "bob@example.com", "LEID": "2"},
    )
    result = load(tmp_path, left, name="unsubscribed.csv")
    assert result.tables[0].platform == "Mailchimp audience"
    assert {row["email"]: row["consent"] for row in contacts(result.version)} == {
        "ann@example.com": False, "bob@example.com": True,
    }  # fmt: skip


def test_the_same_list_again_makes_no_new_version(tmp_path: Path) -> None:
    load(tmp_path, SHOP)
    listed = pf.export(
        pf.KLAVIYO_PROFILES, {"Email": "ann@example.com", "Klaviyo ID": "1", "Email Marketing Consent": "SUBSCRIBED"}
    )
    first = load(tmp_path, listed, name="klaviyo.csv")
    again = load(tmp_path, listed, name="klaviyo.csv")
    assert first.version.number == again.version.number == again.ledger.version == 2
    assert again.tables[0].rows == 1
    left = load(tmp_path, listed.replace("SUBSCRIBED", "UNSUBSCRIBED"), name="klaviyo.csv")
    assert left.version.number == 3


def test_klaviyo_campaigns_become_campaigns_and_their_newer_state_counts(tmp_path: Path) -> None:
    load(tmp_path, SHOP)
    autumn = {
        "Campaign Name": "Autumn", "Subject": "Tea time", "List": "All", "Send Time": "2026-09-14 09:00:00",
        "Total Recipients": "1,200", "Unique Placed Order": "24", "Revenue": "€1,020.50", "Unique Opens": "600",
        "Unique Clicks": "90", "Unsubscribes": "3", "Campaign ID": "abc", "Campaign Channel": "email",
    }  # fmt: skip
    winter = {**autumn, "Campaign Name": "Winter", "Campaign ID": "def", "Revenue": "€3.00"}
    load(tmp_path, pf.export(pf.KLAVIYO_CAMPAIGNS, autumn), name="campaigns.csv")
    newer = {**autumn, "Unique Placed Order": "25", "Revenue": "€1,033.00"}
    result = load(tmp_path, pf.export(pf.KLAVIYO_CAMPAIGNS, newer, winter), name="campaigns.csv")
    assert [(table.holds, table.rows) for table in result.tables] == [("campaigns", 2)]
    (path,) = result.version.campaigns
    stored = {row["campaign"]: row for row in pq.ParquetFile(path).read().to_pylist()}
    assert stored.keys() == {"Autumn", "Winter"}
    found = stored["Autumn"]
    assert (found["recipients"], found["orders"], found["revenue"]) == (money("1200"), money("25"), money("1033"))
    assert found["sent_at"] == datetime(2026, 9, 14, 9)  # noqa: DTZ001 - the shop's own
    assert result.version.manifest.revenue == money("50.00")


@pytest.mark.parametrize("key", ["shopify-customers", "klaviyo-campaigns", "mailchimp-audience"])
def test_a_list_without_a_shop_to_belong_to_is_refused_with_the_next_step(tmp_path: Path, key: str) -> None:
    with pytest.raises(UnreadableFile, match="Import the shop's orders first"):
        load(tmp_path, pf.export(pf.HEADERS[key], dict.fromkeys(pf.HEADERS[key].split(","), "1")))


def test_orders_and_lists_of_one_import_find_each_other_whatever_their_order(tmp_path: Path) -> None:
    listed = pf.export(
        pf.KLAVIYO_PROFILES, {"Email": "Ann@example.com", "Klaviyo ID": "01", "Email Marketing Consent": "SUBSCRIBED"}
    )
    files = [write(tmp_path, listed, "a.csv"), write(tmp_path, SHOP, "b.csv")]
    result = import_files(Workspace.open(tmp_path / "workspace"), files, dataset="Shop", today=TODAY)
    assert {(table.name, table.holds) for table in result.tables} == {("a.csv", "contacts"), ("b.csv", "orders")}
    assert result.version.number == 1
    (ann,) = [row for row in contacts(result.version) if row["email"] == "ann@example.com"]
    assert ann["consent"] is True
    assert ann["customer_id"] in {row["customer_id"] for row in lines(result.version)}
