"""The Worth screen, and the parts that only it uses."""
