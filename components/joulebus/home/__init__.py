"""The balance of a home: who belongs to it, the round of a window, and what is published of it."""
