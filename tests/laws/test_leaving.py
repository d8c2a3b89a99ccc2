"""Whoever leaves does not hold time up: not in the open window, not after a restart, in any order of coming and going."""
