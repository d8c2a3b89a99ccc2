"""What people should know about a home before they trust its numbers."""

from joulebus.almanac.climate import climate_of
from joulebus.devices import KINDS
from joulebus.homefile.hearing import hears_of
from joulebus.homefile.home_file import HomeFile
from joulebus.homefile.uneven import uneven_times
from joulebus_schemas.roster import of_kind

DAYS_THAT_COUNT = 7
"""A plan of this many days or more is about yields and money, not about a single day."""
CLIMATE_NEAR_KM = 120.0
"""The middle of the next cell of land is at most so far away."""


def notes(home: HomeFile, days: float) -> list[str]:
    """Sentences about what the model of a home leaves out, and about what the home has in vain."""
    return [*_in_vain(home), *_unsupplied(home), *_second_suns(home), *_coarse(home), *_generated(home, days)]


def _in_vain(home: HomeFile) -> list[str]:
    """Panels and batteries stand behind an inverter; a switchboard converts nothing."""
    converts = any(home.members[name].properties["rating_watts"] for name in of_kind(home.members, "inverter"))
    idle = [name for name, member in home.members.items() if member.on and member.kind in ("panel", "battery")]
    if converts or not idle:
        return []
    names = " and ".join(idle) if len(idle) < 3 else f"{idle[0]} and {len(idle) - 1} others"
    return [f"this home has no inverter, so nothing of {names} is used; add inverter: {{kind: inverter}}"]


def _unsupplied(home: HomeFile) -> list[str]:
    """Who burns the gas of a supply that is not there."""
    found = []
    for name, member in home.members.items():
        kind = KINDS[member.kind]
        supply = kind.fuel(kind.properties.model_validate(member.properties, strict=False))
        if supply is not None and (supply not in home.members or home.members[supply].kind != "gas"):
            found.append(f"{name} burns gas of {supply}, and this home has no gas connection of that name; add {supply}: {{kind: gas}}")
    return found


def _second_suns(home: HomeFile) -> list[str]:
    """Whoever hears two of a kind listens to the first."""
    found, hears = [], hears_of(home.members)
    for name, member in home.members.items():
        for kind in KINDS[member.kind].hears:
            heard = [other for other in hears[name] if other in home.members and home.members[other].kind == kind]
            if len(heard) > 1:
                found.append(f"{name} hears {' and '.join(heard)} and follows {heard[0]} alone; say whom it hears: hears: [{heard[0]}]")
    return found


def _coarse(home: HomeFile) -> list[str]:
    """A long tick nets inside itself what an outage or a price tells apart."""
    tick, found = home.tick_seconds, []
    for name in of_kind(home.members, "grid"):
        uneven = uneven_times(home.members[name].properties, home.place.timezone, tick)
        found += [f"{what} of {name} does not begin or end with a tick of {tick} s; {said}" for what, said in uneven]
    return found


def _generated(home: HomeFile, days: float) -> list[str]:
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
    return [] if properties["monthly_ghi_kwh_m2"] is not None else _climate(home, name)


def _climate(home: HomeFile, weather: str) -> list[str]:
    """Where the climate that is known of a place is less right than elsewhere."""
    climate, remedy = climate_of(home.place), "name a weather file, or monthly_ghi_kwh_m2"
    if climate.away_km >= CLIMATE_NEAR_KM:
        return [
            f"{weather} is generated with the climate of land {climate.away_km:.0f} km away, the nearest that is known: the light of "
            f"a year may be a fifth off; {remedy}"
        ]
    if climate.is_humid_tropical:
        return [
            f"{weather} is generated, and in the humid tropics the light of a year may be up to a tenth less than a place really has "
            f"(7.2 % in Singapore); {remedy}"
        ]
    return []
