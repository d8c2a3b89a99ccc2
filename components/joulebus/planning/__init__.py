"""Homes in memory: plans, variants, comparison, and the Python interface."""
