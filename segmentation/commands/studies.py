"""Studying and reporting from the command line."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping as Table
from datetime import UTC, datetime
from importlib.resources import as_file, files

from segmentation import study as story
from segmentation.commands.handing_out import hand_out
from segmentation.commands.opening import opened
from segmentation.commands.result import SAMPLE_SHOP, Result
from segmentation.engine import DuckEngine
from segmentation.exports import refuse_target
from segmentation.intake import import_file
from segmentation.proving import StoredNumber
from segmentation.report import render
from segmentation.report.compose import compose
from segmentation.workspace import DatasetVersion, Workspace


def study(options: argparse.Namespace) -> Result:
    """Segments of a dataset."""
    workspace = opened(options)
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
    refuse_target(options.out, replace=options.force)
    workspace = opened(options)
    version = workspace.latest(options.dataset)
    engine = DuckEngine.open(workspace.root)
    found, seconds = _study(workspace, version, options, engine)
    page = render(compose(workspace, engine, version, found)).encode("utf-8")
    hand_out(workspace, options.out, page, content="report", version=version, rows=None, replace=options.force)
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
    tables = story.Tables(workspace, engine, version, settings.scores)
    customers = tables.at(getattr(options, "as_of", None))
    prepared = time.perf_counter()
    asked = settings.segments is None and settings.method != "rfm"
    names = story.features_for(customers, settings)
    advice = StoredNumber.of(workspace, version, customers, names).compute(engine) if asked else None
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
