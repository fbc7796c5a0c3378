"""Fern & Fable, an invented shop: the order export the app offers as its sample, and the truth behind it."""
