"""Who is on which phase of a home: as the properties of its grid say, and of a car at a charger with one phase, as its charger's do."""

from collections.abc import Mapping

from joulebus.devices.car import CarProperties
from joulebus.devices.charger import ChargerProperties
from joulebus.devices.grid import GridProperties
from joulebus_schemas.roster import Member, of_kind


def grid_properties(roster: Mapping[str, Member]) -> GridProperties:
    """Those of the home's grid; of a home without one: as they usually are."""
    grid = next((roster[name] for name in of_kind(roster, "grid")), None)
    return GridProperties.model_validate(grid.properties, strict=False) if grid else GridProperties()


def named_phases(roster: Mapping[str, Member]) -> dict[str, int] | None:
    """Phase 0, 1 or 2 by account, of those that are on one; None: the home has one phase."""
    grid = grid_properties(roster)
    if grid.network == "1n230":
        return None
    found = {name: phase - 1 for name, phase in grid.phase_of.items() if name in roster and not _is_direct(roster[name])}
    for name in of_kind(roster, "car"):
        charger = next((heard for heard in roster[name].hears if heard in roster and roster[heard].kind == "charger"), None)
        if name not in found and charger is not None and 1 in _phase_counts(roster[name], roster[charger]):
            found[name] = grid.phase_of.get(charger, 1) - 1
    return found


def _is_direct(member: Member) -> bool:
    """Whether it is on the DC side, and comes through the inverter."""
    return member.kind == "panel" or (member.kind == "battery" and member.properties.get("coupling", "dc") == "dc")


def _phase_counts(car: Member, charger: Member) -> tuple[int, int]:
    of_car = CarProperties.model_validate(car.properties, strict=False)
    return of_car.phase_count, ChargerProperties.model_validate(charger.properties, strict=False).phase_count
