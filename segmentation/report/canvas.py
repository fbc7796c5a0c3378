"""A drawing surface on matplotlib whose SVG takes its colours and font from the page it stands in.

Matplotlib writes fixed colours. Here every colour is a stand-in that becomes a CSS variable afterwards, so that one
drawing serves light, dark and print. Text stays text: it can be searched and read aloud.
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import Literal

SLOTS = 10
_NAMED = ("ink", "quiet", "line", "track", "above", "below", "page")
_VARIABLES = {f"#0a0b{i:02x}": f"var(--{name})" for i, name in enumerate(_NAMED)}
_VARIABLES |= {f"#0a0c{i:02x}": f"var(--s{i})" for i in range(SLOTS)}
_STAND_IN = {variable: colour for colour, variable in _VARIABLES.items()}
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Side = Literal["left", "center", "right"]


def slot(colour: int) -> str:
    """The colour name of a palette slot; slots repeat after `SLOTS`."""
    return f"s{colour % SLOTS}"


class Canvas:
    """Shapes and text placed in pixels from the top left; `svg()` gives the drawing.

    Colour names are `ink`, `quiet`, `line`, `track`, `above`, `below`, `page` and those from `slot`.
    """

    def __init__(self, width: float, height: float) -> None:
        # Matplotlib takes about a second to import: only a command that draws should wait for it.
        from matplotlib.figure import Figure  # noqa: PLC0415

        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        self._figure.patch.set_visible(False)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, strength: float = 1.0) -> None:
        """A filled rectangle; `strength` between 0 and 1 lets the page shine through."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415  (heavy, see __init__)

        stand_in = _STAND_IN[f"var(--{colour})"]
        self._axes.add_patch(
            Rectangle((x, y), width, height, facecolor=stand_in, alpha=strength, linewidth=0, clip_on=False)
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle around (x, y)."""
        from matplotlib.patches import Circle  # noqa: PLC0415  (heavy, see __init__)

        stand_in = _STAND_IN[f"var(--{colour})"]
        self._axes.add_patch(Circle((x, y), radius, facecolor=stand_in, linewidth=0, clip_on=False))

    def text(
        self, x: float, y: float, words: str, *, size: float = 12, colour: str = "ink", side: Side = "left",
        bold: bool = False, turn: float = 0.0,
    ) -> None:  # fmt: skip
        """One line of text, centred on `y`; `side` says which end of it stands at `x`, `turn` is in degrees."""
        self._axes.text(
            x, y, _FORBIDDEN.sub("", " ".join(words.split())), fontsize=size, color=_STAND_IN[f"var(--{colour})"],
            ha=side, va="center_baseline", fontweight="bold" if bold else "normal", rotation=turn,
            rotation_mode="anchor", parse_math=False, clip_on=False,
        )  # fmt: skip

    def svg(self, description: str) -> str:
        """The drawing as an `<svg>` element with `description` for those who cannot see it."""
        from matplotlib import rc_context  # noqa: PLC0415  (heavy, see __init__)
        from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415

        with rc_context({"svg.fonttype": "none", "svg.hashsalt": "report"}):
            file = io.BytesIO()
            FigureCanvasSVG(self._figure).print_svg(  # type: ignore[no-untyped-call]
                file, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
            )
        drawing = file.getvalue().decode()
        body = drawing[drawing.index("</defs>") + len("</defs>") :]
        body = re.sub(r' id="[^"]*"', "", body)
        body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
        body = re.sub(r"#0a0[bc][0-9a-f]{2}", lambda found: _VARIABLES[found.group()], body)
        start = f'<svg viewBox="0 0 {self.width:g} {self.height:g}" role="img" aria-label="{escape(description)}">'
        return start + body
