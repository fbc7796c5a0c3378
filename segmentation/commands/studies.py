"""Studying and reporting from the command line."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping as Table
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

from segmentation import formats
from segmentation.analysis import Analysis, Source, Study, members, segment_source
from segmentation.campaigns import Form
from segmentation.commands.handing_out import hand_out
from segmentation.commands.opening import asked_study, for_this_call, opened_shop
from segmentation.commands.result import SAMPLE_SHOP, Result
from segmentation.commands.revenue_change import change_json
from segmentation.errors import SettingOutOfRange, WrongCall
from segmentation.exports import refuse_target
from segmentation.intake import import_file
from segmentation.proof import Recommendation, beside
from segmentation.report import render
from segmentation.report.compose import compose, from_one, last_year, why_changed
from segmentation.workspace import Workspace


def study(options: argparse.Namespace) -> Result:
    """Segments of a shop, and the customers of one of them as a file."""
    if (options.members is None) != (options.out is None):
        raise WrongCall("A file of customers is of one segment.", next_step="Give both --members SEGMENT and --out.")
    if options.preset is not None and options.out is None:
        raise WrongCall("--preset is about the file of a segment.", next_step="Give --members SEGMENT and --out too.")
    if options.separator is not None and options.preset != "csv":
        raise WrongCall("--separator is about --preset csv.", next_step="Add --preset csv, or leave --separator away.")
    if options.out is not None:
        refuse_target(options.out, replace=options.force)
    shop = opened_shop(options)
    study = shop.study(asked_study(options))
    result = _told(options.dataset, study, study.seconds, _advice(shop, study))
    return result if options.out is None else _with_members(options, shop, study, result)


def _with_members(options: argparse.Namespace, shop: Analysis, study: Study, result: Result) -> Result:
    """Write the customers of the segment that was asked for. Raises SettingOutOfRange where there is none of its
    name."""
    names = [segment.name for segment in study.segmentation.segments]
    if options.members not in names:
        raise SettingOutOfRange("--members", options.members, allowed=names)
    if options.preset is not None:
        return _with_audience(options, segment_source(shop, study, names.index(options.members)), result)
    listed = members(shop, study, names.index(options.members))
    written = _written(options, shop, listed.csv, len(listed.rows))
    body = {**result.json, "file": str(written), "members": len(listed.rows)}
    return Result(body, f"{result.text}\n\nWrote {written}: {formats.count(len(listed.rows), 'customer')}.")


def _with_audience(options: argparse.Namespace, source: Source, result: Result) -> Result:
    """Write those of the customers who may be written to, with their addresses."""
    form = Form(preset=options.preset, separator=options.separator or "comma")
    leaving = source.audience(form)
    written = _written(options, source.shop, source.file(form), leaving.size)
    body = {**result.json, "file": str(written), "members": leaving.size, "preset": form.preset}
    body |= {"audience": leaving.to_json()}
    told = f"Wrote {written}: {leaving.sentence}.\nBasis: {leaving.basis}."
    return Result(body, f"{result.text}\n\n{told}")


def _written(options: argparse.Namespace, shop: Analysis, data: bytes, rows: int) -> Path:
    return hand_out(
        shop.workspace,
        options.out,
        data,
        content="customers",
        version=shop.version,
        rows=rows,
        replace=options.force,
    )


def demo(options: argparse.Namespace) -> Result:
    """The sample shop, loaded and studied."""
    workspace = Workspace.open(options.workspace)
    start = time.perf_counter()
    with as_file(files("sample_data") / "orders.csv") as orders:
        import_file(workspace, orders, dataset=SAMPLE_SHOP, today=datetime.now(UTC).date())
    imported = time.perf_counter() - start
    shop = Analysis.open(workspace, SAMPLE_SHOP)
    study = shop.study(asked_study(options))
    result = _told(SAMPLE_SHOP, study, {"import": imported, **study.seconds}, _advice(shop, study))
    where = f" --workspace {options.workspace}" if options.workspace else ""
    return Result(result.json, f"{result.text}\n\nSee them in the browser: tessera app{where}")


def report(options: argparse.Namespace) -> Result:
    """A self-contained HTML report of a shop."""
    refuse_target(options.out, replace=options.force)
    shop = opened_shop(options)
    assumed = for_this_call(shop, options, "margin")
    study = shop.study(asked_study(options))
    page = render(compose(shop, study, assumed)).encode("utf-8")
    hand_out(
        shop.workspace, options.out, page, content="report", version=shop.version, rows=None, replace=options.force
    )
    body = {"dataset": options.dataset, "file": str(options.out), "bytes": options.out.stat().st_size}
    body |= {"assumptions": assumed.to_json(), "seconds": dict(study.seconds)}
    body |= {"revenue_change": change_json(why_changed(shop, last_year(shop)), study.customers.currency)}
    return Result(body, f"Wrote {options.out}.")


def _advice(shop: Analysis, study: Study) -> Recommendation | None:
    """What is said of the recommended number beside these segments, whose proofs may be known already."""
    if study.recommendation is None:
        return None
    proved = shop.proofs(study).peek()
    return beside(study.recommendation, None if proved is None else proved.proofs, study.segmentation)


def _told(dataset: str, study: Study, seconds: Table[str, float], advice: Recommendation | None) -> Result:
    rows = [
        {
            "name": segment.name,
            "customers": profile.customers,
            "share_of_customers": profile.share_of_customers,
            "share_of_revenue": profile.share_of_revenue,
            "share_of_its_revenue_from_one": None if profile.few else profile.from_one,
            "differences": [difference.sentence for difference in profile.strongest],
            "evidence": list(segment.evidence),
        }
        for segment, profile in zip(study.segmentation.segments, study.profiles, strict=True)
    ]
    method = study.settings.method
    body = {"dataset": dataset, "method": method, "k": len(rows), "segments": rows, "seconds": dict(seconds)}
    return Result(body, _segments_table(dataset, study, advice))


def _segments_table(dataset: str, study: Study, advice: Recommendation | None) -> str:
    width = max(len(segment.name) for segment in study.segmentation.segments)
    lines = [f"{dataset}: {study.customers.n:,} customers on {study.customers.as_of:%d %b %Y}", ""]
    lines.append(f"{'Segment':<{width}}  {'Customers':>9}  {'Share':>6}  {'Revenue':>7}  What sets it apart")
    for segment, profile in zip(study.segmentation.segments, study.profiles, strict=True):
        apart = "; ".join(difference.sentence for difference in profile.strongest) or "too few to describe"
        lines.append(
            f"{segment.name:<{width}}  {profile.customers:>9,}  {profile.share_of_customers:>6.1%}"
            f"  {profile.share_of_revenue:>7.1%}  {apart}"
        )
    lines += ["", "Revenue: share of the all-time revenue of these customers; guest orders are not in it."]
    names = [segment.name for segment in study.segmentation.segments]
    alone = [said for name, one in zip(names, study.profiles, strict=True) if (said := from_one(name, one))]
    lines += ["", *alone] if alone else []
    if advice is not None:
        said = f"Recommended number of segments: {advice.reason}" if advice.is_recommended else advice.reason
        lines += ["", said]
    return "\n".join(lines)
