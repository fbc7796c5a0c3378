"""“Take the list away” on the screens: what was chosen is what the file is, and nobody who refused is in it."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.parts.audience import wants_semicolons
from segmentation.analysis import Analysis
from segmentation.customers import prepare
from segmentation.engine import DuckEngine
from tests.dashboard.shops import write_shop
from tests.dashboard.test_contact_lists import MEMBERS, offered

pytestmark = pytest.mark.usefixtures("known_results")


def test_what_is_chosen_is_what_the_file_is(workspace):
    write_shop(workspace)
    app = AppTest.from_string(MEMBERS, default_timeout=60).run()
    (usual,) = offered(app)
    rows = list(csv.DictReader(io.StringIO(usual.decode("utf-8-sig"))))

    app.session_state["members_separator"] = "semicolon"
    (semicolons,) = offered(app.run())
    frame = pd.read_csv(io.BytesIO(semicolons), sep=";", decimal=",", encoding="utf-8-sig")
    assert frame["Spend (EUR)"].tolist() == [float(row["Spend (EUR)"]) for row in rows]

    app.session_state["members_columns_sheet"] = ["spend", "email"]
    app.session_state["members_preset"] = "excel"
    (workbook,) = offered(app.run())
    frame = pd.read_excel(io.BytesIO(workbook), engine="calamine")
    assert list(frame.columns) == ["Spend (EUR)", "E-mail"]
    assert frame["E-mail"].tolist() == [row["E-mail"] for row in rows]

    app.session_state["members_preset"] = "mailchimp"
    (content,) = offered(app.run())
    assert content.startswith(b"Email Address,First Name,Last Name,Phone Number,Segment,")


def test_nobody_who_refused_is_in_any_list_of_the_churn_screen(screen, workspace):
    version = write_shop(workspace, customers=900)
    Analysis.of(workspace, version).assume(offer_cost=1.0)
    table = prepare(workspace, DuckEngine.open(workspace.root), version)
    agreed = set(table.ids.filter(table.consent.agreed).to_pylist())
    lists = [
        list(csv.DictReader(io.StringIO(one.decode("utf-8-sig"))))
        for one in offered(screen("churn"))
        if b"Customer" in one.partition(b"\r\n")[0]
    ]
    assert sum(map(bool, lists)) >= 2
    for rows in lists:
        assert {row["Customer"] for row in rows} <= agreed
        assert all(row["Segment"] for row in rows)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de-DE", True),
        ("fr", True),
        ("pt-BR", True),
        ("en-GB", False),
        ("de-CH", False),
        ("es-MX", False),
        (None, False),
    ],
)
def test_semicolons_are_proposed_where_spreadsheets_expect_them(locale, expected):
    assert wants_semicolons(locale) is expected
