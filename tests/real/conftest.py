"""Real parts for all tests below."""
