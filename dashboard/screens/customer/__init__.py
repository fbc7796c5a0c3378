"""The Customer screen, and the parts that only it uses."""
