"""What people should know about a home before they trust its numbers."""

from joulebus.homefile.home_file import HomeFile
from joulebus_schemas.roster import of_kind

DAYS_THAT_COUNT = 7
"""A plan of this many days or more is about yields and money, not about a single day."""


def notes(home: HomeFile, days: float) -> list[str]:
    """Sentences about what the model of a home leaves out."""
    generated = [name for name in of_kind(home.members, "weather") if home.members[name].properties["source"] == "generated"]
    panels = of_kind(home.members, "panel")
    if not (generated and panels) or days < DAYS_THAT_COUNT:
        return []
    return [
        f"{generated[0]} is generated and knows no climate: the light of a year is up to a quarter less (deserts) or more (the far north) "
        "than a place really has; name a weather file for yields and money"
    ]
