from __future__ import annotations

import csv
import io

import pytest

from tests.dashboard.parts import files
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")


def _texts(app) -> str:
    return "\n".join(block.value for block in app.markdown)


def test_without_data_the_screen_says_where_to_add_some(screen):
    app = screen("health")
    assert not app.exception
    assert "There is no data yet" in app.info[0].value


def test_the_verdict_comes_first_and_every_gate_has_a_card(screen, shop):
    app = screen("health")
    assert not app.exception
    assert app.markdown[0].value.startswith("**9 of 19 analyses available;**")
    needs = [caption.value for caption in app.caption if "needs:" in caption.value]
    assert len(needs) == 19
    assert [sum(said.startswith(f"{name} ·") for said in needs) for name in ("Lifetime value", "Churn")] == [3, 2]
    assert len(app.metric) == 6


def test_a_missing_column_says_what_it_costs_and_what_to_upload(screen, workspace):
    write_shop(workspace, costs=False)
    text = _texts(screen("health"))
    assert "No line has a unit cost" in text
    assert "Export with a cost per item" in text


def test_with_costs_nothing_is_asked_for(screen, shop):
    assert "Export with a cost per item" not in _texts(screen("health"))


def test_the_check_and_the_columns_can_be_downloaded(screen, shop):
    app = screen("health")
    check, columns = (list(csv.reader(io.StringIO(one.decode("utf-8-sig")))) for one in files(app).values())
    assert check[0] == ["Analysis", "Screen", "Verdict", "Threshold", "Evidence", "What it costs", "Next step"]
    assert len(check) == 1 + 19
    assert columns[1][:4] == ["Customer", "1632", "1700", "lines"]


def test_every_chart_has_a_text_for_those_who_cannot_see_it(screen, shop):
    charts = screen("health").get("plotly_chart")
    assert len(charts) == 2
    assert all(chart.proto.alt for chart in charts)
