"""Retuning: a new number of segments → labels, names, profiles, ROI and charts, against the notebook way."""

from __future__ import annotations

import itertools
from functools import partial

import pandas as pd
from sklearn.cluster import KMeans

from dashboard.charts.canvas import Canvas
from dashboard.charts.customer_map import Group, Marks, customer_map
from dashboard.charts.segments import heat_map, shares
from dashboard.palette import LIGHT
from segmentation.analysis import LookBack, Study, StudySettings, plan_of, resolve
from segmentation.assumptions import ShopAssumptions
from segmentation.atlas import pca_map
from segmentation.customers import CustomerTable
from segmentation.segments import segment
from tests.benchmarks.customers import customers, look_back
from tests.benchmarks.rows import Row, against, at_most, best_of, timed

ROUNDS = 5
GOALS = {200_000: 0.3, 1_000_000: 0.6}
MOST_OF_NOTEBOOK = 1 / 8


def measure(quick: bool) -> list[Row]:
    """Seconds of a retune for every size, alone and against scikit-learn and pandas on everyone."""
    rows = []
    for size, goal in GOALS.items():
        n = size // 10 if quick else size
        table = customers(n)
        retune = Retune(table, look_back(table))
        (ours,) = best_of(ROUNDS, retune)
        notebook, _ = timed(partial(notebook_way, table, retune.names, clusters=6))
        rows.append(at_most(f"Retune of {n:,} customers, s", ours, goal))
        rows.append(
            against(
                f"Retune of {n:,} customers, s", ours, notebook, "KMeans(n_init=10) + pandas", most=MOST_OF_NOTEBOOK
            )
        )
    return rows


class Retune:
    """What the studio works out when somebody moves the slider; every call asks for another number of segments."""

    def __init__(self, table: CustomerTable, back: LookBack) -> None:
        """Everything that stays while tuning: the first segmentation, the map and the baseline."""
        self.table, self.back = table, back
        self.names = table.default_features()
        self.first = segment(table, resolve(table, StudySettings(segments=5), None))
        self.coords = pca_map(table.scaled(self.names))
        self.canvas, self.marks = Canvas.of(self.coords), Marks.of(table)
        self.clusters = itertools.cycle((6, 7, 8, 4))

    def __call__(self) -> None:
        settings = StudySettings(segments=next(self.clusters), anchor=self.first.settings.key)
        found = segment(self.table, resolve(self.table, settings, None), anchor=self.first)
        study = Study(self.table, settings, found, None)
        plan_of(study, self.back, ShopAssumptions())
        names, slots = [s.name for s in found.segments], [s.colour for s in found.segments]
        labels = [(feature.name, feature.label) for feature in self.table.features]
        groups = [Group(name, slot) for name, slot in zip(names, slots, strict=True)]
        drawn = customer_map(self.canvas, self.coords, self.marks, found.labels, groups, LIGHT)
        for chart in (
            drawn,
            shares(names, slots, study.profiles, LIGHT),
            heat_map(names, study.profiles, labels, LIGHT),
        ):
            chart.to_json()


def notebook_way(table: CustomerTable, names: tuple[str, ...], *, clusters: int) -> pd.DataFrame:
    """scikit-learn's k-means with ten starts on everyone, then pandas' quartiles of every feature by label."""
    labels = KMeans(clusters, n_init=10, random_state=0).fit_predict(table.scaled(names))
    frame = pd.DataFrame({feature.name: table.raw(feature.name) for feature in table.features})
    return frame.groupby(labels).quantile([0.25, 0.5, 0.75])
