"""What to do with each segment: the play of its name, or to hold where a campaign would lose money."""

from __future__ import annotations

from dashboard import state
from segmentation.analysis import Study


def known(study: Study) -> tuple[str, ...] | None:
    """A play for each segment, in order of place; None where it takes a look back that nobody took yet."""
    shop, assumed = state.analysis(), state.assumptions()
    if shop.look_back(assumed.values.window_days, study.customers.scores).peek() is None:
        return None
    return shop.plays(study, shop.plan(study, assumed), assumed, wait=False)


def worked_out(study: Study) -> tuple[str, ...]:
    """The same, looking back where that is still to be done."""
    shop, assumed = state.analysis(), state.assumptions()
    state.get(shop.look_back(assumed.values.window_days, study.customers.scores))
    return shop.plays(study, shop.plan(study, assumed), assumed)
