"""Every row and every cent accounted for: the ledger, what is counted, what repeats, what an overlap replaces."""
