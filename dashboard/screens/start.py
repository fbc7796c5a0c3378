"""The address without a screen: the overview where there is data, otherwise the two doors."""

from __future__ import annotations

from dashboard import session

session.go_to("overview" if session.versions() else "import_data")
