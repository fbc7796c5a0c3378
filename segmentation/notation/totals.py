"""Words that name a row which sums up others."""

from __future__ import annotations

TOTAL_WORDS = (
    r"^\W*(?:grand |sub ?-?|gesamt|zwischen)?(?:total|totals|totale|totaal|summe|gesamt|gesamtsumme|somme|suma|soma|"
    r"sum|insgesamt|ergebnis|total général|total general|eindtotaal)\b[\w\s:.-]{0,20}$"
)
"""What the label of such a row looks like, in small letters, as Python and the engine read it."""
