"""Worth: what each customer is likely to order and spend from here on, and how far that can be trusted.

histories      who came back how often, when last, and for how long the shop has known them
repeat_buying  how often customers come back, and whether they still do: BG/NBD, MBG/NBD
spending       what an order is worth: Gamma-Gamma
lifetime       both together: value over 3, 6, 12 and 24 months, with its interval
periods        what a sample of customers bought in each period: every past date can be seen again
clock          time that counts by how busy the shop was
calendar_effects  how busy the shop was for its customers in each period
prices         what the same customers pay for an order, by period
course         steady, a sudden change or a trend: where a level goes
past_forecasts how far off the same forecast was at earlier dates
outlook        all of these together: what a forecast takes into account, and how sure that is
wording        what it takes into account, in sentences
holdout        the same forecast made earlier, held against what happened and against plain forecasts
facets         by cohort, first product and channel
payback        when a new customer has earned what it cost to win them
"""

from segmentation.clv.facets import FACETS, Facet, Facets, find_facets
from segmentation.clv.histories import Histories, Purchases, purchases
from segmentation.clv.holdout import BASELINES, Forecast, Holdout, Tenth, hold_out
from segmentation.clv.intervals import joint_covariance
from segmentation.clv.lifetime import (
    AGAIN_DAYS,
    HORIZON_DAYS,
    MONTHS,
    STEP_DAYS,
    STEPS,
    Scores,
    Terms,
    chance_within,
    forecast_each,
    forecast_orders,
    forecast_value,
    lifetime_value,
    possible_months,
    score,
    total_orders,
    value_of_each,
)
from segmentation.clv.outlook import Choice, Outlook, first_outlook, outlook
from segmentation.clv.past_forecasts import KINDS, PastForecast, kinds_of, log_half_width
from segmentation.clv.payback import Concentration, Payback, concentration, payback
from segmentation.clv.periods import Periods, periods_of
from segmentation.clv.repeat_buying import (
    Model,
    RepeatBuying,
    alive,
    chance_again,
    expected_of_new,
    expected_orders,
    fit_repeat_buying,
)
from segmentation.clv.spending import Spending, expected_value, fit_spending, order_value
from segmentation.clv.wording import followed, why_so_wide

__all__ = [
    "AGAIN_DAYS",
    "BASELINES",
    "FACETS",
    "HORIZON_DAYS",
    "KINDS",
    "MONTHS",
    "STEPS",
    "STEP_DAYS",
    "Choice",
    "Concentration",
    "Facet",
    "Facets",
    "Forecast",
    "Histories",
    "Holdout",
    "Model",
    "Outlook",
    "PastForecast",
    "Payback",
    "Periods",
    "Purchases",
    "RepeatBuying",
    "Scores",
    "Spending",
    "Tenth",
    "Terms",
    "alive",
    "chance_again",
    "chance_within",
    "concentration",
    "expected_of_new",
    "expected_orders",
    "expected_value",
    "find_facets",
    "first_outlook",
    "fit_repeat_buying",
    "fit_spending",
    "followed",
    "forecast_each",
    "forecast_orders",
    "forecast_value",
    "hold_out",
    "joint_covariance",
    "kinds_of",
    "lifetime_value",
    "log_half_width",
    "order_value",
    "outlook",
    "payback",
    "periods_of",
    "possible_months",
    "purchases",
    "score",
    "total_orders",
    "value_of_each",
    "why_so_wide",
]
