"""What a forecast takes into account beside each customer's own history, and how far off it was at earlier dates."""

from __future__ import annotations

from dataclasses import dataclass

from segmentation.analysis.dated import Dated
from segmentation.analysis.declared import Declared
from segmentation.clv import HORIZON_DAYS, Choice, Outlook, first_outlook, outlook, periods_of, purchases
from segmentation.customers.season import month_rates
from segmentation.estimates import Unknown
from segmentation.jobs import Progress
from segmentation.timeline import periods_before


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookSettings:
    """Which model of customers coming back may be chosen."""

    model: Choice = "auto"


def outlook_at(shop: Dated, model: Choice = "auto") -> Outlook | Unknown:
    """That of the shop at its date."""
    return shop.answer(OUTLOOK, OutlookSettings(model=model)).get()


def _outlook(shop: Dated, settings: OutlookSettings, _progress: Progress) -> Outlook | Unknown:
    first, last = shop.version.manifest.first, shop.version.manifest.last
    grid = periods_before(first, shop.as_of)
    if grid is not None:
        with shop.engine.reading(shop.version) as run:
            season = month_rates(run, first, last, shop.as_of)
        periods = periods_of(shop.engine, shop.version, shop.as_of, *grid)
        look = outlook(periods, season, HORIZON_DAYS, settings.model)
        if not isinstance(look, Unknown):
            return look
    # all of the customers may tell what a sample does not
    return first_outlook(purchases(shop.engine, shop.version, shop.as_of), settings.model)


OUTLOOK: Declared[OutlookSettings, Outlook | Unknown] = Declared(
    name="outlook",
    layout=1,
    settings=OutlookSettings,
    result=Outlook | Unknown,
    work_out=_outlook,
    lane="models",
    doing="Looking at forecasts made earlier",
)
