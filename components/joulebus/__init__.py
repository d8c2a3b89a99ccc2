"""joulebus: a home made of energy packets."""

__version__ = "0.1.0"
