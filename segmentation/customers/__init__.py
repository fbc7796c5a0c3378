"""Customers: the feature catalogue, and the table of every customer at one date built from it."""

from segmentation.customers.build import Outcomes, default_as_of, outcomes, prepare
from segmentation.customers.catalogue import Catalogue, Feature, Unavailable, catalogue
from segmentation.customers.scaling import CLIP, UNDEFINED, CodeArray, Float32Array, FloatArray, Scaling
from segmentation.customers.table import BoolArray, CustomerTable

__all__ = [
    "CLIP",
    "UNDEFINED",
    "BoolArray",
    "Catalogue",
    "CodeArray",
    "CustomerTable",
    "Feature",
    "Float32Array",
    "FloatArray",
    "Outcomes",
    "Scaling",
    "Unavailable",
    "catalogue",
    "default_as_of",
    "outcomes",
    "prepare",
]
