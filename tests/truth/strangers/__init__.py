"""Exports as strangers' programs write them, each with the figures a careful reader would take from it."""
