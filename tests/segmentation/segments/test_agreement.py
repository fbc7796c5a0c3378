import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from segmentation.segments.agreement import agreement

pytestmark = pytest.mark.filterwarnings("error")


def test_the_adjusted_rand_index_is_scikit_learns():
    rng = np.random.default_rng(1)
    for groups in (2, 3, 7):
        one = rng.integers(0, groups, 300).astype(np.uint8)
        other = np.where(rng.random(300) < 0.6, one, rng.integers(0, 4, 300)).astype(np.uint8)
        found = agreement(one, other, groups, 7)
        assert found.adjusted_rand == pytest.approx(adjusted_rand_score(one, other))
        assert found.flows.sum() == 300
        assert found.flows.shape == (groups, 7)


def test_other_numbers_for_the_same_groups_agree_fully():
    one = np.repeat(np.arange(3, dtype=np.uint8), [5, 3, 2])
    found = agreement(one, 2 - one, 3, 3)
    assert (found.adjusted_rand, found.stay) == (1.0, 1.0)


def test_those_who_stay_are_in_the_largest_flow_out_of_their_segment():
    before = np.repeat(np.arange(2, dtype=np.uint8), [6, 4])
    after = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 0], dtype=np.uint8)
    found = agreement(before, after, 2, 2)
    assert found.flows.tolist() == [[4, 2], [1, 3]]
    assert found.stay == 0.7


@pytest.mark.parametrize("n", [0, 1])
def test_nobody_and_one_customer_agree_with_themselves(n):
    assert agreement(np.zeros(n, np.uint8), np.zeros(n, np.uint8), 1, 1).adjusted_rand == 1.0
