"""The RFM groups people know from their shop systems, as data.

Sources: Shopify help, "RFM customer analysis" (group names and descriptions, FM = (F + M) / 2; the cells are those of
the customary 5 x 5 grid that fits the descriptions); Klaviyo help, "Understanding scoring and customer groups in the
RFM report" (score breakouts of the six groups, 180 and 365 days). Shopify's eleventh group, Prospects, has no orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentation.choices import Preset
from segmentation.customers import CodeArray

SAYS: dict[str, tuple[str, ...]] = {
    "Champions": ("active", "loyal"),
    "Loyal": ("not_lapsed", "loyal"),
    "Active": ("active",),
    "New": ("new",),
    "Promising": ("active",),
    "Recent": ("active",),
    "Needs attention": ("late",),
    "Almost lost": ("late",),
    "At risk": ("late",),
    "Previously loyal": ("late", "loyal"),
    "Dormant": ("lapsed",),
    "Inactive": ("lapsed",),
}


@dataclass(frozen=True, slots=True)
class RfmGroup:
    """A named group.

    name: what it is called.
    play: what to do with it, in a sentence.
    rule: its rule in words, or its score codes.
    """

    name: str
    play: str
    rule: str

    @property
    def words(self) -> tuple[str, ...]:
        """What the name says of its customers, by the keys of `vocabulary`; where that is false, another is found."""
        return SAYS[self.name]


@dataclass(frozen=True, slots=True)
class RfmPreset:
    """Named groups and the group of every cell.

    name: what the preset is called.
    highest: the highest score; the lowest is 1.
    groups: in a fixed order (their colours too).
    grid: the letter of the group by R (rows, from `highest` down to 1) and FM (columns, from 1 up); without one the
        rule of a group lists its score codes.
    letters: the letters in the order of `groups`.
    recency_days: fixed limits for R in days, from the lowest score up; without them R is relative like F and M.
    """

    name: Preset
    highest: int
    groups: tuple[RfmGroup, ...]
    grid: tuple[str, ...] = ()
    letters: str = ""
    recency_days: tuple[float, ...] = ()

    def group_of(self, r: int, f: int, m: int) -> int:
        """Position of the group of a customer with these scores, each from 1 to `highest`.

        FM is the mean of F and M; halves are rounded up, so a customer gets the benefit of the doubt.
        """
        if not self.grid:
            return next(i for i, group in enumerate(self.groups) if f"{r}{f}{m}" in group.rule.split())
        average = (f + m + 1) // 2
        return self.letters.index(self.grid[self.highest - r][average - 1])

    def cells(self) -> CodeArray:
        """Position of the group for every (R, F, M), shape (highest, highest, highest)."""
        scores = range(1, self.highest + 1)
        table = [[[self.group_of(r, f, m) for m in scores] for f in scores] for r in scores]
        return np.asarray(table, dtype=np.uint8)


SHOPIFY = RfmPreset(
    name="shopify",
    highest=5,
    groups=(
        RfmGroup("Champions", "Early access and thanks, no discount: they buy anyway.", "R 5 and FM 4–5"),
        RfmGroup("Loyal", "Reward them for staying: points, bundles, first look at new products.", "R 3–4 and FM 4–5"),
        RfmGroup("Active", "Recommend what goes with their last order to raise the next one.", "R 4–5 and FM 2–3"),
        RfmGroup("New", "Welcome them and make the second order easy within a few weeks.", "R 5 and FM 1"),
        RfmGroup("Promising", "A small reason to come back, shown with best sellers.", "R 4 and FM 1"),
        RfmGroup("Needs attention", "Remind them now with something personal; the habit is fading.", "R 3 and FM 3"),
        RfmGroup("Almost lost", "A limited offer with a date, then leave them in peace.", "R 3 and FM 1–2"),
        RfmGroup("At risk", "Win them back with what they used to buy and a real incentive.", "R 1–2 and FM 3–4"),
        RfmGroup("Previously loyal", "A personal invitation back: they were your best.", "R 1–2 and FM 5"),
        RfmGroup("Dormant", "Contact rarely and cheaply, or not at all.", "R 1–2 and FM 1–2"),
    ),
    letters="CLANPTBRVD",
    grid=("NAACC", "PAALL", "BBTLL", "DDRRV", "DDRRV"),
)

KLAVIYO = RfmPreset(
    name="klaviyo",
    highest=3,
    groups=(
        RfmGroup("Champions", "Early access and thanks, no discount: they buy anyway.", "333 332 323"),
        RfmGroup("Loyal", "Recommend what goes with past orders and ask for a review.", "321 322 331 232 233"),
        RfmGroup("Recent", "Make the next order easy: refills, what fits, reviews of others.", "311 312 313 222 223"),
        RfmGroup("Needs attention", "Show what is new since they left, with a dated offer.", "213 221 123 132 133"),
        RfmGroup("At risk", "One win-back with something affordable; do not press.", "231 212 122 131 211"),
        RfmGroup("Inactive", "One last try, then take them off the regular list.", "111 112 113 121"),
    ),
    recency_days=(365.0, 180.0),
)

PRESETS: dict[Preset, RfmPreset] = {"shopify": SHOPIFY, "klaviyo": KLAVIYO}
