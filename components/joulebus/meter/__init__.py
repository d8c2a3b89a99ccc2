"""The digital meter: registers and quarter-hour peaks, counted from the ledger's transfers of the grid connection, and its telegrams."""
