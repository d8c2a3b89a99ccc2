"""Formulas and calendars: pure functions that devices are made of."""
