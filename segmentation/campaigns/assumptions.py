"""What the shop must tell us about a campaign before its result can be planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from segmentation.errors import SettingOutOfRange

OfferKind = Literal["none", "percent", "amount"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """A campaign as planned. Shares are fractions (0.05 is 5 %), money is in the shop's currency.

    `uplift_*`: extra orders relative to what the same people order anyway; lowest, most likely and highest value one
    would bet on. Nobody has measured them: they stay an assumption until a holdout has.
    `stated_margin`: share of an order's value that is left after the cost of the goods, used without unit costs.
    `offer_value`: with `percent` the fraction taken off every order in the window, with `amount` the money taken off.
    `contact_cost`: per customer contacted; `fixed_cost`: once for each segment contacted.
    `budget`: the most the campaign may cost, discounts included; None for no limit.
    Raises SettingOutOfRange at birth for a value that cannot be.
    """

    window_days: int = 30
    uplift_low: float = 0.02
    uplift_mid: float = 0.05
    uplift_high: float = 0.10
    stated_margin: float = 0.40
    offer_kind: OfferKind = "none"
    offer_value: float = 0.0
    contact_cost: float = 0.05
    fixed_cost: float = 0.0
    budget: float | None = None

    def __post_init__(self) -> None:
        _between("window_days", self.window_days, 7, 365)
        _between("uplift_low", self.uplift_low, 0.0, 5.0)
        _between("uplift_mid", self.uplift_mid, self.uplift_low, 5.0)
        _between("uplift_high", self.uplift_high, self.uplift_mid, 5.0)
        _between("stated_margin", self.stated_margin, 0.0, 1.0)
        if self.offer_kind not in get_args(OfferKind):
            raise SettingOutOfRange("offer_kind", self.offer_kind, allowed=get_args(OfferKind))
        _between("offer_value", self.offer_value, 0.0, 1.0 if self.offer_kind == "percent" else 1e9)
        _between("contact_cost", self.contact_cost, 0.0, 1e6)
        _between("fixed_cost", self.fixed_cost, 0.0, 1e9)
        if self.budget is not None:
            _between("budget", self.budget, 0.0, 1e12)

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


def _between(setting: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise SettingOutOfRange(setting, value, low=low, high=high)
