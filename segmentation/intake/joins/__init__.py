"""Tables of one shop that say something only together: found by their keys, joined, and shown."""

from segmentation.intake.joins.shown import Join

__all__ = ["Join"]
