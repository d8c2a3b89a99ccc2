"""The words of joulebus: every message, once, as a pydantic model. Imports pydantic only."""
