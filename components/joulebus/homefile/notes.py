"""What people should know of a home before they believe its numbers."""

from joulebus.almanac.climate import climate_of
from joulebus.homefile.home_file import HomeFile

DAYS_THAT_COUNT = 7
"""From so many days on a plan is about yields and money, and not about a day."""
NEAR_KM = 120.0
"""The middle of the next cell of land is at most so far away."""


def notes(home: HomeFile, days: float) -> list[str]:
    """Sentences about what a home cannot know."""
    skies = {
        name: member.properties
        for name, member in home.members.items()
        if member.kind == "weather" and member.properties["source"] == "generated"
    }
    panels = any(member.kind == "panel" for member in home.members.values())
    if not (skies and panels) or days < DAYS_THAT_COUNT:
        return []
    name, properties = next(iter(skies.items()))
    if properties["climate"] == "by_latitude":
        return [
            f"{name} is generated and knows no climate: the light of a year is up to a quarter less (deserts) or more (the far north) "
            "than a place really has; leave climate: by_latitude out, or name a weather file"
        ]
    away = climate_of(home.place).away_km
    if away < NEAR_KM or properties["monthly_ghi_kwh_m2"] is not None:
        return []
    return [
        f"{name} is generated with the climate of land {away:.0f} km away, the nearest that is known: the light of a year may be a fifth off; "
        "name a weather file, or monthly_ghi_kwh_m2"
    ]
