"""What energy costs: a rates file with its validity, and the one place that turns what was metered into money. Data, not code."""
