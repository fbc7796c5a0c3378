"""What nobody measured about a shop, as one value that all its analyses read: margin, offers, costs and their effect.

    usual = Assumptions()                                   # where nobody stated anything
    shop = ShopAssumptions(values=usual, measured=0.56)     # with the margin that the unit costs give
    shop.margin                                             # Margin(share=0.56, source="measured")
    shop.state(margin=0.45).margin                          # Margin(share=0.45, source="stated")

A value that equals the usual one is *assumed*, any other one was *stated*. Only the margin can be *measured*.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, cast, get_args

from segmentation import formats
from segmentation.errors import SettingOutOfRange

OfferKind = Literal["none", "percent", "amount"]
Source = Literal["measured", "stated", "assumed"]
Value = float | int | str | bool | None

USUAL_MARGIN = 0.3
"""The share of revenue taken to be left after the cost of goods where no cost is known and nobody stated one."""

_LAYOUT = 1


def _between(setting: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise SettingOutOfRange(setting, value, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Margin:
    """The share (0..1) of revenue that is left after the cost of the goods, and where it is from.

    rate: what was measured, where that is below 0 or above 1 and the nearest share is used; None elsewhere.
    """

    share: float
    source: Source
    rate: float | None = None

    def beyond(self, used: str = "") -> str:
        """A sentence where the measured rate is not the share that is used, with what is `used` in its place; empty
        elsewhere."""
        if self.rate is None:
            return ""
        return (
            f"The unit costs give a margin of {formats.percent(self.rate)}; "
            f"{used or f'{formats.percent(self.share)} is used'}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is taken for true of a shop until somebody measures it. Raises SettingOutOfRange at birth.

    margin: share (0..1) of revenue left after the cost of the goods, as stated; None where nobody stated one.
    margin_over_costs: whether that margin was stated although the unit costs gave another one.
    offer_kind: what a campaign gives away on every order of its window.
    offer_value: with "percent" the fraction taken off an order, with "amount" the shop currency taken off.
    offer_cost: shop currency for each customer at risk who takes the offer that is to keep them.
    save_rate: share (0..1) of those who would be lost whom that offer keeps.
    contact_cost: shop currency per customer contacted.
    fixed_cost: shop currency once for each segment contacted.
    uplift_low, uplift_mid, uplift_high: extra orders of a campaign relative to what the same people order anyway:
        the lowest, most likely and highest value one would bet on.
    window_days: days after the contact in which an order counts.
    discount: share (0..1) that money of next year is worth less than money of today.
    acquisition_cost: shop currency to win a new customer.
    """

    margin: float | None = None
    margin_over_costs: bool = False
    offer_kind: OfferKind = "none"
    offer_value: float = 0.0
    offer_cost: float = 5.0
    save_rate: float = 0.1
    contact_cost: float = 0.05
    fixed_cost: float = 0.0
    uplift_low: float = 0.02
    uplift_mid: float = 0.05
    uplift_high: float = 0.10
    window_days: int = 30
    discount: float = 0.1
    acquisition_cost: float = 25.0

    def __post_init__(self) -> None:
        if self.margin is not None:
            _between("margin", self.margin, 0.0, 1.0)
        if self.offer_kind not in get_args(OfferKind):
            raise SettingOutOfRange("offer_kind", self.offer_kind, allowed=get_args(OfferKind))
        _between("offer_value", self.offer_value, 0.0, 1.0 if self.offer_kind == "percent" else 1e9)
        _between("offer_cost", self.offer_cost, 0.0, 1e6)
        _between("save_rate", self.save_rate, 0.0, 1.0)
        _between("contact_cost", self.contact_cost, 0.0, 1e6)
        _between("fixed_cost", self.fixed_cost, 0.0, 1e9)
        _between("uplift_low", self.uplift_low, 0.0, 5.0)
        _between("uplift_mid", self.uplift_mid, self.uplift_low, 5.0)
        _between("uplift_high", self.uplift_high, self.uplift_mid, 5.0)
        _between("window_days", self.window_days, 7, 365)
        _between("discount", self.discount, 0.0, 1.0)
        _between("acquisition_cost", self.acquisition_cost, 0.0, 1e6)

    @property
    def percent_off(self) -> float:
        """The fraction of an order's value that the offer gives away; 0 without a percentage offer."""
        return self.offer_value if self.offer_kind == "percent" else 0.0

    @property
    def amount_off(self) -> float:
        """The money that the offer gives away per order; 0 without a fixed amount."""
        return self.offer_value if self.offer_kind == "amount" else 0.0

    @property
    def expected_uplift(self) -> float:
        """Mean of the PERT distribution through low, mid and high: (low + 4 mid + high) / 6."""
        return (self.uplift_low + 4.0 * self.uplift_mid + self.uplift_high) / 6.0

    def source(self, name: str) -> Source:
        """Where the value of this name is from; of the margin `ShopAssumptions` knows more."""
        return "assumed" if getattr(self, name) == getattr(USUAL, name) else "stated"

    def state(self, **changes: Value) -> Assumptions:
        """The same with these values. Raises SettingOutOfRange, also for uplifts that are not in order."""
        return replace(self, **cast("dict[str, Any]", changes))

    def to_text(self) -> str:
        """What was stated, as JSON; what is usual is left out, so that it follows a later usual value."""
        stated = {one.name: getattr(self, one.name) for one in fields(self) if self.source(one.name) == "stated"}
        return json.dumps({"layout": _LAYOUT, "stated": stated})

    @classmethod
    def from_text(cls, text: str | bytes) -> Assumptions:
        """The assumptions of such a text; the usual ones where it cannot be read or is of another layout."""
        try:
            body = json.loads(text)
            stated = body["stated"] if body["layout"] == _LAYOUT else {}
            usual = {one.name: getattr(USUAL, one.name) for one in fields(cls)}
            return cls(**{name: _of_kind(stated[name], usual[name]) for name in usual if name in stated})
        except (ValueError, KeyError, TypeError, RecursionError, SettingOutOfRange):
            return USUAL


USUAL = Assumptions()
"""What is assumed of a shop of which nobody stated anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopAssumptions:
    """The assumptions of a shop, beside the margin that its unit costs give, as a share of revenue: below 0 where it
    sells below cost. None where no costs are known."""

    values: Assumptions = field(default_factory=Assumptions)
    measured: float | None = None

    @property
    def margin(self) -> Margin:
        """The margin that counts: measured where there are costs, unless another one was stated over them; else stated;
        else assumed."""
        stated = self.values.margin
        if self.measured is not None and (stated is None or not self.values.margin_over_costs):
            share = min(max(self.measured, 0.0), 1.0)
            return Margin(share, "measured", None if share == self.measured else self.measured)
        return Margin(USUAL_MARGIN, "assumed") if stated is None else Margin(stated, "stated")

    def source(self, name: str) -> Source:
        """Where the value of this name is from."""
        return self.margin.source if name == "margin" else self.values.source(name)

    def state(self, **changes: Value) -> ShopAssumptions:
        """The same with these values; a margin is stated over the measured one, and stays so where no costs are known.
        Raises SettingOutOfRange."""
        if "margin" in changes:
            costs = self.measured is not None or self.values.margin_over_costs
            over = changes["margin"] is not None and costs
            changes = {**changes, "margin_over_costs": over}
        return replace(self, values=self.values.state(**changes))

    def kept(self, changed: Iterable[str]) -> Assumptions:
        """What is worth keeping once these were stated: a margin that counts without being stated is none. One that was
        not stated now stays, for a version or date with other costs."""
        if "margin" not in changed:
            return self.values
        bare = self.values.state(margin=None, margin_over_costs=False)
        counts = self.margin.share == ShopAssumptions(values=bare, measured=self.measured).margin.share
        return bare if counts else self.values

    def to_json(self) -> dict[str, Any]:
        """Every value with its source, as JSON."""
        own = [one.name for one in fields(self.values) if one.name not in {"margin", "margin_over_costs"}]
        margin: dict[str, Any] = {"value": self.margin.share, "source": self.margin.source}
        if self.margin.rate is not None:
            margin["measured"] = self.margin.rate
        rest = {name: {"value": getattr(self.values, name), "source": self.source(name)} for name in own}
        return {"margin": margin, **rest}


def _of_kind(value: Any, usual: object) -> Any:  # noqa: ANN401 - JSON
    """The value where it is of the kind of the usual one. Raises TypeError."""
    kind = (int, float) if usual is None or isinstance(usual, float) else type(usual)
    if not isinstance(value, kind) or (isinstance(value, bool) and not isinstance(usual, bool)):
        raise TypeError(f"{value!r} is no value here.")
    return value
