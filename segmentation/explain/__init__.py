"""Explained: segments as rules a team can rebuild, what drives them, and why one customer is where they are."""

from segmentation.explain.customer import Reason, Why, features_of, why
from segmentation.explain.drivers import Driver, drivers
from segmentation.explain.rules import Described, Rule, Rules, describe_rules
from segmentation.explain.whatif import Move

__all__ = [
    "Described",
    "Driver",
    "Move",
    "Reason",
    "Rule",
    "Rules",
    "Why",
    "describe_rules",
    "drivers",
    "features_of",
    "why",
]
