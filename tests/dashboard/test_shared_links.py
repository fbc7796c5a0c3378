"""What a visitor sees is what the link says: a control that the link leaves out stands at its usual value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, Checkbox, NumberInput, Slider

from dashboard import words
from dashboard.state import links
from segmentation.workspace import DatasetVersion, Workspace
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")

Screen = Callable[..., AppTest]
Control = ButtonGroup | Slider | NumberInput | Checkbox
SCREENS = ("overview", "segments", "clv", "churn", "campaign", "briefing")
PLAIN = [
    ("segments", "method", "rfm", "RFM rules"),
    ("segments", "features", "recency_days", "Recency"),
    ("churn", "lost_after", "30", "30 days"),
    ("clv", "worth_by", "cohort", "First order in"),
]
SAID = [
    ("segments", "smallest", "0"),
    ("campaign", "budget", "0"),
    ("clv", "horizon", "3"),
    ("overview", "period", "30 days"),
    ("briefing", "window", "30 days"),
]


def controls(app: AppTest) -> Iterator[Control]:
    """The controls whose value the link carries."""
    assert not app.exception
    for one in (*app.segmented_control, *app.pills, *app.slider, *app.number_input, *app.checkbox):
        if one.proto.query_param_key:
            yield one


def unsaid(one: Control) -> object:
    """The value for which Streamlit, here and in the browser, takes the control out of the link."""
    match one:
        case ButtonGroup():
            return [one.options[place] for place in one.proto.default]
        case Slider():
            return one.proto.default[0]
        case _:
            return one.proto.default


def stands(one: Control) -> object:
    return list(one.formatted_values) if isinstance(one, ButtonGroup) else one.value


def moved(app: AppTest) -> set[str]:
    """The controls that stand elsewhere than a link without them says."""
    return {str(one.key) for one in controls(app) if stands(one) != unsaid(one)}


def said(app: AppTest) -> dict[str, list[str]]:
    """What the link says, besides the shop."""
    told = {key: values if isinstance(values, list) else [values] for key, values in app.query_params.items()}
    return {key: values for key, values in told.items() if key != "shop"}


@pytest.fixture
def shop(workspace: Workspace) -> DatasetVersion:
    """A shop with enough customers to say who is slipping away."""
    return write_shop(workspace, customers=900)


@pytest.mark.parametrize("name", SCREENS)
def test_controls_that_nobody_moved_stand_where_a_link_without_them_says(
    screen: Screen, shop: DatasetVersion, name: str
) -> None:
    app = screen(name)
    assert list(controls(app))
    for _ in range(2):
        assert moved(app) == set()
        assert said(app) == {}
        app.run()


@pytest.mark.parametrize(("name", "key", "value"), SAID)
def test_a_link_still_says_what_the_control_shows_after_every_run(
    screen: Screen, shop: DatasetVersion, name: str, key: str, value: str
) -> None:
    app = screen(name, **{key: value})
    for _ in range(2):
        (control,) = [one for one in controls(app) if one.key == key]
        found = stands(control)
        assert found == ([value] if isinstance(control, ButtonGroup) else float(value))
        assert said(app) == {key: [value]}
        app.run()


@pytest.mark.parametrize("number", ["2", "7"])
def test_a_link_still_says_the_number_of_segments_after_every_run(
    screen: Screen, shop: DatasetVersion, number: str
) -> None:
    app = screen("segments", segments=number)
    for _ in range(2):
        assert app.slider(key="number_of_segments").value == int(number)
        assert said(app) == {"segments": [number]}
        app.run()


@pytest.mark.parametrize(("name", "key", "plain", "label"), PLAIN)
def test_a_choice_by_its_plain_name_stays_in_the_link_by_its_label(
    screen: Screen, shop: DatasetVersion, name: str, key: str, plain: str, label: str
) -> None:
    app = screen(name, **{key: plain})
    for _ in range(2):
        (control,) = [one for one in controls(app) if one.key == key]
        assert stands(control) == [label]
        assert said(app) == {key: [label]}
        app.run()


def test_every_plain_name_is_spelled_out_and_every_label_stays() -> None:
    for key, names in (("method", words.METHODS), ("lost_after", words.LOST_AFTER)):
        for name, label in names.items():
            assert links.spelled_out({key: [name], "other": [name]}) == {key: [label], "other": [name]}
            assert links.spelled_out({key: [label]}) == {key: [label]}
    assert links.spelled_out({"method": ["magic"], "features": ["orders", "nope"]}) == {
        "method": ["magic"],
        "features": ["Orders", "nope"],
    }


def histories() -> None:
    from dataclasses import replace  # noqa: PLC0415 - the body is a script of its own
    from datetime import timedelta  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from dashboard import state  # noqa: PLC0415
    from dashboard.parts.period import period_picker  # noqa: PLC0415

    version = state.needed_version()
    if st.toggle("Young", key="young"):
        first = version.manifest.last - timedelta(days=100)
        version = replace(version, manifest=replace(version.manifest, first=first))
    period_picker(version)


def test_an_untouched_period_follows_the_shop(shop: DatasetVersion) -> None:
    app = AppTest.from_function(histories, default_timeout=60).run()
    assert app.segmented_control(key="period").value == "365 days"
    app.toggle(key="young").set_value(True).run()
    assert app.segmented_control(key="period").value == "30 days"
    assert moved(app) == set()
