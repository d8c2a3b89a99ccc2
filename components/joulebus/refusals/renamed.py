"""Names that properties had before: whoever still uses one is told the new one, and ``joulebus migrate`` rewrites it."""

from collections.abc import Mapping

RENAMED: Mapping[str, Mapping[str, str]] = {"battery": {"rank": "priority"}}
"""Old and new names of single kinds."""
RENAMED_EVERYWHERE: Mapping[str, str] = {"rank": "shedding_priority"}
"""Old and new names of all other kinds."""


def new_name(kind: str, name: str) -> str | None:
    """What a property of a kind is called now; None when it was never renamed."""
    return RENAMED.get(kind, {}).get(name) or RENAMED_EVERYWHERE.get(name)
