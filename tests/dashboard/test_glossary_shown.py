"""A figure that is called by a term of the glossary says behind its “?” what the glossary says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from segmentation.glossary import TERMS
from tests.dashboard.readings import plain

pytestmark = pytest.mark.usefixtures("known_results")

SCREENS = ("overview", "briefing", "segments", "campaign", "clv", "churn", "health")


def figures(app: AppTest) -> Iterator[tuple[str, str]]:
    """The big figures by their terms, with the help of each."""
    for one in app.metric:
        label = plain(one.label)
        yield "Lifetime value" if label.startswith("Value in ") else label, plain(one.help or "")


def columns(app: AppTest) -> Iterator[tuple[str, str]]:
    """The columns of tables that say what they are, with the help of each."""
    for one in app.dataframe:
        shown = json.loads(one.proto.columns or "{}")
        for name in one.value.columns:
            yield name, plain(shown.get(name, {}).get("help") or "")


@pytest.mark.parametrize("name", SCREENS)
def test_every_figure_with_a_label_of_the_glossary_carries_its_help(screen, shop, name):
    app = screen(name)
    assert not app.exception
    found = [(label, said) for label, said in figures(app) if label in TERMS]
    found += [(label, said) for label, said in columns(app) if label in TERMS]
    assert found or name in {"churn", "segments"}  # of which the tables are behind tabs
    assert [(label, said) for label, said in found if not said.startswith(TERMS[label].sentence)] == []


def test_a_customers_figures_carry_theirs(screen, shop):
    app = screen("customer")
    app.text_input(key="customer_search").set_value("C0003").run()
    found = [(label, said) for label, said in figures(app) if label in TERMS]
    assert {"Orders", "Spend", "Average order"} <= {label for label, _ in found}
    assert [label for label, said in found if not said.startswith(TERMS[label].sentence)] == []
