"""The Import screen, and the parts that only it uses."""
