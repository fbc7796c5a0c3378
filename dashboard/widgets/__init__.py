"""Parts that several screens use; each owns its keys."""
