"""The one door: a shop at a date, and everything that can be asked of it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from segmentation.analysis.churn import CHURN, ChurnResult, ChurnSettings
from segmentation.analysis.clv import CLV, FACETS, PURCHASES, ClvResult, ClvSettings
from segmentation.analysis.dated import NOTHING, Dated, scores_among
from segmentation.analysis.declared import Answer, Nothing
from segmentation.analysis.explaining import (
    CUTS,
    DRIVERS,
    HANDMADE,
    MACHINE_LABELS,
    RULES,
    UNSURE,
    Handmade,
    HandmadeSettings,
)
from segmentation.analysis.figures import (
    LOOK_BACK,
    MARGIN,
    MIGRATION,
    OVERVIEW,
    PAST_CAMPAIGNS,
    REVENUE_CHANGE,
    SALES,
    ChangeSettings,
    LookBack,
    OverviewSettings,
    SalesSettings,
    SinceSettings,
    WindowSettings,
    plan_of,
)
from segmentation.analysis.gaps import GAPS
from segmentation.analysis.maps import MAP, MapSettings
from segmentation.analysis.memory import MEMORY
from segmentation.analysis.plays import plays_of, season_back
from segmentation.analysis.proofs import PROOFS, ProofSettings, Proved
from segmentation.analysis.scores import customers_of
from segmentation.analysis.studies import (
    NUMBER,
    SEGMENTS,
    NumberSettings,
    SegmentsSettings,
    Study,
    StudySettings,
    features_for,
    resolve,
)
from segmentation.assumptions import ShopAssumptions, Value
from segmentation.atlas import Map
from segmentation.campaigns import PastCampaign, Plan
from segmentation.clv import Facets, Purchases
from segmentation.customers import CodeArray, CustomerTable, Reach, default_as_of, reach, refuse_too_early
from segmentation.customers.gaps import counted_as_silence
from segmentation.engine import engine_of
from segmentation.engine.protocol import Engine
from segmentation.errors import DataError
from segmentation.estimates import Unknown
from segmentation.explain import Driver, Rules
from segmentation.kpis import GroupSales, Overview, Period
from segmentation.proof import Recommendation
from segmentation.revenue_change import RevenueChange
from segmentation.segments import Conditions, Cut, Edits, Segmentation, SegmentSettings, thaw
from segmentation.segments.matching import carried, match
from segmentation.watch import Migration
from segmentation.workspace import BasisLog, DatasetVersion, Saved, StatedAssumptions, Statement, Workspace

PLANS_HELD = 200
USUAL, USUAL_CLV = StudySettings(), ClvSettings()
"""What is looked at where nobody chose: the recommended number of segments, the usual features, all orders."""


@dataclass(frozen=True, slots=True)
class Analysis(Dated):
    """A version of a shop looked at on a day.

    What returns an `Answer` is asked for with `.peek()`, `.ask(jobs)` or `.get()`; the rest is there at once.
    """

    @classmethod
    def open(cls, workspace: Workspace, name: str, as_of: date | None = None, *, number: int | None = None) -> Analysis:
        """The shop of this name as of a day (default: the day after the last order); its current version unless a
        `number` is given. Raises DatasetNotFound, SettingOutOfRange for a version that is gone, VersionDamaged, and
        BeforeFirstOrder."""
        version = workspace.latest(name) if number is None else workspace.version(name, number)
        return cls.of(workspace, version, as_of)

    @classmethod
    def of(
        cls, workspace: Workspace, version: DatasetVersion, as_of: date | None = None, engine: Engine | None = None
    ) -> Analysis:
        """The same for a version that is at hand. Raises BeforeFirstOrder."""
        on = as_of or default_as_of(version)
        refuse_too_early(version, on)
        return cls(workspace, engine or engine_of(workspace.root), version, on)

    # Customers ---------------------------------------------------------------------------------------------------

    def customers(self, scores: Iterable[str] = ()) -> CustomerTable:
        """Every customer with these scores among the features. Raises NotEnoughData."""
        return customers_of(self, scores_among(scores))

    def purchases(self) -> Answer[Nothing, Purchases]:
        """Who came back how often."""
        return self.answer(PURCHASES, NOTHING)

    def facets(self) -> Answer[Nothing, Facets]:
        """When, what and where the customers first ordered."""
        return self.answer(FACETS, NOTHING)

    def stated(self) -> Statement | None:
        """What is stated about writing to the shop's customers; read anew every time."""
        return BasisLog(self.workspace, self.version.dataset_id).current()

    def reach(self) -> Reach:
        """Who may be written to, and on what basis."""
        return reach(self.plain_customers(), self.stated())

    # Assumptions -------------------------------------------------------------------------------------------------

    def measured_margin(self) -> float | None:
        """The margin that the unit costs give, as a share of revenue to the percent, below 0 where the shop sells below
        cost; None where there are none."""
        rate = self.answer(MARGIN, NOTHING).get()
        return None if isinstance(rate, Unknown) else round(rate.value, 2) + 0.0

    def assumptions(self) -> ShopAssumptions:
        """What is taken for true of the shop, and the margin that counts; what is stated is read anew every time."""
        values = StatedAssumptions(self.workspace, self.version.dataset_id).current()
        return ShopAssumptions(values=values, measured=self.measured_margin())

    def assume(self, **changes: Value) -> ShopAssumptions:
        """State values for the whole shop from now on. Raises SettingOutOfRange."""
        measured = self.measured_margin()
        values = StatedAssumptions(self.workspace, self.version.dataset_id).state(measured, **changes)
        return ShopAssumptions(values=values, measured=measured)

    # Segments ----------------------------------------------------------------------------------------------------

    def number(
        self, settings: StudySettings = USUAL, scores: Iterable[str] = ()
    ) -> Answer[NumberSettings, Recommendation]:
        """How many segments suit the chosen features. Raises FeatureNotFound, FeatureUnavailable."""
        table = self.customers([*scores, *settings.scores])
        return self.answer(NUMBER, NumberSettings(features=features_for(table, settings), weights=settings.weights))

    def study(self, settings: StudySettings = USUAL, *, scores: Iterable[str] = (), wait: bool = True) -> Study:
        """Segments, names and profiles of every customer; fast enough to follow a slider once the number is known.

        Segments keep the names and colours they have among the standard ones (recommended number, usual features),
        unless the settings name another anchor. Without `wait` a few segments are shown while the number is not known.
        `scores` are shown in the profiles too. Raises NotEnoughData.
        """
        shown = scores_among([*scores, *settings.scores])
        seconds, start = {}, time.perf_counter()
        table = self.customers(shown)
        seconds["features"] = time.perf_counter() - start
        start = time.perf_counter()
        complete, advice = self._resolved(table, settings, wait=wait)
        seconds["recommend"] = time.perf_counter() - start
        start = time.perf_counter()
        needed = settings.edits.features if settings.method == "rfm" else settings.scores
        segmentation = _segments_of(self, table, SegmentsSettings(key=complete.key), needed)
        seconds["segments"] = time.perf_counter() - start
        return Study(table, settings, segmentation, advice, seconds=seconds)

    def _resolved(
        self, table: CustomerTable, settings: StudySettings, *, wait: bool
    ) -> tuple[SegmentSettings, Recommendation | None]:
        advice = None
        if settings.method != "rfm":
            number = self.number(settings, table.scores)
            advice = number.get() if wait and settings.segments is None else number.peek()
        if settings.anchor is None and settings != USUAL:
            settings = replace(settings, anchor=self._usual_anchor(table, wait=wait))
        return resolve(table, settings, advice), advice

    def _usual_anchor(self, table: CustomerTable, *, wait: bool) -> str | None:
        """The key of the standard segments, which are made and held; None where there can be none."""
        try:
            usual, _ = self._resolved(table, USUAL, wait=wait)
            self.answer(SEGMENTS, SegmentsSettings(key=usual.key, scores=table.scores)).get()
        except DataError:
            return None
        return usual.key

    def carried(self, before: str, settings: StudySettings) -> tuple[Edits, tuple[str, ...]]:
        """The changes by hand of `settings`, with the merges that the segmentation of the key `before` had and whose
        parts go on; and a name for each merge that is lost with its parts. Where these customers cannot be segmented
        as before, all merges are lost. Raises what `study` raises."""
        old, bare = SegmentSettings.from_key(before), Edits()
        now = self.study(replace(settings, edits=bare), wait=False).segmentation
        try:
            table, asked = self.customers(old.measures), SegmentsSettings(key=replace(old, edits=bare).key)
            then = _segments_of(self, table, asked, ())
        except DataError:
            return settings.edits, tuple(
                " + ".join(f"Segment {part + 1}" for part in parts) for parts in old.edits.merges
            )
        continued = match(then.labels, now.labels, len(then.segments), len(now.segments))
        merges, lost = carried(old.edits.merges, continued)
        names = tuple(
            " + ".join(then.segments[part].name for part in parts if part < len(then.segments)) for parts in lost
        )
        alive = [parts for parts in old.edits.merges if parts not in lost]
        given = dict(old.edits.names)
        typed = [
            (new[0], next(given[part] for part in parts if part in given))
            for parts, new in zip(alive, merges, strict=True)
            if given.keys() & set(parts)
        ]
        return replace(settings.edits, merges=merges, names=(*settings.edits.names, *typed)), names

    def saved_study(self, saved: Saved, scores: Iterable[str] = ()) -> Study:
        """A saved segmentation over these customers: as it was made, or its segments with everyone assigned.

        Raises FeatureUnavailable.
        """
        settings = StudySettings.of(SegmentSettings.from_key(saved.key))
        shown = scores_among([*scores, *settings.scores])
        if not self.is_outdated(saved):
            return self.study(settings, scores=shown, wait=False)
        table, asked = self.customers(shown), SegmentsSettings(key=saved.key, saved=saved.identity)
        segmentation = _segments_of(self, table, asked, [*settings.features, *settings.edits.features])
        return Study(table, settings, segmentation, None, saved=saved.identity)

    def is_outdated(self, saved: Saved) -> bool:
        """Whether a saved segmentation was made of other customers than these."""
        made_of = MEMORY.once("made-of", saved.identity, lambda: self._made_of(saved), most=48)
        return bool(made_of != self.plain_customers().identity)

    def _made_of(self, saved: Saved) -> str:
        return thaw(saved.body or self.saved_segmentations.get(saved.identity).body).table

    def proofs(self, study: Study) -> Answer[ProofSettings, Proved]:
        """Whether the segments hold."""
        return self.answer(PROOFS, ProofSettings.of(study))

    def map(self, features: tuple[str, ...], seed: int = 0) -> Answer[MapSettings, Map]:
        """The map that places customers by these features."""
        return self.answer(MAP, MapSettings(features=features, seed=seed))

    # What explains them ------------------------------------------------------------------------------------------

    def rules(self, study: Study) -> Answer[SegmentsSettings, Rules | Unknown]:
        """The segments as few simple rules."""
        return self.answer(RULES, study.identity)

    def drivers(self, study: Study) -> Answer[SegmentsSettings, tuple[tuple[Driver, ...], ...]]:
        """What each segment is made by, in order of place, the strongest first."""
        return self.answer(DRIVERS, study.identity)

    def cuts(self, study: Study) -> Answer[SegmentsSettings, tuple[Cut, ...]]:
        """Who got which score; nobody where the segmentation has no scores."""
        return self.answer(CUTS, study.identity)

    def unsure(self, study: Study) -> Answer[SegmentsSettings, tuple[int, ...] | None]:
        """Customers of each segment who stand between dense groups, in order of place; None beside other methods."""
        return self.answer(UNSURE, study.identity)

    def machine_labels(self, study: Study) -> Answer[SegmentsSettings, CodeArray]:
        """The segment each customer would be in if none were pinned, shape (n,)."""
        return self.answer(MACHINE_LABELS, study.identity)

    def handmade(self, study: Study, conditions: Conditions) -> Answer[HandmadeSettings, Handmade]:
        """Who meets these conditions, beside everyone. Raises FeatureUnavailable."""
        return self.answer(HANDMADE, HandmadeSettings(beside=study.identity, conditions=conditions.text))

    # What is expected --------------------------------------------------------------------------------------------

    def clv(self, settings: ClvSettings = USUAL_CLV) -> Answer[ClvSettings, ClvResult]:
        """Customer lifetime value."""
        return self.answer(CLV, settings)

    def churn(self, horizon_days: int | None = None) -> Answer[ChurnSettings, ChurnResult]:
        """Who is slipping away."""
        return self.answer(CHURN, ChurnSettings(horizon_days=horizon_days))

    # Campaigns ---------------------------------------------------------------------------------------------------

    def look_back(self, days: int, scores: Iterable[str] = ()) -> Answer[WindowSettings, LookBack | Unknown]:
        """What the customers did in the last `days` days; Unknown where the history is too short."""
        return self.answer(LOOK_BACK, WindowSettings(days=days, scores=scores_among(scores)))

    def plan(self, study: Study, assumed: ShopAssumptions | None = None, *, budget: float | None = None) -> Plan:
        """The ROI table: each segment's plan under these assumptions (default: the shop's), for whom the stated basis
        and the data reach."""
        assumed, stated = assumed or self.assumptions(), self.stated()
        back = self.look_back(assumed.values.window_days, study.customers.scores).get()
        made_from = (self.place, self.version.dataset_id, study.identity, assumed, stated, budget)
        made = MEMORY.once(
            "plan", made_from, lambda: plan_of(study, back, assumed, stated, budget=budget), most=PLANS_HELD
        )
        assert isinstance(made, Plan)
        return made

    def plays(
        self, study: Study, plan: Plan, assumed: ShopAssumptions | None = None, *, wait: bool = True
    ) -> tuple[str, ...]:
        """What to do with each segment, in order of place, given its plan under these assumptions (default: the
        shop's). Without `wait` nothing is said of a season that was not looked at yet."""
        assumed, stated = assumed or self.assumptions(), self.stated()
        back = season_back(self, study, assumed.values.window_days)
        known = None if back is None else back.get() if wait else back.peek()
        made_from = (self.place, self.version.dataset_id, study.identity, plan, assumed, stated, known is None)
        made = MEMORY.once("plays", made_from, lambda: plays_of(study, plan, known, assumed, stated), most=PLANS_HELD)
        return cast("tuple[str, ...]", made)

    def past_campaigns(self) -> Answer[Nothing, tuple[PastCampaign, ...]]:
        """The campaigns that a mailing platform reported."""
        return self.answer(PAST_CAMPAIGNS, NOTHING)

    def careful(self) -> str:
        """What is wrong with taking silence for a customer's own wish in this history; "" where nothing is known."""
        return counted_as_silence([gap for gap in self.answer(GAPS, NOTHING).get() if gap.last < self.as_of])

    # Figures -----------------------------------------------------------------------------------------------------

    def overview(self, period: Period, *, yearly: bool = False) -> Answer[OverviewSettings, Overview]:
        """The figures of a period, beside the earlier days that suit it; `yearly`, the same dates before."""
        return self.answer(OVERVIEW, OverviewSettings(period=period, yearly=yearly))

    def revenue_change(self, period: Period, earlier: Period) -> Answer[ChangeSettings, RevenueChange]:
        """Why revenue of a period differs from that of an earlier one."""
        return self.answer(REVENUE_CHANGE, ChangeSettings(period=period, earlier=earlier))

    def sales(self, study: Study, period: Period) -> Answer[SalesSettings, tuple[GroupSales, ...]]:
        """What each segment bought in a period."""
        return self.answer(SALES, SalesSettings(segments=study.identity, period=period))

    def migration(self, study: Study, days: int) -> Answer[SinceSettings, Migration | Unknown]:
        """How customers moved between the segments in the last `days` days; Unknown without the history."""
        then = self.as_of - timedelta(days=days)
        return self.answer(MIGRATION, SinceSettings(segments=study.identity, then=then))


def _segments_of(shop: Dated, table: CustomerTable, asked: SegmentsSettings, needed: Iterable[str]) -> Segmentation:
    """The segments of a table, by the scores that it has: some that were asked for may be none of it. Raises
    FeatureUnavailable with the reason where one is `needed`."""
    for name in scores_among(needed):
        table.feature(name)
    return shop.answer(SEGMENTS, replace(asked, scores=table.scores)).get()
