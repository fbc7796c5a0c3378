"""What a visitor sees is what the link says: a control that the link leaves out stands at its usual value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, Checkbox, NumberInput, Slider

from dashboard import links, words
from segmentation.workspace import DatasetVersion, Workspace
from tests.dashboard.shops import write_shop

Screen = Callable[..., AppTest]
Control = ButtonGroup | Slider | NumberInput | Checkbox
SCREENS = ("overview", "segments", "worth", "churn", "campaign", "briefing")
PLAIN = [
    ("segments", "method", "rfm", "RFM rules"),
    ("segments", "features", "recency_days", "Recency"),
    ("churn", "lost_after", "30", "30 days"),
    ("campaign", "offer", "percent", "% off"),
    ("worth", "worth_by", "cohort", "First order in"),
]
SAID = [
    ("segments", "segments", "2"),
    ("segments", "segments", "7"),
    ("segments", "smallest", "0"),
    ("campaign", "budget", "0"),
    ("campaign", "uplift", "25"),
    ("worth", "margin", "60"),
    ("worth", "margin", "0"),
    ("worth", "horizon", "3"),
    ("churn", "margin", "0"),
    ("churn", "offer_cost", "0"),
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
    for key, names in (("method", words.METHODS), ("offer", words.OFFERS), ("lost_after", words.LOST_AFTER)):
        for name, label in names.items():
            assert links.spelled_out({key: [name], "other": [name]}) == {key: [label], "other": [name]}
            assert links.spelled_out({key: [label]}) == {key: [label]}
    assert links.spelled_out({"method": ["magic"], "features": ["orders", "nope"]}) == {
        "method": ["magic"],
        "features": ["Orders", "nope"],
    }


def measured_margins() -> None:
    import streamlit as st  # noqa: PLC0415 - the body is a script of its own

    from dashboard.widgets import churn_terms  # noqa: PLC0415

    churn_terms.offer("EUR", st.number_input("Measured", value=0.56, key="measured"))


def test_an_untouched_margin_follows_the_measured_one_and_a_stated_one_stays() -> None:
    app = AppTest.from_function(measured_margins).run()
    for percent in (57, 41, 56):
        app.number_input(key="measured").set_value(percent / 100).run()
        assert app.number_input(key="margin").value == percent
        assert moved(app) == set()
    app.number_input(key="margin").set_value(60.0).run()
    app.number_input(key="measured").set_value(0.5).run()
    assert app.number_input(key="margin").value == 60.0


def test_an_untouched_margin_of_one_screen_is_not_carried_to_another(screen: Screen, shop: DatasetVersion) -> None:
    app = screen("worth")
    usual = app.number_input(key="margin").value
    for name in ("churn", "worth", "overview", "churn", "worth"):
        app.switch_page(f"screens/{name}.py").run()
        assert "margin" not in moved(app)
        assert "margin" not in said(app)
    assert app.number_input(key="margin").value == usual


@pytest.mark.parametrize("way", [("churn",), ("overview", "churn"), ("churn", "worth"), ("churn", "churn")])
def test_a_stated_margin_is_the_same_on_every_screen_and_in_its_link(
    screen: Screen, shop: DatasetVersion, way: tuple[str, ...]
) -> None:
    app = screen("worth", margin="61")
    for name in way:
        app.switch_page(f"screens/{name}.py").run()
    for _ in range(2):
        assert app.number_input(key="margin").value == 61.0
        assert [float(text) for text in said(app)["margin"]] == [61.0]
        app.run()


def test_a_margin_stated_as_another_screens_usual_one_is_kept(screen: Screen, shop: DatasetVersion) -> None:
    elsewhere = screen("churn").number_input(key="margin").value
    app = screen("worth", margin=f"{elsewhere:g}")
    for name in ("churn", "worth"):
        app.switch_page(f"screens/{name}.py").run()
        assert app.number_input(key="margin").value == elsewhere


def test_a_stated_margin_that_is_put_back_is_forgotten(screen: Screen, shop: DatasetVersion) -> None:
    app = screen("worth", margin="61")
    usual = app.number_input(key="margin").proto.default
    app.switch_page("screens/churn.py").run()
    app.switch_page("screens/worth.py").run()
    app.number_input(key="margin").set_value(usual).run()
    app.switch_page("screens/churn.py").run()
    assert app.number_input(key="margin").value != 61.0
    assert moved(app) == set()


def histories() -> None:
    from dataclasses import replace  # noqa: PLC0415 - the body is a script of its own
    from datetime import timedelta  # noqa: PLC0415

    import streamlit as st  # noqa: PLC0415

    from dashboard import session  # noqa: PLC0415
    from dashboard.widgets.period import period_picker  # noqa: PLC0415

    version = session.needed_version()
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
