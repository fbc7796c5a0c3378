"""Churn: who is likely to order again, who is lost, for whom an offer pays, and when the next order is due.

The story, one module each. `definition` learns from the shop's own pauses from when on a customer counts as lost.
`windows` cuts the history in time: what is learned from, what is tested on, and today. `model` gives every customer a
chance to order within the horizon, from a model that never saw that customer. `learners` are boosted trees, a plain
logistic regression and recency alone; `trials` holds them against later windows, and the best scores the customers.
`recalibration` puts its chances right where that has proven itself. `quality`, `calibration` and `lift` say on the test
window how good the chances are. `drivers` says what they rest on. `value` and `policy` turn them into whom to contact
and what it earns, and `due` says when a customer's next order is to be expected. `study` tells it all, `record` is what
it leaves.

Nothing here uses the probability of being alive, and no score comes from a model that has seen the customer.
"""

from segmentation.churn.calibration import Bin, Reliability
from segmentation.churn.definition import Definition, define
from segmentation.churn.drivers import Driver
from segmentation.churn.due import Due, DueSummary, next_orders
from segmentation.churn.lift import Lift, LiftPoint
from segmentation.churn.policy import (
    Alternative,
    CurvePoint,
    Policy,
    PolicySettings,
    Threshold,
    expected_profit,
    policy,
    risk_from,
)
from segmentation.churn.quality import Quality
from segmentation.churn.recalibration import Recalibrated
from segmentation.churn.record import Churn, Findings, Scores
from segmentation.churn.study import known_as_of, risk_at, study_churn, study_windows
from segmentation.churn.windows import Window, Windows, find_windows

__all__ = [
    "Alternative",
    "Bin",
    "Churn",
    "CurvePoint",
    "Definition",
    "Driver",
    "Due",
    "DueSummary",
    "Findings",
    "Lift",
    "LiftPoint",
    "Policy",
    "PolicySettings",
    "Quality",
    "Recalibrated",
    "Reliability",
    "Scores",
    "Threshold",
    "Window",
    "Windows",
    "define",
    "expected_profit",
    "find_windows",
    "known_as_of",
    "next_orders",
    "policy",
    "risk_at",
    "risk_from",
    "study_churn",
    "study_windows",
]
