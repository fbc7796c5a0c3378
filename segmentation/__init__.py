"""Tessera: from a shop's order export to customer segments that are proven. The story, top to bottom:

    files/       a stranger's file becomes a table of plain text, whatever it came as
    meaning/     what its columns mean: names propose, the file's own arithmetic and structure prove, the rest is asked
    intake/      that table becomes typed order lines; every row and every cent is accounted for
    customers/   the feature catalogue, and the table of every customer at one date
    profiles/    what sets a group of customers apart
    atlas/       the two-dimensional map, for looking only
    segments/    rules, clusters, mixtures, density, by hand; names and colours stay while you tune; saved, compared
    proof/       real, stable, predictive, usable? how many? and what would help
    explain/     segments as rules in words and SQL, what drives them, why one customer is where they are
    worth/       what customers are likely to order and spend, held against what happened
    churn/       who is slipping away, whom it pays to write to, whose next order is due
    campaigns/   whom to contact, at what cost, for what return
    health/      what the data can and cannot answer, each analysis with its threshold
    study.py     the one shell that runs the story; the command line and the dashboard both call it
    proving.py   the proofs of a study, worked out once and kept
    predicting.py worth and churn, worked out once and kept
    scored.py    the customer table with those scores among its features, at any date
    report/      the same figures as one file for a meeting
    cli.py       the headless door

Below them stand `errors`, `estimates`, `assumptions` (what nobody measured about a shop), `columns`, `notation/` (how
numbers and dates are written), `records` (values as JSON and back), `workspace` (what is on disk) and `engine/` (the
only room that runs SQL). Imports go strictly downward.
"""
