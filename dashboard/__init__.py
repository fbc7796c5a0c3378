"""The browser side of Tessera: it reads state, calls `segmentation`, and renders."""
