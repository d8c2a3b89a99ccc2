"""The journal: bytes, records and what a home was when it ended."""
