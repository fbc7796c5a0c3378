"""The Overview screen, and the parts that only it uses."""
