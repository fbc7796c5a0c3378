"""What opens first."""
