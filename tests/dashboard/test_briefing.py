from __future__ import annotations

import pytest

from dashboard.screens.briefing import report
from segmentation.analysis import Analysis, StudySettings
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")


def test_the_briefing_opens_with_sentences(screen, shop):
    app = screen("briefing")
    assert not app.exception
    short = next(text.value for text in app.markdown if text.value.startswith("- **"))
    assert "of customers and brought" in short
    assert "Revenue of the last" in short


def test_every_customer_is_in_the_table_of_segments(screen, shop):
    table = screen("briefing").dataframe[0].value
    assert table["Customers"].sum() == shop.manifest.customers
    assert abs(table["Share of all-time revenue"].sum() - 100) < 1e-6


def test_sizes_then_and_now_differ_by_the_change(screen, shop):
    table = screen("briefing", window="90 days").dataframe[0].value
    assert (table["Customers"] - table["90 days ago"] == table["Change"]).all()


def test_the_report_can_be_downloaded(screen, shop):
    assert screen("briefing").get("download_button")[0].proto.label == "Download the report"


def test_the_report_holds_the_segments_and_its_name_follows_what_it_is_made_from(workspace, shop):
    analysis = Analysis.of(workspace, shop)
    three, four = (analysis.study(StudySettings(segments=number)) for number in (3, 4))
    page = report.download(shop, three).make().decode("utf-8")
    assert all(segment.name in page for segment in three.segmentation.segments)
    assert report.download(shop, three).file_name != report.download(shop, four).file_name


def test_a_short_history_says_why_nothing_can_be_compared(screen, workspace, monkeypatch):
    monkeypatch.setattr("tests.dashboard.shops.DAYS", 100)
    write_shop(workspace, "Young shop")
    app = screen("briefing", window="365 days")
    assert not app.exception
    assert any("The history is too short" in caption.value for caption in app.caption)
