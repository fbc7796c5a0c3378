"""What was planted in the sample shop comes out: nearly as well as somebody could tell who knew the answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import cross_val_predict

from segmentation.analysis import Analysis, StudySettings, features_for
from segmentation.intake import import_file
from segmentation.segments import agreement
from segmentation.workspace import Workspace

pytestmark = pytest.mark.truth

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
NEARLY = 0.8


def test_the_segments_find_the_planted_behaviours(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path)
    import_file(workspace, SAMPLE / "orders.csv", dataset="Sample", today=date(2026, 11, 22))
    shop = Analysis.open(workspace, "Sample")
    study, advice = shop.study(), shop.number().get()
    customers, labels = study.customers, study.segmentation.labels
    names = features_for(customers, StudySettings())

    truth = pd.read_csv(SAMPLE / "truth" / "customers.csv", index_col="customer_id")
    planted, kinds = pd.factorize(truth.loc[customers.ids.to_pylist(), "behaviour"])
    known = HistGradientBoostingClassifier(max_iter=60, random_state=0)
    told = cross_val_predict(known, customers.scaled(names), planted, cv=3)
    best = adjusted_rand_score(planted, told)
    ours = agreement(planted.astype(np.uint8), labels, len(kinds), advice.k).adjusted_rand
    print(f"adjusted Rand index {ours:.3f}, supervised {best:.3f}, recommended {advice.k}, planted {len(kinds)}")
    assert ours >= NEARLY * best
    assert abs(advice.k - len(kinds)) <= 1
