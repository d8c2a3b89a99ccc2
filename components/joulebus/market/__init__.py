"""The market: balance groups, contracts, metering and seals, as a service on the bus, from a file, and live from a home's ledger.

The engine counts in Rust and is a pure state machine; here are its words, its store and whoever talks to it. What was accepted is a
row of the journal of operations, and nothing else is: a restart replays it, a follower reads it, an audit recomputes it.
"""
