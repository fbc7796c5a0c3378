"""How numbers and dates are written: read off the values themselves, never assumed."""
