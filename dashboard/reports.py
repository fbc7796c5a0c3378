"""The report as a file to download, with the same figures as `tessera report`."""

from __future__ import annotations

import hashlib

from dashboard import session
from segmentation.report import render
from segmentation.report.compose import compose
from segmentation.study import Study
from segmentation.workspace import DatasetVersion


def page(version: DatasetVersion, study: Study) -> bytes:
    """The report of this study as a self-contained HTML page."""
    return render(compose(session.workspace(), session.engine(), version, study)).encode("utf-8")


def file_name(version: DatasetVersion, study: Study) -> str:
    """A name that differs whenever the shop's data, the date or the settings do."""
    made_from = (
        f"{version.dataset_id}|{version.fingerprint}|{study.customers.fingerprint}|{study.segmentation.settings.key}"
        f"|{session.reached(study.customers).ground.identity}"
    )
    return f"tessera-report-{hashlib.sha256(made_from.encode()).hexdigest()[:8]}.html"
