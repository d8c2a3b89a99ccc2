"""What people should know about a home before they trust its numbers."""

from joulebus.almanac.climate import climate_of
from joulebus.homefile.home_file import HomeFile
from joulebus_schemas.roster import of_kind

DAYS_THAT_COUNT = 7
"""A plan of this many days or more is about yields and money, not about a single day."""
CLIMATE_NEAR_KM = 120.0
"""The middle of the next cell of land is at most so far away."""


def notes(home: HomeFile, days: float) -> list[str]:
    """Sentences about what the model of a home leaves out."""
    generated = [name for name in of_kind(home.members, "weather") if home.members[name].properties["source"] == "generated"]
    panels = of_kind(home.members, "panel")
    if not (generated and panels) or days < DAYS_THAT_COUNT:
        return []
    name, properties = generated[0], home.members[generated[0]].properties
    if properties["climate"] == "by_latitude":
        return [
            f"{name} is generated and knows no climate: the light of a year is up to a quarter less (deserts) or more (the far north) "
            "than a place really has; leave climate: by_latitude out, or name a weather file"
        ]
    away = climate_of(home.place).away_km
    if away < CLIMATE_NEAR_KM or properties["monthly_ghi_kwh_m2"] is not None:
        return []
    return [
        f"{name} is generated with the climate of land {away:.0f} km away, the nearest that is known: the light of a year may be "
        "a fifth off; name a weather file, or monthly_ghi_kwh_m2"
    ]
