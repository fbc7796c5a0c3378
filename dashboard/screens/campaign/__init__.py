"""The Campaign screen, and the parts that only it uses."""
