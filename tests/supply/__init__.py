"""What Tessera is delivered with: a list of its parts, and what is known against them."""
