"""The report: one HTML file that can be taken to a meeting, opened anywhere and printed."""

from segmentation.report.content import Heat, Kpi, LedgerLine, Method, ReportContent, ReportSegment, Why
from segmentation.report.page import render, write_report

__all__ = ["Heat", "Kpi", "LedgerLine", "Method", "ReportContent", "ReportSegment", "Why", "render", "write_report"]
