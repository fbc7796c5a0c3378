"""Why revenue changed between two periods: parts that add up to the change, exactly.

change      the parts, and what they are made from
adding_up   the exact effects of factors and of a mix, and rounding that keeps the sum
wording     the change and its parts in a sentence
"""

from segmentation.revenue_change.adding_up import rounded
from segmentation.revenue_change.change import Buyers, PartName, RevenueChange, Side, Split, revenue_change
from segmentation.revenue_change.wording import Line, lines, mix_sentence, sentence, signed, total_of

__all__ = [
    "Buyers",
    "Line",
    "PartName",
    "RevenueChange",
    "Side",
    "Split",
    "lines",
    "mix_sentence",
    "revenue_change",
    "rounded",
    "sentence",
    "signed",
    "total_of",
]
