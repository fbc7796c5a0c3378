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
    clv/         what customers are likely to order and spend, held against what happened
    churn/       who is slipping away, whom it pays to write to, whose next order is due
    campaigns/   whom to contact, at what cost, for what return; the lists of customers that leave the house
    watch/       who moved between segments
    revenue_change/  why revenue changed: customers, orders, value of an order, guests, refunds
    analysis/    the one door: a shop at a date; the command line and the dashboard both ask it
    health/      what the data can and cannot answer, each analysis with its threshold
    report/      the same figures as one file for a meeting
    commands/    what each command does; cli.py is the headless door

Below them stand `errors`, `estimates`, `assumptions` (what nobody measured about a shop), `columns`, `notation/` (how
numbers and dates are written), `workspace/` (what is on disk) and `engine/` (the only room that writes and runs SQL on
what is stored: `queries/` on any engine, `importing/` on DuckDB only). Imports go strictly downward.
"""
