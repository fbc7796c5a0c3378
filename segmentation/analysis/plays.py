"""What to do with each segment: the play of its name, or to hold where the plan loses money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from segmentation.analysis.dated import Dated
from segmentation.analysis.declared import Answer
from segmentation.analysis.figures import LOOK_BACK, LookBack, WindowSettings, plan_of
from segmentation.analysis.studies import Study
from segmentation.assumptions import ShopAssumptions
from segmentation.campaigns import Plan, advised, advised_in_season, hold_now
from segmentation.estimates import Unknown
from segmentation.segments import PINNED
from segmentation.workspace import Statement


def last_opening(season: tuple[int, int], as_of: date, days: int) -> date:
    """The first day of the last season of which so many days are over."""
    first = date(as_of.year, season[0], 1)
    return first if first + timedelta(days=days) <= as_of else first.replace(year=as_of.year - 1)


def season_back(shop: Dated, study: Study, days: int) -> Answer[WindowSettings, LookBack | Unknown] | None:
    """What the customers did in the first days of the last season; None where no segment is of a season."""
    season = study.customers.season
    if season is None or not any("season" in segment.words for segment in study.segmentation.segments):
        return None
    end = last_opening(season, shop.as_of, days) + timedelta(days=days)
    if end <= shop.version.manifest.first:
        return None
    return shop.at(end).answer(LOOK_BACK, WindowSettings(days=days, scores=study.customers.scores))


def plays_of(
    study: Study,
    plan: Plan,
    back: LookBack | Unknown | None,
    assumed: ShopAssumptions,
    stated: Statement | None,
) -> tuple[str, ...]:
    """One sentence or two for each segment, in order of place. `back` is the opening of the last season, for segments
    that are of one: what they do in between says nothing of it."""
    in_season = None
    if isinstance(back, LookBack):
        opening = back.recent[0]
        then = replace(opening, then=opening.then.scaled_like(study.customers.scalings))
        in_season = plan_of(study, LookBack((then,)), assumed, stated)
    currency, said = study.customers.currency, []
    for place, segment in enumerate(study.segmentation.segments):
        if segment.part >= PINNED:
            said.append(segment.play)
        elif "season" not in segment.words or in_season is None or not isinstance(back, LookBack):
            said.append(advised(segment.play, plan.rows[place], assumed.values, currency))
        else:
            row, opened = in_season.rows[place], back.recent[0].then.as_of
            in_time = advised_in_season(segment.play, row, assumed.values, currency, opened=opened)
            said.append(in_time + hold_now(plan.rows[place], currency))
    return tuple(said)
