"""A form for conditions on customers: a row for each, all of them or any of them, in natural units.

What the form says is kept as the text of its `Conditions`, so that it outlives the tab, the screen and the visit.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st

from dashboard import state, words
from segmentation.customers import CustomerTable, catalogue
from segmentation.segments import Condition, Conditions
from segmentation.segments.conditions import MOST

HAND = state.HAND
START = Conditions((Condition("recency_days", high=90),))
"""What the form says before anybody touched it."""

AT_LEAST, AT_MOST, BETWEEN, EXACTLY = "at least", "at most", "between", "exactly"
MORE, LESS, OUTSIDE = "more than", "less than", "below or above"
HOWS = (AT_LEAST, AT_MOST, BETWEEN, EXACTLY, MORE, LESS, OUTSIDE)
TWO_ENDED = (BETWEEN, OUTSIDE)

ALL, ANY = "all", "any"
JOINS = {ALL: "All of these", ANY: "Any of these"}
_JOIN = "hand_join"
_SAMPLE = 10_000
_WHOLE = frozenset({"days", "orders", "categories"})
_STEP = {"share": 5.0, "ratio": 0.1, "orders a year": 0.1}
_BIGGEST = 1e12

Ends = tuple[float, float]


def draw(customers: CustomerTable) -> Conditions | None:
    """The form; returns what it says, None where it is empty or a link says what is none."""
    now = _now()
    with st.container(gap="xsmall", key="conditions"):
        _joins(now)
        for number, condition in enumerate(_rows(now)):
            _row(customers, number, condition)
        if now is not None and now.all_of and now.either:
            _rest(now, customers.currency)
        st.button(
            "Add a condition",
            key="hand_add",
            icon=":material/add:",
            type="tertiary",
            disabled=now is not None and len(now.all_of) + len(now.either) >= MOST,
            on_click=_append,
            args=(customers,),
        )
    if now is not None and now != START:
        take(now)
    state.write_url(HAND, "" if now is None or now == START else now.text)
    return now


def take(conditions: Conditions) -> None:
    """Let the form say this from the next run on."""
    state.put(HAND, conditions.text)


def clear() -> None:
    """Empty the form."""
    state.put(HAND, "")


# One row ----------------------------------------------------------------------------------------------------


def _row(customers: CustomerTable, number: int, condition: Condition) -> None:
    labels = {feature.name: feature.label for feature in customers.features}
    if condition.feature not in labels:
        labels[condition.feature] = f"{catalogue().get(condition.feature).label} (not in this data)"
    how, ends = _how(condition), _ends(condition)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        state.put(_key(number, "feature"), condition.feature)
        st.selectbox(
            "Feature",
            list(labels),
            key=_key(number, "feature"),
            format_func=lambda name: labels.get(name, name),
            help=words.plain(catalogue().get(condition.feature).sentence),
            on_change=_other_feature,
            args=(customers, number),
            width=210,
        )
        state.put(_key(number, "how"), how)
        st.selectbox(
            "Condition", HOWS, key=_key(number, "how"), on_change=_other_how, args=(customers, number), width=150
        )
        unit = catalogue().get(condition.feature).unit
        _number(number, "low", _unit(unit, customers.currency), ends[0], unit)
        if how in TWO_ENDED:
            _number(number, "high", "and", ends[1], unit)
        st.button(
            "Remove",
            key=_key(number, "remove"),
            icon=":material/close:",
            type="tertiary",
            on_click=_remove,
            args=(number,),
        )


def _number(number: int, end: Literal["low", "high"], label: str, value: float, unit: str) -> None:
    shown = _shown(value, unit)
    state.put(_key(number, end), shown)
    whole = isinstance(shown, int)
    st.number_input(
        label,
        step=1 if whole else _STEP.get(unit, 10.0),
        format="%d" if whole else "%.10g",
        key=_key(number, end),
        on_change=_other_number,
        args=(number, end),
        width=140,
    )


def _shown(value: float, unit: str) -> int | float:
    """The value as the field shows it: a share in percent, days and counts without decimals."""
    if unit == "share":
        return round(value * 100, 8)
    return int(value) if unit in _WHOLE and value.is_integer() and abs(value) <= _BIGGEST else value


def _unit(unit: str, currency: str | None) -> str:
    return {"money": currency or "Shop currency", "share": "Percent", "ratio": "Ratio"}.get(unit, unit.capitalize())


def _key(number: int, part: str) -> str:
    return f"hand_{part}_{number}"


# What a row says --------------------------------------------------------------------------------------------


def _how(condition: Condition) -> str:
    if condition.low is not None and condition.high is not None:
        return OUTSIDE if condition.outside else EXACTLY if condition.low == condition.high else BETWEEN
    if condition.low is not None:
        return LESS if condition.outside else AT_LEAST
    return MORE if condition.outside else AT_MOST


def _ends(condition: Condition) -> Ends:
    low = condition.low if condition.low is not None else condition.high
    high = condition.high if condition.high is not None else condition.low
    assert low is not None
    assert high is not None
    return low, high


def _made(feature: str, how: str, ends: Ends) -> Condition:
    low, high = ends
    made = {
        AT_LEAST: Condition(feature, low=low),
        AT_MOST: Condition(feature, high=low),
        BETWEEN: Condition(feature, low, high),
        EXACTLY: Condition(feature, low, low),
        MORE: Condition(feature, high=low, outside=True),
        LESS: Condition(feature, low=low, outside=True),
        OUTSIDE: Condition(feature, low, high, outside=True),
    }
    return made[how]


def _usual(customers: CustomerTable, name: str) -> tuple[float, float]:
    """The middle value and the one a quarter lies above, as somebody would say them."""
    feature = catalogue().get(name)
    if name not in {one.name for one in customers.features}:
        return 0.0, 1.0
    values = customers.raw(name)[:_SAMPLE]
    values = values[~np.isnan(values)]
    middle, upper = (float(v) for v in np.quantile(values, (0.5, 0.75))) if values.size else (0.0, 1.0)
    low, high = _round(middle, feature.unit), _round(upper, feature.unit)
    return low, high if high > low else low + {"share": 0.05}.get(feature.unit, _STEP.get(feature.unit, 1.0))


def _round(value: float, unit: str) -> float:
    if unit in _STEP:
        return round(round(value * 20) / 20, 2)
    if unit == "money" and abs(value) >= 1:
        step = 10.0 ** (np.floor(np.log10(abs(value))) - 1)
        return float(round(value / step) * step)
    return float(round(value))


# Changes ----------------------------------------------------------------------------------------------------


def _joins(now: Conditions | None) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        state.put(_JOIN, ANY if now is not None and not now.all_of else ALL)
        st.segmented_control(
            "Customers who meet",
            list(JOINS),
            required=True,
            key=_JOIN,
            format_func=lambda name: JOINS[name],
            on_change=_write_joined,
        )
        if now is not None:
            st.button("Clear", key="hand_clear", icon=":material/close:", type="tertiary", on_click=clear)


def _rest(now: Conditions, currency: str | None) -> None:
    """Conditions of a link that joins both ways: the rows are the first part, this says the other."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"and also {words.plain(Conditions(either=now.either).sentence(currency), limit=600)}")
        st.button("Leave that out", key="hand_rest", type="tertiary", on_click=take, args=(Conditions(now.all_of),))


def _now() -> Conditions | None:
    """What the form says; inside a callback too."""
    told = state.asked(HAND)
    if told is None:
        return START
    with state.guard(stop=False):
        return Conditions.from_text(str(told)) if told else None
    return None


def _rows(now: Conditions | None) -> tuple[Condition, ...]:
    return () if now is None else now.all_of or now.either


def _write(rows: tuple[Condition, ...], *, join: str | None = None) -> None:
    """Keep what the form says now, joined as it is unless told otherwise."""
    now = _now()
    if not rows:
        clear()
        return
    any_of = join == ANY if join else now is not None and not now.all_of
    rest = now.either if now is not None and now.all_of else ()
    take(Conditions(either=rows) if any_of else Conditions(rows, rest))


def _write_joined() -> None:
    _write(_rows(_now()), join=str(state.recall_value(_JOIN, ALL)))


def _replace(number: int, condition: Condition) -> None:
    rows = _rows(_now())
    _write((*rows[:number], condition, *rows[number + 1 :]))


def _remove(number: int) -> None:
    rows = _rows(_now())
    _write((*rows[:number], *rows[number + 1 :]))


def _append(customers: CustomerTable) -> None:
    rows = _rows(_now())
    used = {row.feature for row in rows}
    names = [*customers.default_features(), *(feature.name for feature in customers.features)]
    name = next((name for name in names if name not in used), names[0])
    _write((*rows, Condition(name, low=_usual(customers, name)[0])))


def _other_feature(customers: CustomerTable, number: int) -> None:
    before = _rows(_now())[number]
    name = str(state.recall_value(_key(number, "feature"), before.feature))
    _replace(number, _made(name, _how(before), _usual(customers, name)))


def _other_how(customers: CustomerTable, number: int) -> None:
    before = _rows(_now())[number]
    how, (low, high) = str(state.recall_value(_key(number, "how"), AT_LEAST)), _ends(before)
    if how in TWO_ENDED and low == high:
        upper = _usual(customers, before.feature)[1]
        high = upper if upper > low else low + 1.0
    _replace(number, _made(before.feature, how, (low, high)))


def _other_number(number: int, end: Literal["low", "high"]) -> None:
    before = _rows(_now())[number]
    typed = state.recall_value(_key(number, end), None)
    if typed is None:
        return
    value = float(typed) / 100 if catalogue().get(before.feature).unit == "share" else float(typed)
    value = round(value, 8)
    low, high = _ends(before)
    ends = (value, max(value, high)) if end == "low" else (min(value, low), value)
    _replace(number, _made(before.feature, _how(before), ends))
