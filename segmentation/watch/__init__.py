"""What changed: how customers moved between segments."""

from segmentation.watch.migration import Migration, Move, migration

__all__ = ["Migration", "Move", "migration"]
