"""Screens of a shop that was shut for months say what that does to their figures."""

from __future__ import annotations

from datetime import date

from segmentation.intake import import_file
from tests.segmentation.closed_shop import write_closed_shop

SAID = "No orders are known of 1 Nov 2025 – 31 Mar 2026 (151 days)"


def test_every_screen_that_learns_from_silence_names_the_days_without_orders(screen, workspace, tmp_path):
    file = write_closed_shop(tmp_path / "orders.csv")
    import_file(workspace, file, dataset="Shop", today=date(2026, 11, 22))
    for name in ("churn", "clv", "campaign", "briefing"):
        app = screen(name)
        assert not app.exception
        told = (
            "\n".join(one.value for one in app.markdown).replace("\u00a0", " ").replace("\u2060", "").replace("\\", "")
        )
        assert SAID in told, name
