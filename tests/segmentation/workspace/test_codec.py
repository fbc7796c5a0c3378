"""Results are the same after a night on disk."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.analysis import ChurnSettings, ClvSettings, Nothing
from segmentation.analysis.maps import MapSettings
from segmentation.analysis.proofs import ProofSettings
from segmentation.analysis.studies import NumberSettings
from segmentation.clv import Terms
from segmentation.customers import CustomerTable, Outcomes
from segmentation.estimates import Estimate, Unknown
from segmentation.proof import (
    Backtest,
    Proofs,
    Recommendation,
    TimeSplit,
    TimeSplits,
    earlier,
    prove,
    recommend,
    structure,
)
from segmentation.proof.number import Point
from segmentation.proof.remedies import Remedy
from segmentation.segments import SegmentSettings, no_lists, segment
from segmentation.segments.clusters import chosen_space
from segmentation.workspace.checked import keep_sealed
from segmentation.workspace.codec import from_json, to_json
from segmentation.workspace.results import ResultFile
from tests.segmentation.planted import planted_shop

pytestmark = pytest.mark.filterwarnings("error")

SETTINGS = SegmentSettings(segments=4, features=("recency_days", "orders", "spend"))
UNTOLD = Unknown("Too few customers to tell.")


def again(value):
    """The value after it was written as JSON and read."""
    return from_json(type(value), json.loads(json.dumps(to_json(value))))


def splits_of(customers):
    """One cut: these customers twice, a quarter apart, with made-up spend."""
    rng = np.random.default_rng(3)
    *spend, before = (rng.lognormal(3, 1, customers.n) * (customers.raw("orders") > 2) for _ in range(3))
    raw = {feature.name: customers.raw(feature.name) for feature in customers.features}
    days = timedelta(days=90)
    start = customers.as_of - 2 * days
    then, now = (
        CustomerTable.from_arrays(
            customers.ids, raw, as_of=start + days * i, scalings=customers.scalings, ordered=True, fingerprint=f"t{i}"
        )
        for i in (0, 1)
    )
    done = [
        Outcomes(start + days * i, start + days * (i + 1), (one > 0).astype(float), one, np.full(customers.n, np.nan))
        for i, one in enumerate(spend)
    ]
    return TimeSplits(90, (TimeSplit(then, done[0], now, done[1], before, spend[0]),))


@pytest.fixture(scope="module")
def proven():
    customers = planted_shop(600)[0]
    space = chosen_space(customers, SETTINGS)
    points = space.points(customers)
    shape, splits = structure(points, range(2, 6), seed=1), splits_of(customers)
    advice = recommend(points, space, shape, splits, numbers=range(2, 6))
    found = segment(customers, SETTINGS)
    proofs, sure = prove(customers, found, shape, splits, earlier(customers, found, no_lists))
    return proofs, advice, sure


def test_all_proofs_of_a_segmentation_come_back_the_same(proven):
    proofs, advice, sure = proven
    assert isinstance(proofs.predictive, Backtest)
    assert again(proofs) == proofs
    assert again(advice) == advice
    assert sure.dtype == np.uint8
    assert sure.max() <= 100


def test_a_backtest_comes_back_with_its_dates_and_its_verdict(proven):
    found = again(proven[0].predictive)
    assert all(isinstance(cut.on, date) for cut in found.cuts)
    assert found.verdict == proven[0].predictive.verdict


def test_proofs_that_cannot_be_had_come_back_with_their_reasons(proven):
    proofs = proven[0]
    bare = Proofs(proofs.names, UNTOLD, UNTOLD, UNTOLD, proofs.usable, order_rate=None, remedies=())
    assert again(bare) == bare


def test_a_figure_and_an_unknown_figure_are_told_apart():
    curve = (Point(2, 1.5, 0.9, UNTOLD, 0.8), Point(3, UNTOLD, 0.8, 0.25, 0.7))
    assert again(Recommendation(2, "“2”: it is – really – “enough”", curve)).curve == curve


@pytest.mark.parametrize(
    "remedy",
    [
        Remedy("merge", 0.5, 0.9, merge=(3, 1)),
        Remedy("number", 0.5, 0.9, number=4),
        Remedy("drop", 0.5, 0.9, feature="gap_days"),
    ],
)
def test_remedies_come_back_with_and_without_a_merge(remedy):
    assert again(remedy) == remedy
    assert again(remedy).merge is None or isinstance(again(remedy).merge, tuple)


@pytest.mark.parametrize(
    "settings",
    [
        NumberSettings(features=("orders", "spend"), weights=(("orders", 2.0),)),
        ProofSettings(key="kmeans-4!n0=VIPs", saved="abc", auto=True),
        MapSettings(features=("spend", "orders"), seed=3),
        ClvSettings(fitted_until=date(2026, 1, 1), unit_days=7.0, model="mbg"),
        ChurnSettings(horizon_days=90),
        Nothing(),
    ],
)
def test_what_a_worker_is_asked_for_comes_back_the_same(settings):
    assert again(settings) == settings


@dataclass(frozen=True, eq=False)
class WithArrays:
    name: str
    small: npt.NDArray[np.uint8]
    days: npt.NDArray[np.datetime64] | None
    inner: tuple[Inner, ...]


@dataclass(frozen=True, eq=False)
class Inner:
    values: npt.NDArray[np.float64]


def test_arrays_are_kept_apart_and_come_back_in_their_places():
    days = np.array(["2026-01-01", "NaT"], dtype="datetime64[D]")
    value = WithArrays("a", np.array([1, 2], np.uint8), days, (Inner(np.array([0.1])), Inner(np.array([np.nan, 3]))))
    arrays = []
    text = json.dumps(to_json(value, arrays))
    found = from_json(WithArrays, json.loads(text), arrays.__getitem__)
    assert len(arrays) == 4
    assert found.small.dtype == np.uint8
    assert np.array_equal(found.days, days, equal_nan=True)
    assert found.inner[0].values.tolist() == [0.1]
    none = from_json(WithArrays, to_json(WithArrays("b", days, None, ()), []), arrays.__getitem__)
    assert none.days is None


def test_an_array_without_a_place_is_refused():
    with pytest.raises(TypeError, match="no place"):
        to_json(Inner(np.zeros(2)))
    with pytest.raises(ValueError, match="not at hand"):
        from_json(Inner, {"values": {"array": 0}})


@dataclass(frozen=True)
class Everything:
    figure: Estimate | Unknown
    days: tuple[date, ...]
    pair: tuple[int, str] | None
    by_name: dict[str, Estimate | None]
    on: date | None = None


@given(
    st.builds(
        Everything,
        figure=st.builds(lambda v: Estimate(v, v - 1, v + 1, 9), st.floats(-1e9, 1e9)) | st.builds(Unknown, st.text()),
        days=st.lists(st.dates(), max_size=3).map(tuple),
        pair=st.none() | st.tuples(st.integers(), st.text()),
        by_name=st.dictionaries(st.text(), st.none() | st.just(Estimate(0.1, 0.0, 0.3, 4)), max_size=3),
        on=st.none() | st.dates(),
    )
)
@settings(max_examples=60)
def test_values_of_every_kind_come_back_to_the_last_digit(value):
    assert again(value) == value


REFUSED = (ValueError, KeyError, TypeError)
"""What `from_json` says where something else stands, and nothing but these."""


@pytest.mark.parametrize("data", [{"value": 1}, {"valu": 1, "low": 0, "high": 2, "n": 1}, [], "x", 5, None])
def test_what_is_no_such_value_is_refused(data):
    with pytest.raises(REFUSED):
        from_json(Estimate, data)


@dataclass(frozen=True)
class OfEach:
    text: str = ""
    count: int = 0
    share: float = 0.0
    yes: bool = False
    kind: Literal["a", "b"] = "a"
    on: date = date(2026, 1, 1)
    figures: tuple[float, ...] = ()
    pair: tuple[int, str] = (0, "")
    by_name: dict[str, Estimate] = field(default_factory=dict)
    figure: Estimate | Unknown | None = None
    why: Unknown = UNTOLD


ESTIMATE = {"value": 1.0, "low": 0.0, "high": 2, "n": 1}
STANDS = {
    "text": ["x", ""],
    "count": [3, -1],
    "share": [0.5, 3],
    "yes": [True],
    "kind": ["b"],
    "on": ["2026-02-03"],
    "figures": [[0.5, 1, 2.0], []],
    "pair": [[1, "x"]],
    "by_name": [{}, {"a": ESTIMATE}],
    "figure": [None, {"unknown": "why"}, ESTIMATE],
    "why": [{"unknown": "why"}],
}
EVERY_KIND = [None, True, 3, 0.5, "x", "", "2026-02-03", "b", [], [0.5, 1, 2.0], [1, "x"], [None], [[]], [1, 2], {},
              {"a": 1}, {"a": None}, {"unknown": "why"}, {"unknown": 3}, {"unknown": None}, {"array": 0},
              {"array": "x"}, ESTIMATE, ESTIMATE | {"n": 1.5}]  # fmt: skip


@pytest.mark.parametrize("name", list(STANDS))
def test_a_part_is_read_where_it_is_of_its_kind_and_refused_where_it_is_not(name):
    for data in STANDS[name]:
        found = getattr(from_json(OfEach, {name: data}), name)
        assert json.loads(json.dumps(to_json(found))) == data
    read = []
    for data in EVERY_KIND:
        try:
            from_json(OfEach, {name: data})
        except REFUSED:
            continue
        read.append(data)
    kinds = {type(data) for data in STANDS[name]} | ({int} if name == "share" else set())
    assert {type(data) for data in read} <= kinds
    assert (None in read) == (name == "figure")


@pytest.mark.parametrize("kind", [Estimate, OfEach, tuple[float, ...], tuple[int, str], dict[str, int], np.ndarray])
@pytest.mark.parametrize("data", [None, 5, "text", True])
def test_a_scalar_is_no_record_and_no_list(kind, data):
    with pytest.raises(REFUSED):
        from_json(kind, data)


def test_a_kept_file_that_holds_something_else_is_as_if_it_were_not_there(tmp_path):
    for number, data in enumerate(EVERY_KIND[:-2]):
        file = ResultFile.of(tmp_path, "kind", number)
        keep_sealed(file.path, json.dumps(data).encode(), "It could not be kept.")
        assert file.load(Estimate) is None
        if data != {}:
            assert file.load(ProofSettings) is None
    file = ResultFile.of(tmp_path, "terms")
    keep_sealed(file.path, json.dumps({"margin": 7.0}).encode(), "It could not be kept.")
    assert file.load(Terms) is None  # refuses such a margin at its birth


def test_an_impossible_estimate_on_disk_is_refused():
    with pytest.raises(ValueError, match="inside its interval"):
        from_json(Estimate, {"value": 5.0, "low": 6.0, "high": 7.0, "n": 1})
