"""Worth: what each customer is likely to order and spend from here on, and how far that can be trusted.

histories      who came back how often, when last, and for how long the shop has known them
repeat_buying  how often customers come back, and whether they still do: BG/NBD, MBG/NBD
spending       what an order is worth: Gamma-Gamma
lifetime       both together: value over 3, 6, 12 and 24 months, with its interval
holdout        the same forecast made earlier, held against what happened and against plain forecasts
facets         by cohort, first product and channel
payback        when a new customer has earned what it cost to win them
"""

from segmentation.clv.facets import FACETS, Facet, Facets, find_facets
from segmentation.clv.histories import Histories, Purchases, purchases
from segmentation.clv.holdout import BASELINES, Forecast, Holdout, Tenth, hold_out
from segmentation.clv.lifetime import (
    AGAIN_DAYS,
    MONTHS,
    STEP_DAYS,
    STEPS,
    Scores,
    Terms,
    forecast_value,
    joint_covariance,
    lifetime_value,
    order_value,
    possible_months,
    score,
    total_orders,
    value_of_each,
)
from segmentation.clv.payback import Concentration, Payback, concentration, payback
from segmentation.clv.repeat_buying import (
    Model,
    RepeatBuying,
    alive,
    chance_again,
    expected_of_new,
    expected_orders,
    fit_repeat_buying,
)
from segmentation.clv.spending import Spending, expected_value, fit_spending

__all__ = [
    "AGAIN_DAYS",
    "BASELINES",
    "FACETS",
    "MONTHS",
    "STEPS",
    "STEP_DAYS",
    "Concentration",
    "Facet",
    "Facets",
    "Forecast",
    "Histories",
    "Holdout",
    "Model",
    "Payback",
    "Purchases",
    "RepeatBuying",
    "Scores",
    "Spending",
    "Tenth",
    "Terms",
    "alive",
    "chance_again",
    "concentration",
    "expected_of_new",
    "expected_orders",
    "expected_value",
    "find_facets",
    "fit_repeat_buying",
    "fit_spending",
    "forecast_value",
    "hold_out",
    "joint_covariance",
    "lifetime_value",
    "order_value",
    "payback",
    "possible_months",
    "purchases",
    "score",
    "total_orders",
    "value_of_each",
]
