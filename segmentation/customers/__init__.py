"""Customers: the feature catalogue, and the table of every customer at one date built from it."""

from segmentation.customers.addresses import Addresses, read_addresses
from segmentation.customers.build import (
    BeforeFirstOrder,
    Outcomes,
    default_as_of,
    outcomes,
    outcomes_of,
    prepare,
    refuse_too_early,
    table_key,
)
from segmentation.customers.catalogue import Catalogue, Feature, Unavailable, catalogue
from segmentation.customers.consent import BoolArray, Consent, ConsentCounts, count_consent
from segmentation.customers.reach import Ground, Reach, ground, reach
from segmentation.customers.scaling import CLIP, UNDEFINED, CodeArray, Float32Array, FloatArray, Scaling
from segmentation.customers.season_again import SeasonAgain, season_again
from segmentation.customers.table import CustomerTable

__all__ = [
    "CLIP",
    "UNDEFINED",
    "Addresses",
    "BeforeFirstOrder",
    "BoolArray",
    "Catalogue",
    "CodeArray",
    "Consent",
    "ConsentCounts",
    "CustomerTable",
    "Feature",
    "Float32Array",
    "FloatArray",
    "Ground",
    "Outcomes",
    "Reach",
    "Scaling",
    "SeasonAgain",
    "Unavailable",
    "catalogue",
    "count_consent",
    "default_as_of",
    "ground",
    "outcomes",
    "outcomes_of",
    "prepare",
    "reach",
    "read_addresses",
    "refuse_too_early",
    "season_again",
    "table_key",
]
