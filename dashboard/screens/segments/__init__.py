"""The Segments screen, and the parts that only it uses."""
