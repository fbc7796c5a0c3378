"""What a person corrects of how files were understood: the keys of dropdowns and answers, and the files read once more
under what was corrected.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime

from dashboard import state
from segmentation.intake import Inspection, reconsider
from segmentation.meaning import MEANINGS, Mapping

BATCH, READINGS = "uploader", "readings"
MOST_READINGS = 24
_SAID = ("guests", "convert_currencies", "dataset_name", "import_into", "drop_repeats")
PARTS = ("shipping", "tax", "gift_cards", "test_orders")
"""What counts as revenue by choice only."""


def batch() -> int:
    """The number of the files that wait: other files are another batch, whose answers are other answers."""
    return state.recall(BATCH, 0)


def next_batch() -> None:
    """Make room for other files: an empty uploader, nothing answered."""
    state.keep(BATCH, batch() + 1)
    forget_readings()


def chosen() -> dict[str, object]:
    """What the widgets stand at that say something about the files that wait."""
    found = state.recall_all(("map_", "count_", "rate_", f"answer_{batch()}_"), _SAID)
    return {key: value for key, value in found.items() if value is None or isinstance(value, (str, bool, float, list))}


def choose_again(batch_: int, widgets: dict[str, object]) -> None:
    """Set the widgets to what `chosen` said of this batch."""
    state.keep(BATCH, batch_)
    for key, value in widgets.items():
        state.put(key, value)


def key_for(meaning: str, place: int) -> str:
    """The key of a dropdown: which column has this meaning in the `place`th kind of table."""
    return f"map_{meaning}" if place == 0 else f"map_{meaning}_{place}"


def answer_key(place: int, *about: str) -> str:
    """The key of an answer about a thing of the `place`th kind of table of these files."""
    digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:12]
    return f"answer_{batch()}_{place}_{digest}"


def suggest(mapping: Mapping, place: int) -> None:
    """Set a mapping's dropdowns, and what was chosen before, to this mapping."""
    for meaning in MEANINGS:
        state.put(key_for(meaning, place), getattr(mapping, meaning))
    if place == 0:
        for part in PARTS:
            state.put(f"count_{part}", mapping.choices.counts(part))
        state.put("guests", list(mapping.choices.guests))


def read_again(inspection: Inspection, mapping: Mapping, place: int) -> Inspection:
    """What was seen, under a corrected mapping; remembered, since a screen is drawn again at every click.

    Raises DamagedIds or NoCalendar where it cannot be read so.
    """
    readings: dict[tuple[int, str], Inspection] = state.recall(READINGS, {})
    key = (place, mapping.to_toml())
    if key not in readings:
        readings = {key: reconsider(inspection, mapping, today()), **dict(list(readings.items())[: MOST_READINGS - 1])}
        state.keep(READINGS, readings)
    return readings[key]


def forget_readings() -> None:
    """Forget how files were read that are there no more."""
    state.forget(READINGS)


def today() -> date:
    """The day on this machine, as far as the world agrees on one."""
    return datetime.now(UTC).date()
