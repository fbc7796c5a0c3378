"""The Data health screen, and the parts that only it uses."""
