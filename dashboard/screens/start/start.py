"""The address without a screen: the overview where there is data, otherwise the two doors."""

from __future__ import annotations

from dashboard import state

state.go_to("overview" if state.versions() else "import_data")
