"""What the report says of how its figures were worked out."""

from __future__ import annotations

from collections.abc import Mapping

from segmentation.choices import Method as Algorithm
from segmentation.report.content import Method

CALLED: Mapping[Algorithm, str] = {
    "kmeans": "k-means",
    "mixture": "a Gaussian mixture",
    "ward": "Ward's method",
    "hdbscan": "density (HDBSCAN)",
    "rfm": "rules",
}
"""Each method as it stands in a sentence."""

METHODS: Mapping[Algorithm, Method] = {
    "kmeans": Method(
        "Segments",
        "K-means on standardised features, fitted on up to 20,000 customers; then everyone is placed with the nearest "
        "centre.",
        "Lloyd (1982), Least squares quantization in PCM.",
    ),
    "mixture": Method(
        "Segments",
        "A Gaussian mixture on standardised features, fitted on up to 20,000 customers; then everyone is placed in "
        "the most probable group.",
        "Dempster, Laird & Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm.",
    ),
    "ward": Method(
        "Segments",
        "Ward's method on standardised features joins the most alike of up to 2,500 customers step by step; then "
        "everyone is placed with the nearest group.",
        "Ward (1963), Hierarchical grouping to optimize an objective function.",
    ),
    "hdbscan": Method(
        "Segments",
        "HDBSCAN on standardised features finds where up to 1,500 customers are close together; then everyone joins "
        "the group that is nearest.",
        "Campello, Moulavi & Sander (2013), Density-based clustering based on hierarchical density estimates.",
    ),
    "rfm": Method(
        "Segments",
        "Rules on recency, frequency and monetary value, each scored from 1 to 5; customers with equal values always "
        "have equal scores.",
        "Hughes (1994), Strategic Database Marketing.",
    ),
}
OTHER_METHODS = (
    Method(
        "Change of revenue",
        "Customers × orders per customer × value per order, for orders with a customer; guests and refunds apart. "
        "Each effect is the average over all orders in which the three could have changed; they add up.",
        "Sun (1998), Changes in energy consumption and energy intensity: a complete decomposition model.",
    ),
    Method("Differences", "Segment mean less shop mean, in standard deviations of the shop's customers."),
    Method(
        "Order rate",
        "Share of those who were in the segment when past windows began and ordered in them, an older one counting "
        "less; the interval holds how much a window differed from those before it.",
        "DerSimonian & Laird (1986) for the variance between windows, Higgins, Thompson & Spiegelhalter (2009) for the "
        "interval of the next one.",
    ),
    Method(
        "Profit and its interval",
        "Draws of order rate, orders per buyer, order value and margin from the data, and of the assumed uplift; "
        "for one campaign also of who orders and for how much.",
        "Malcolm et al. (1959) for the PERT distribution of the uplift.",
    ),
)
