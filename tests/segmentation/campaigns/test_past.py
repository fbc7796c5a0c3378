"""Past campaigns come from a mailing platform's export: shown as credited, never as measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from segmentation.campaigns import PastCampaign, past_campaigns
from segmentation.campaigns.past import _rate
from segmentation.engine import DuckEngine
from segmentation.estimates import Estimate, Unknown
from segmentation.intake import import_file
from segmentation.workspace import Workspace
from tests.segmentation.intake_files import TODAY, csv, load, write

HEADER = (
    "Campaign Name,Subject,List,Send Time,Send Weekday,Total Recipients,Unique Placed Order,Placed Order Rate,Revenue,"
    "Unique Opens,Open Rate,Total Opens,Unique Clicks,Click Rate,Total Clicks,Unsubscribes,Spam Complaints,"
    "Spam Complaints Rate,Successful Deliveries,Bounces,Bounce Rate,Campaign ID,Campaign Channel"
)
AUTUMN = (
    'Autumn,Tea time,All,2026-09-14 09:00:00,Monday,"1,200",24,2.00%,"€1,020.50",600,50%,900,90,7.5%,120,3,0,0%,1190,'
    "10,1%,abc,email"
)
SPRING = "Spring,Hello,All,2026-03-14 09:00:00,Monday,0,,,,0,0%,0,0,0%,0,0,0,0%,0,0,0%,abd,email"
ORDERS = csv("C1,1,2026-01-05,Tea,1.50", "C2,2,2026-01-06,Mug,2.50")


def campaigns(folder: Path, *rows: str) -> tuple[PastCampaign, ...]:
    load(folder, ORDERS)
    load(folder, csv(*rows, header=HEADER), name="campaigns.csv")
    workspace = Workspace.open(folder / "workspace")
    return past_campaigns(DuckEngine.open(workspace.root), workspace.latest("Shop"))


def test_a_campaign_is_read_as_it_was_reported(tmp_path: Path) -> None:
    (one,) = campaigns(tmp_path, AUTUMN)
    assert (one.name, one.channel, one.sent_on) == ("Autumn", "email", date(2026, 9, 14))
    assert (one.recipients, one.orders, one.revenue) == (1200, 24, Decimal("1020.5000"))
    assert isinstance(one.order_rate, Estimate)
    assert one.order_rate.value == pytest.approx(0.02)
    assert (one.order_rate.low, one.order_rate.high) == pytest.approx((0.01347, 0.02960), abs=2e-5)  # Wilson, by hand
    assert one.revenue_per_recipient == pytest.approx(1020.5 / 1200)


def test_a_campaign_without_recipients_has_no_rate(tmp_path: Path) -> None:
    one = campaigns(tmp_path, AUTUMN, SPRING)[1]
    assert one.name == "Spring"
    assert isinstance(one.order_rate, Unknown)
    assert isinstance(one.revenue_per_recipient, Unknown)


def test_without_a_campaign_export_there_are_none(tmp_path: Path) -> None:
    load(tmp_path, ORDERS)
    workspace = Workspace.open(tmp_path / "workspace")
    assert past_campaigns(DuckEngine.open(workspace.root), workspace.latest("Shop")) == ()


def test_the_interval_of_a_rate_covers_the_truth() -> None:
    rng = np.random.default_rng(5)
    for truth, people in ((0.02, 500), (0.004, 1_000), (0.3, 60)):
        drawn = rng.binomial(people, truth, 4_000)
        found = [_rate(int(orders), people) for orders in drawn]
        inside = np.mean([one.low <= truth <= one.high for one in found if isinstance(one, Estimate)])
        assert 0.92 <= inside <= 0.985


def test_a_newer_report_replaces_the_older_and_changes_the_fingerprint(tmp_path: Path) -> None:
    before = campaigns(tmp_path, AUTUMN)
    workspace = Workspace.open(tmp_path / "workspace")
    first = workspace.latest("Shop")
    newer = write(tmp_path, csv(AUTUMN.replace(",24,", ",30,"), header=HEADER), "campaigns.csv")
    import_file(workspace, newer, dataset="Shop", today=TODAY)
    second = workspace.latest("Shop")
    after = past_campaigns(DuckEngine.open(workspace.root), second)
    assert [one.orders for one in before] == [24]
    assert [one.orders for one in after] == [30]
    assert second.fingerprint != first.fingerprint
    assert second.manifest.revenue == first.manifest.revenue
