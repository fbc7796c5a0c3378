"""The colours of Tessera in light and dark: one fixed, colour-blind-safe row for segments, a few for everything else.

The first ten segment colours are `chartCategoricalColors` of `.streamlit/config.toml`, in the same order, so that a
chart Streamlit colours by itself and a chart drawn here agree. Two more follow for up to twelve segments.
"""

from __future__ import annotations

from dataclasses import dataclass

_LIGHT_SEGMENTS = (
    "#0F6B6E",
    "#D98B2B",
    "#6C5CA8",
    "#C2556B",
    "#4C9A5B",
    "#3E7CB8",
    "#8C6D46",
    "#A3A948",
    "#B583B9",
    "#7B8A8B",
    "#2F4858",
    "#E0A899",
)
_DARK_SEGMENTS = (
    "#4FB3B3",
    "#E5A353",
    "#9D8FD6",
    "#E07F92",
    "#77C08A",
    "#6DA7DF",
    "#B5946A",
    "#C5CA6C",
    "#D0A3D4",
    "#9CABAB",
    "#8FB3C7",
    "#F0C7BB",
)


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour a chart or a widget may use, as `#RRGGBB`.

    `diverging` runs from "below everyone" over "like everyone" to "above everyone" (brown to teal, safe for the
    common colour-vision deficiencies); its middle melts into the card.
    """

    mode: str
    segments: tuple[str, ...]
    background: str
    surface: str
    text: str
    muted: str
    border: str
    accent: str
    good: str
    bad: str
    diverging: tuple[str, str, str, str, str]

    def segment(self, slot: int) -> str:
        """The colour of palette place `slot`; places beyond the last start over."""
        return self.segments[slot % len(self.segments)]

    def in_order(self, number: int) -> tuple[str, ...]:
        """So many colours from brown over rose, violet and blue to teal, for what comes one after the other: every
        one stands out from the card, and more than one of a single colour would from its neighbours."""
        stops = (self.diverging[0], self.segments[3], self.segments[2], self.segments[5], self.segments[0])
        return tuple(_between(stops, place / max(number - 1, 1)) for place in range(number))


def _between(stops: tuple[str, ...], share: float) -> str:
    """The colour at a share (0..1) of the way through these."""
    place = min(int(share * (len(stops) - 1)), len(stops) - 2)
    part = share * (len(stops) - 1) - place
    mixed = (round(a + (b - a) * part) for a, b in zip(rgb(stops[place]), rgb(stops[place + 1]), strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


LIGHT = Palette(
    mode="light",
    segments=_LIGHT_SEGMENTS,
    background="#FFFFFF",
    surface="#F5F6F4",
    text="#1B2325",
    muted="#5C6666",
    border="#E2E5E1",
    accent="#0F6B6E",
    good="#2E7D4F",
    bad="#B5403A",
    diverging=("#9A5B13", "#E3BF8C", "#F5F6F4", "#8FC6C4", "#0B5F62"),
)
DARK = Palette(
    mode="dark",
    segments=_DARK_SEGMENTS,
    background="#121718",
    surface="#1A2122",
    text="#E6EAE8",
    muted="#9AA5A4",
    border="#2B3435",
    accent="#4FB3B3",
    good="#77C08A",
    bad="#E88A84",
    diverging=("#E5A353", "#7A5B33", "#1A2122", "#2A6365", "#5CC4C4"),
)


def palette(mode: str | None) -> Palette:
    """The palette of a theme: "dark", or light for everything else (a browser that has not said yet)."""
    return DARK if mode == "dark" else LIGHT


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0..255) of a `#RRGGBB` colour."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def rgba(colour: str, opacity: float) -> str:
    """A `#RRGGBB` colour with an opacity (0..1), as CSS."""
    red, green, blue = rgb(colour)
    return f"rgba({red},{green},{blue},{opacity:g})"


def luminance(colour: str) -> float:
    """Relative luminance of a colour, 0 (black) to 1 (white), as WCAG 2 defines it."""
    parts = [channel / 255 for channel in rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """The text colour that reads best on `colour`: black or white."""
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, colour))
