"""What `tessera prove --json` says of the recommended number."""

from __future__ import annotations

from segmentation.commands.proofs import _recommended
from segmentation.estimates import Unknown
from segmentation.proof import Point, Recommendation

CURVE = (Point(4, 5.0, 0.8, Unknown("Too short."), 0.55),)


def test_where_no_number_is_recommended_there_is_none_in_json_and_the_shown_one_is_told() -> None:
    said = _recommended(Recommendation(4, "No number is recommended.", CURVE, is_recommended=False))
    assert (said["k"], said["shown"], said["reason"]) == (None, 4, "No number is recommended.")
    assert said["curve"][0]["worst"] == 0.55


def test_a_recommended_number_is_the_shown_one() -> None:
    said = _recommended(Recommendation(4, "4: because.", CURVE))
    assert (said["k"], said["shown"]) == (4, 4)
