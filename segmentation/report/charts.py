"""The report's three drawings: shares, the profile heat map, and each campaign's range of profit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segmentation.campaigns import Plan
from segmentation.estimates import Estimate
from segmentation.report.canvas import Canvas, slot
from segmentation.report.content import Heat, ReportSegment
from segmentation.report.figures import MINUS, count, money, percent
from segmentation.revenue_change import Line, signed, total_of

WIDTH = 520.0
NAMES = 186.0  # pixels kept for segment names
TOP = 84.0  # pixels above the first segment, the same in the two drawings that stand side by side
ROW = 38.0
PROFIT_ROW, PROFIT_LEFT = 26.0, 350.0
CHANGE_ROW, CHANGE_ROOM = 26.0, 84.0  # height of a line, and pixels kept for an amount on either side
OTHER = 9  # palette slot of a segment that is only in the plan
TOLD_INSTEAD = "too few to describe"
MANY_FEATURES = 8  # with more, the heat map takes the whole width of the page
STRONGEST = 2.0  # standard deviations at which a heat map cell has its full colour


def shares(segments: Sequence[ReportSegment]) -> str:
    """Two bars per segment: its share of customers above its share of revenue."""
    canvas = Canvas(WIDTH, TOP + ROW * len(segments))
    room = WIDTH - NAMES - 48
    described = [s for s in segments if not s.few]
    longest = (
        max([s.share_of_customers for s in segments] + [s.share_of_revenue for s in described], default=1.0) or 1.0
    )
    for j, (words, strength) in enumerate((("share of customers", 0.38), ("share of all-time revenue", 1.0))):
        canvas.box(NAMES, TOP - 45 + j * 18, 22, 11, "quiet", strength=strength)
        canvas.text(NAMES + 30, TOP - 39 + j * 18, words, size=11, colour="quiet")
    for i, segment in enumerate(segments):
        y = TOP + i * ROW
        _name(canvas, y + ROW / 2, segment)
        bars = ((segment.share_of_customers, 0.38, "quiet"), (segment.share_of_revenue, 1.0, "ink"))
        for j, (share, strength, colour) in enumerate(bars[: 1 if segment.few else 2]):
            place, length = y + 6 + j * 14, max(room * share / longest, 1.0)
            canvas.box(NAMES, place, length, 12, slot(segment.colour), strength=strength)
            canvas.text(NAMES + length + 7, place + 6, percent(share), size=11, colour=colour)
        if segment.few:
            canvas.text(NAMES, y + 26, TOLD_INSTEAD, size=11, colour="quiet")
    return canvas.svg("Share of customers and share of all-time revenue of each segment")


def changes(lines: Sequence[Line], currency: str | None) -> str:
    """What each part adds to the change of revenue, each from where the one before it ends, and the change last."""
    amounts = [float(line.amount) for line in lines]
    starts = [sum(amounts[:place]) for place in range(len(amounts) + 1)]
    low, high = min(*starts, 0.0), max(*starts, 0.0)
    canvas = Canvas(WIDTH * 1.4, CHANGE_ROW * (len(lines) + 1))
    scale = Scale(low, high, NAMES + CHANGE_ROOM, canvas.width - CHANGE_ROOM)
    canvas.box(scale(0) - 0.5, 0, 1, canvas.height, "line")
    rows = [(line.label, line.amount, start) for line, start in zip(lines, starts, strict=False)]
    for place, (label, amount, start) in enumerate([*rows, ("Change of revenue", total_of(lines), 0.0)]):
        y, end, last = (place + 0.5) * CHANGE_ROW, start + float(amount), place == len(lines)
        left, right = sorted((scale(start), scale(end)))
        colour = "ink" if last else "above" if amount > 0 else "below"
        canvas.text(0, y, label, bold=last)
        canvas.box(left, y - 7, max(right - left, 1.0), 14, colour)
        falls = amount < 0
        canvas.text(
            left - 6 if falls else right + 6, y, signed(amount, currency, MINUS), size=11,
            side="right" if falls else "left", bold=last,
        )  # fmt: skip
    return canvas.svg("What each part adds to the change of revenue")


def heat(segments: Sequence[ReportSegment], values: Heat) -> str:
    """One cell per segment and feature: how far the segment is from everyone, in standard deviations."""
    canvas = Canvas(WIDTH * (2 if is_wide(values) else 1), TOP + ROW * len(segments))
    width = (canvas.width - NAMES - 34) / max(len(values.features), 1)
    for j, feature in enumerate(values.features):
        canvas.text(NAMES + (j + 0.5) * width, TOP - 9, _short(feature, 18), size=11, colour="quiet", turn=38)
    for i, (segment, cells) in enumerate(zip(segments, values.rows, strict=True)):
        y = TOP + i * ROW
        _name(canvas, y + ROW / 2, segment)
        if segment.few:
            canvas.text(NAMES, y + ROW / 2, TOLD_INSTEAD, size=11, colour="quiet")
            continue
        for j, cell in enumerate(cells):
            _cell(canvas, NAMES + j * width, y, width, ROW, cell)
    return canvas.svg("How far each segment is from the average customer in each feature, in standard deviations")


def is_wide(values: Heat) -> bool:
    """Whether the heat map needs the whole width of the page."""
    return len(values.features) > MANY_FEATURES


def _cell(canvas: Canvas, x: float, y: float, width: float, height: float, value: float | None) -> None:
    canvas.box(x + 1, y + 1, width - 2, height - 2, "track")
    if value is None:
        canvas.text(x + width / 2, y + height / 2, "–", size=11, colour="quiet", side="center")
        return
    strength = min(abs(value) / STRONGEST, 1.0) * 0.62
    canvas.box(x + 1, y + 1, width - 2, height - 2, "above" if value > 0 else "below", strength=strength)
    written = ("+" if value >= 0.05 else "") + count(value, 1)
    faint = "quiet" if abs(value) < 0.25 else "ink"
    canvas.text(x + width / 2, y + height / 2, written, size=11, colour=faint, side="center")


def profits(plan: Plan, colours: Mapping[str, int], currency: str | None) -> str | None:
    """Expected profit of contacting each segment with its 95 % interval; None where no segment has one."""
    rows = [(row, row.profit) for row in plan.rows if isinstance(row.profit, Estimate)]
    if not rows:
        return None
    canvas = Canvas(2 * WIDTH, 26 + PROFIT_ROW * len(rows) + 4)
    low, high = min(0.0, *(p.low for _, p in rows)), max(0.0, *(p.high for _, p in rows))
    scale = Scale(low, high, PROFIT_LEFT, canvas.width - 30)
    for tick in scale.ticks():
        strong = tick == 0
        canvas.box(scale(tick) - 0.5, 20, 1, canvas.height - 20, "quiet" if strong else "line")
        colour = "ink" if strong else "quiet"
        canvas.text(scale(tick), 8, money(tick, currency, cents=False), size=11, colour=colour, side="center")
    for i, (row, profit) in enumerate(rows):
        colour = slot(colours.get(row.name, OTHER))
        y = 26 + (i + 0.5) * PROFIT_ROW
        canvas.dot(5, y, 4, colour)
        canvas.text(16, y, _short(row.name, 34))
        canvas.text(
            PROFIT_LEFT - 34, y, money(profit.value, currency, cents=False), side="right", bold=profit.value > 0
        )
        canvas.box(scale(profit.low), y - 3, max(scale(profit.high) - scale(profit.low), 1.5), 6, colour, strength=0.38)
        canvas.dot(scale(profit.value), y, 5, colour)
    return canvas.svg("Expected profit of a campaign to each segment, with its 95 % interval")


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` placed between the pixels `left` and `right`."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        """The pixel at which `value` stands."""
        return self.left + (value - self.low) / ((self.high - self.low) or 1.0) * (self.right - self.left)

    def ticks(self) -> tuple[float, ...]:
        """Round values inside the scale, zero among them, four to eight of them."""
        span = self.high - self.low
        if span <= 0:
            return (0.0,)
        size = 10.0 ** math.floor(math.log10(span / 4))
        step = next(size * part for part in (5, 2, 1) if size * part <= span / 4)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return tuple(i * step for i in range(first, last + 1))


def _name(canvas: Canvas, y: float, segment: ReportSegment) -> None:
    canvas.dot(5, y, 4, slot(segment.colour))
    canvas.text(16, y, _short(segment.name, 27))


def _short(words: str, letters: int) -> str:
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"
