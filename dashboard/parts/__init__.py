"""Parts of screens that at least two screens use, and how a result that is being worked out is shown."""
