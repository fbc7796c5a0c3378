"""The report as a file to download, with the same figures as `tessera report`."""

from __future__ import annotations

import hashlib

from dashboard import state
from dashboard.parts.downloads import Download
from segmentation.analysis import Study
from segmentation.report import render
from segmentation.report.compose import compose
from segmentation.workspace import DatasetVersion


def download(version: DatasetVersion, study: Study) -> Download:
    """The report of this study as a self-contained HTML page, made when it is asked for. Its name differs whenever the
    shop's data, the date, the settings or what is assumed do."""
    shop, assumed = state.analysis(), state.assumptions()
    made_from = (
        f"{version.dataset_id}|{version.fingerprint}|{study.customers.fingerprint}|{study.segmentation.settings.key}"
        f"|{state.reached().ground.identity}|{assumed}"
    )
    return Download(
        make=lambda: render(compose(shop, study, assumed)).encode("utf-8"),
        file_name=f"tessera-report-{hashlib.sha256(made_from.encode()).hexdigest()[:8]}.html",
        mime="text/html",
        identity=made_from,
        content="report",
        of=version,
    )
