"""`python -m dashboard`: serve the dashboard. `tessera app` runs this."""

from __future__ import annotations

import argparse
import sys

from dashboard.server import serve
from segmentation.errors import TesseraError


def main() -> None:
    """Read the address from the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="tessera app", description="Serve the dashboard.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    options = parser.parse_args()
    try:
        serve(host=options.host, port=options.port, browser=not options.no_browser)
    except TesseraError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
