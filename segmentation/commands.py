"""What each command of the CLI does: call the story, give back one object and its text."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, TypeVar

from segmentation import study as story
from segmentation.engine import DuckEngine
from segmentation.errors import WrongCall
from segmentation.intake import Answers, Ledger, Mapping, import_file
from segmentation.report import write_report
from segmentation.report.compose import compose, ledger_lines
from segmentation.workspace import DatasetVersion, Workspace

SAMPLE_SHOP = "Sample shop"
N = TypeVar("N", int, Decimal)


@dataclass(frozen=True, slots=True)
class Result:
    """A command's answer, for a program and for a person."""

    json: dict[str, Any]
    text: str
    warnings: tuple[str, ...] = ()


def import_files(options: argparse.Namespace) -> Result:
    """Import the files one after the other into one dataset."""
    missing = [str(file) for file in options.files if not file.is_file()]
    if missing:
        raise WrongCall(f"There is no file {', '.join(missing)}.")
    workspace = Workspace.open(options.workspace)
    mapping = _mapping(options.mapping) if options.mapping else None
    ledgers: list[Ledger] = []
    warnings: list[str] = []
    for file in options.files:
        done = import_file(
            workspace,
            file,
            dataset=options.dataset or options.files[0].stem,
            mapping=mapping,
            answers=Answers(date_order=options.date_order, decimal=options.decimal),
            drop_repeats=options.drop_repeats,
            today=datetime.now(UTC).date(),
        )
        warnings += done.warnings
        ledgers.append(done.ledger)
    account = _together(ledgers)
    return Result(account.to_json(), _account(account, workspace.latest(account.dataset)), tuple(warnings))


def study(options: argparse.Namespace) -> Result:
    """Segments of a dataset."""
    workspace = Workspace.open(options.workspace)
    found, seconds = _study(workspace, workspace.latest(options.dataset), options)
    return _told(options.dataset, found, seconds)


def demo(options: argparse.Namespace) -> Result:
    """The sample shop, loaded and studied."""
    workspace = Workspace.open(options.workspace)
    start = time.perf_counter()
    with as_file(files("sample_data") / "orders.csv") as orders:
        import_file(workspace, orders, dataset=SAMPLE_SHOP, today=datetime.now(UTC).date())
    imported = time.perf_counter() - start
    found, seconds = _study(workspace, workspace.latest(SAMPLE_SHOP), options)
    told = _told(SAMPLE_SHOP, found, {"import": imported, **seconds})
    where = f" --workspace {options.workspace}" if options.workspace else ""
    return Result(told.json, f"{told.text}\n\nSee them in the browser: tessera app{where}")


def report(options: argparse.Namespace) -> Result:
    """A self-contained HTML report of a dataset."""
    workspace = Workspace.open(options.workspace)
    version = workspace.latest(options.dataset)
    engine = DuckEngine.open(workspace.root)
    found, seconds = _study(workspace, version, options, engine)
    if not options.out.parent.is_dir():
        raise WrongCall(f"There is no folder {options.out.parent}.", next_step="Make it, or choose another --out.")
    write_report(options.out, compose(workspace, engine, version, found))
    body = {"dataset": options.dataset, "file": str(options.out), "bytes": options.out.stat().st_size}
    return Result({**body, "seconds": dict(seconds)}, f"Wrote {options.out}.")


def _study(
    workspace: Workspace, version: DatasetVersion, options: argparse.Namespace, engine: DuckEngine | None = None
) -> tuple[story.Study, Table[str, float]]:
    settings = story.StudySettings(
        method=getattr(options, "method", "kmeans"),
        segments=getattr(options, "segments", None),
        features=getattr(options, "features", ()),
        rfm_preset=getattr(options, "rfm_preset", "shopify"),
    )
    start = time.perf_counter()
    engine = engine or DuckEngine.open(workspace.root)
    customers = story.prepare(workspace, engine, version, getattr(options, "as_of", None))
    prepared = time.perf_counter()
    asked = settings.segments is None and settings.method != "rfm"
    names = story.features_for(customers, settings)
    advice = story.advise(workspace, version, customers, names) if asked else None
    advised = time.perf_counter()
    found = story.run(customers, settings, advice=advice)
    return found, {"features": prepared - start, "recommend": advised - prepared, **found.seconds}


def _told(dataset: str, found: story.Study, seconds: Table[str, float]) -> Result:
    rows = [
        {
            "name": segment.name,
            "customers": profile.customers,
            "share_of_customers": profile.share_of_customers,
            "share_of_revenue": profile.share_of_revenue,
            "differences": [difference.sentence for difference in profile.strongest],
        }
        for segment, profile in zip(found.segmentation.segments, found.profiles, strict=True)
    ]
    method = found.settings.method
    body = {"dataset": dataset, "method": method, "k": len(rows), "segments": rows, "seconds": dict(seconds)}
    return Result(body, _segments_table(dataset, found))


def _segments_table(dataset: str, found: story.Study) -> str:
    width = max(len(segment.name) for segment in found.segmentation.segments)
    lines = [f"{dataset}: {found.customers.n:,} customers on {found.customers.as_of:%d %b %Y}", ""]
    lines.append(f"{'Segment':<{width}}  {'Customers':>9}  {'Share':>6}  {'Revenue':>7}  What sets it apart")
    for segment, profile in zip(found.segmentation.segments, found.profiles, strict=True):
        apart = "; ".join(difference.sentence for difference in profile.strongest) or "too few to describe"
        lines.append(
            f"{segment.name:<{width}}  {profile.customers:>9,}  {profile.share_of_customers:>6.1%}"
            f"  {profile.share_of_revenue:>7.1%}  {apart}"
        )
    if found.recommendation:
        lines += ["", f"Recommended number of segments: {found.recommendation.reason}"]
    return "\n".join(lines)


def _together(ledgers: Sequence[Ledger]) -> Ledger:
    """One account of several files of one dataset: rows and revenue added up, the rest as after the last file."""

    def added(tables: Iterable[Table[str, N]], zero: N) -> dict[str, N]:
        total: dict[str, N] = {}
        for table in tables:
            for reason, value in table.items():
                total[reason] = total.get(reason, zero) + value
        return total

    return replace(
        ledgers[-1],
        read=sum(one.read for one in ledgers),
        loaded=sum(one.loaded for one in ledgers),
        already_present=sum(one.already_present for one in ledgers),
        dropped_repeats=sum(one.dropped_repeats for one in ledgers),
        set_aside=added((one.set_aside for one in ledgers), 0),
        repeated_rows=sum(one.repeated_rows for one in ledgers),
        revenue_file=sum((one.revenue_file for one in ledgers), Decimal(0)),
        revenue_kept=sum((one.revenue_kept for one in ledgers), Decimal(0)),
        excluded=added((one.excluded for one in ledgers), Decimal(0)),
    )


def _account(account: Ledger, version: DatasetVersion) -> str:
    held = version.manifest
    lines = [f"{account.dataset}, version {account.version}", ""]
    for line in ledger_lines(account.to_json()):
        rows = f"{line.rows:,}" if line.rows is not None else ""
        amount = f"{line.amount:,.2f}" if line.amount is not None else ""
        lines.append(f"{rows:>12}  {amount:>16}  {'  ' * line.level}{line.label}")
    currency = f" {held.currency}" if held.currency else ""
    held_now = (
        f"{account.customers:,} customers, {account.orders:,} orders ({account.guests:,} by guests), "
        f"{held.revenue:,.2f}{currency}, {account.first:%d %b %Y} to {account.last:%d %b %Y}"
    )
    return "\n".join([*lines, "", held_now])


def _mapping(file: Path) -> Mapping:
    if not file.is_file():
        raise WrongCall(f"There is no mapping file {file}.")
    return Mapping.from_toml(file.read_text(encoding="utf-8"))
