"""Controls of the shop's assumptions: each shows the value that counts and its source, and changes it for the shop.

None of them stands in the link: what one visitor states, every screen, the report and the command line read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard import state, words
from segmentation.assumptions import ShopAssumptions

CAMPAIGN, CHURN, SEGMENTS, WORTH = "Campaign", "Churn", "Segments", "Lifetime value"
_REPORT, _COMMANDS = "report", "the command line"
_OF_PLAN = (CAMPAIGN, SEGMENTS, _REPORT, _COMMANDS)
_READ_ON = {
    "margin": (CAMPAIGN, CHURN, SEGMENTS, WORTH, _REPORT, _COMMANDS),
    "offer_cost": (CHURN, _COMMANDS),
    "save_rate": (CHURN, _COMMANDS),
    "discount": (WORTH, _COMMANDS),
    "acquisition_cost": (WORTH,),
}
"""Where a value is read; any other one belongs to the plan of a campaign."""
_CHANGED = "assumption_changed"


@dataclass(frozen=True, slots=True)
class Control:
    """The control `key` of the assumption `name`; it shows `scale` times the value (100 for a share in percent)."""

    key: str
    name: str
    scale: float = 1.0

    def shown(self, shop: ShopAssumptions) -> float:
        """What the control stands at."""
        value = shop.margin.share if self.name == "margin" else getattr(shop.values, self.name)
        return round(self.scale * float(value), 6)


MARGIN = Control("margin", "margin", 100.0)


def number(
    control: Control,
    label: str,
    shop: ShopAssumptions,
    *,
    high: float,
    step: float,
    form: str,
    help: str,  # noqa: A002 - as Streamlit calls it
    source: bool = True,
    typed: float | None = None,
    moved: Callable[[Control], None] | None = None,
) -> None:
    """A number from 0 to `high`, with its source beside it. It stands at what was `typed`, where that does not count;
    what is done when it is `moved` is to state it, unless said otherwise."""
    _stand(control.key, control.shown(shop) if typed is None else typed)
    st.number_input(
        beside(label, control, shop) if source else label, 0.0, high, step=step, key=control.key, format=form,
        help=help, on_change=moved or _change, args=(control,),
    )  # fmt: skip


def slider(
    control: Control,
    label: str,
    shop: ShopAssumptions,
    *,
    low: float = 0.0,
    high: float,
    step: float,
    help: str,  # noqa: A002 - as Streamlit calls it
) -> None:
    """The same as a slider, whose ends give way to a value beyond them."""
    value = control.shown(shop)
    _stand(control.key, value)
    st.slider(
        beside(label, control, shop), min(low, value), max(high, value), step=step, key=control.key, help=help,
        on_change=_change, args=(control,),
    )  # fmt: skip


def margin(shop: ShopAssumptions, about: str, used: str = "") -> None:
    """The margin, on every screen that shows it; where what was measured is no margin, what is `used` in its place."""
    source = {
        "measured": "Measured from the unit costs of the last 365 days; state another one to use it in their place.",
        "stated": "Stated for this shop.",
        "assumed": "No unit costs are known, and nobody stated one yet.",
    }[shop.margin.source]
    number(MARGIN, "Margin, % of revenue", shop, high=100.0, step=1.0, form="%.0f", help=f"{about} {source}")
    if beyond := shop.margin.beyond(used):
        st.caption(words.plain(beyond))


def beside(label: str, control: Control, shop: ShopAssumptions) -> str:
    """The label with the source of the value."""
    return f"{label} ({shop.source(control.name)})"


def choose(key: str, value: object) -> None:
    """Let the control `key` stand at the shop's value, also where a link of before says another one."""
    _stand(key, value)


def change(name: str, value: float | str, **along: float | str) -> None:
    """State a value for the whole shop, with what goes `along`, and remember to say so; for callbacks."""
    with state.guard(stop=False):
        state.assume(**{name: value, **along})
        state.keep(_CHANGED, (state.asked_screen(), state.needed_version().dataset_id, name))


def said(here: str, *controls: Control) -> None:
    """Say where else the change that was made last on this screen, with one of these controls, is read."""
    screen, dataset, name = state.recall(_CHANGED, ("", "", ""))
    if screen and (screen, dataset) != (state.asked_screen(), state.needed_version().dataset_id):
        state.forget(_CHANGED)
    elif name in {one.name for one in controls}:
        others = [place for place in _READ_ON.get(name, _OF_PLAN) if place != here]
        also = f": also on {words.list_of(others)}" if others else ""
        st.caption(f":material/public: Changed for the whole shop{also}.")


def _stand(key: str, value: object) -> None:
    state.write_url(key, "")
    here = state.asked_screen()  # to Streamlit it is another control on each screen
    if state.recall_value(key, None) != value or state.recall(f"place_{key}", "") != here:
        state.put(key, value)  # only then: what is put there is sent anew, and ends what somebody types
    state.keep(f"place_{key}", here)


def _change(control: Control) -> None:
    value = state.recall_value(control.key, 0.0)
    change(control.name, value / control.scale)
