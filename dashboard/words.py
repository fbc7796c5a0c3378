"""Sentences: for errors, for what is unknown, for empty states; and file text made safe to show.

Everything returned here is Markdown as Streamlit reads it. Text that came out of a file goes through `plain`
first, so that a product called `[x](javascript:…)` or `:material/home:` appears letter by letter.
"""

from __future__ import annotations

import re

from segmentation.analysis import StudySettings
from segmentation.assumptions import OfferKind
from segmentation.clv import FACETS
from segmentation.errors import Cancelled, NoBuyers, TesseraError
from segmentation.estimates import Unknown

_JOINER = "\u2060"  # zero-width: keeps the letters, breaks the directive
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+!|<>$~&.^=\"'-])")
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")  # what keeps a number and its unit on one line is kept
_DIRECTIVE = re.compile(r"(?<=[:@/\-<>=~])(?=[\w/\-:>=])|(?<=www)(?=\.)", re.IGNORECASE)

METHODS = {
    "kmeans": "Automatic",
    "rfm": "RFM rules",
    "mixture": "Gaussian mixture",
    "ward": "Ward",
    "hdbscan": "HDBSCAN",
}
PRESETS = {"shopify": "Shopify", "klaviyo": "Klaviyo"}
OFFERS: dict[OfferKind, str] = {"none": "None", "percent": "% off", "amount": "Amount off"}
PROPOSED = "proposed"
LOST_AFTER = {PROPOSED: "Recommended"} | {str(days): f"{days} days" for days in (30, 60, 90, 120, 180, 365)}
SEGMENT = "segment"
SIDES = {SEGMENT: "Segment"} | FACETS

NO_DATA = "There is no data yet."
LIST_LOST = (
    "The shops themselves are on disk: {shops}. Each says what it is called, so that the list can be made anew. Saved "
    "segmentations, stated bases and assumptions, and remembered mappings stood in the list only; they are taken over "
    "where the damaged list still gives them. Where you have a backup, `tessera restore` brings back all of it."
)
FULL_DISK = (
    "What is kept here can be looked at and studied meanwhile, and whatever has to be worked out again takes its time "
    "each time. A shop that nobody needs is deleted on the *Import* screen."
)
NO_BUYERS = (
    "Export the orders with their customer or e-mail and choose that file, or choose the column above that says who "
    "ordered."
)
"""What to do about a file that says nowhere who ordered; it can also be imported for its sales."""
NOT_KEPT = "None of these rows is kept: they are of customers who were erased."
EXPIRED = "The files that were dropped are gone: what is not imported is kept for an hour."
DROP_AGAIN = "Drop them again."
UNEXPECTED = (
    "**Something went wrong on our side.** Your data is as it was: nothing was changed or lost. "
    "Reload the page to go on; if it happens again, tell whoever runs this server what you did last "
    "and the time below, which finds it in the server's log."
)


def plain(text: object, *, limit: int = 200) -> str:
    """The text as Markdown that shows it letter by letter, on one line, cut after `limit` characters."""
    line = _SPACE.sub(" ", str(text)).strip()
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    return _PUNCTUATION.sub(r"\\\1", _DIRECTIVE.sub(_JOINER, line))


def for_chart(text: object, *, limit: int = 60) -> str:
    """The text for a Plotly label, where a few HTML tags are understood: none are let through."""
    line = " ".join(str(text).split())
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def error(problem: TesseraError) -> str:
    """What happened in bold, how we know, what to do next, and which columns could be chosen instead."""
    next_step = f"{NO_BUYERS} Or import it for its sales only." if isinstance(problem, NoBuyers) else problem.next_step
    parts = [f"**{plain(problem.fact, limit=400)}**", plain(problem.evidence, limit=800), plain(next_step, limit=600)]
    said = " ".join(part for part in parts if part)
    if not problem.candidates:
        return said
    listed = "".join(f"\n- **{plain(one.header, limit=60)}**: {plain(one.evidence)}" for one in problem.candidates)
    return f"{said}\n\nThese columns could be it:\n{listed}"


def is_harmless(problem: TesseraError) -> bool:
    """True for what the person asked for, such as cancelling: no reason for red."""
    return isinstance(problem, Cancelled)


def unknown(what: Unknown | str) -> str:
    """The reason why there is no figure."""
    return plain(what.reason if isinstance(what, Unknown) else what, limit=400)


KEPT_BADLY = "What was kept of this is damaged. Open the screen again, and it is worked out anew."


def too_few(customers: int) -> str:
    """For a group below ten people."""
    who = "customer" if customers == 1 else "customers"
    return f"{customers} {who}: too few to describe."


def segmentation(settings: StudySettings) -> str:
    """The settings in a line for the sidebar: "Segments: automatic, 6"."""
    if settings.method == "rfm":
        return f"Segments: {METHODS['rfm']}, {PRESETS[settings.rfm_preset]}"
    if settings.method == "kmeans":
        return f"Segments: automatic{f', {settings.segments}' if settings.segments else ''}"
    return f"Segments: {METHODS[settings.method]}, {settings.segments or 'automatic number'}"


def list_of(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
