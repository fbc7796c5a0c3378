"""Rows met again, compared as multisets: the slices of hashes against a plain count of everything."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.intake.accounts import repeats
from segmentation.intake.accounts.repeats import Hashes, distinct, shared, sieve

few = st.lists(st.sampled_from([0, 1, 2, 3, 2**63, 2**63 + 1, 2**64 - 2, 2**64 - 1]), max_size=40)
stable = settings(derandomize=True, database=None, deadline=None, max_examples=60)


def hashes(values: list[int]) -> Hashes:
    return np.sort(np.array(values, np.uint64))


@pytest.fixture(params=[1 << 21, 3], ids=["one slice", "many slices"], autouse=True, scope="module")
def slice_size(request: pytest.FixtureRequest) -> object:
    patch = pytest.MonkeyPatch()
    patch.setattr(repeats, "_SLICE", request.param)
    yield request.param
    patch.undo()


@stable
@given(file=few, stored=st.lists(few, max_size=3), drop=st.none() | few, drop_all=st.booleans())
def test_every_row_stays_or_goes_for_a_reason(
    file: list[int], stored: list[list[int]], drop: list[int] | None, drop_all: bool
) -> None:
    proven = None if drop is None else hashes(sorted(set(drop)))
    found = sieve(hashes(file), [hashes(one) for one in stored], drop=proven, drop_all=drop_all)
    counts, known = Counter(file), Counter(value for one in stored for value in one)
    stays: dict[int, int] = {}
    repeated = dropped = present = 0
    for value, count in counts.items():
        gone = count - 1 if drop_all or value in (drop or ()) else 0
        there = min(known[value], count - gone)
        stays[value] = count - gone - there
        repeated, dropped, present = repeated + count - 1, dropped + gone, present + there
    assert (found.rows, found.repeated_rows, found.dropped, found.already_present) == (
        len(file), repeated, dropped, present,
    )  # fmt: skip
    assert found.kept == sum(stays.values())
    rows = {row["row_key"]: row for row in found.listed.to_pylist()}
    for value, count in counts.items():
        told = rows.get(value)
        assert (told["stays"] if told else count * found.others) == stays[value]
        if stays[value]:
            assert (told["fresh"] if told else found.others) == (not known[value])
    assert {row["row_hash"]: row["repeats"] for row in found.repeats.to_pylist()} == {
        value: count - 1 for value, count in counts.items() if count > 1 and (drop_all or value in (drop or ()))
    }
    assert sorted(found.twice.tolist()) == sorted(value for value, count in counts.items() if count > 1)


@stable
@given(one=few, other=few)
def test_shared_values_are_those_of_both(one: list[int], other: list[int]) -> None:
    assert shared(hashes(one), hashes(other)).tolist() == sorted(set(one) & set(other))


@stable
@given(pieces=st.lists(few, max_size=5))
def test_different_values_are_counted_once_over_all_pieces(pieces: list[list[int]]) -> None:
    values = {value for piece in pieces for value in piece}
    assert distinct(np.array(piece, np.uint64) for piece in pieces) == len(values)


def test_no_more_examples_are_kept_than_anybody_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST_MET", 5)
    rows = hashes([value * 2**59 for value in range(20)])
    found = sieve(rows, [rows], drop=None, drop_all=False)
    assert found.met.column("reason").to_pylist() == ["already_present"] * 5
    assert found.already_present == 20
