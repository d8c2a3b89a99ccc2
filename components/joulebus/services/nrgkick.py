"""The local JSON API of an NRGkick Gen2 (v1): the documents that it shows of a charger, and the commands that it takes. Pure.

Names, units, codes and the form of a refusal are its own, so that software written for it works. What a charger of a home does not know
(a temperature, the km of a car) is null. A phase without current has its voltage all the same.
"""

import hashlib
import re
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from joulebus.devices.charger import AMPS_MAX, AMPS_MIN, ChargerProperties, ChargerState
from joulebus.errors import PropertyError
from joulebus_schemas.facts import JOULES_PER_WH

GRID_HERTZ = 50.0
"""Nominal: no home of ours has another frequency, and none at all."""
ENERGY_LIMIT_WH_MAX = 1_000_000
PARAMETERS_MAX = 16
_RAW = "raw"
SYNONYMS = {"status": "general"}
"""Its manual and its client call a section of the values so, which stands under the other name."""
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Code(NamedTuple):
    """A value that is a number with ``raw=1`` and a word without."""

    number: int
    word: str


UNPLUGGED, CONNECTED, CHARGING = Code(1, "STANDBY"), Code(2, "CONNECTED"), Code(3, "CHARGING")
NO_WARNING, LIMIT_REACHED = Code(0, "NO_WARNING"), Code(3, "ENERGY_LIMIT_REACHED")
RELAYS = {0: Code(0, "NO_RELAY"), 1: Code(3, "N, L1"), 3: Code(15, "N, L1, L2, L3")}
"""The state of its relays by number of phases that are switched through."""
GRID_PHASES = Code(7, "L1, L2, L3")
WALL = Code(4, "WALL")
ApiDocument = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ChargerSeen:
    """A charger at the end of its last settled window; all documents of a moment are made of one of these."""

    principal: str
    """Home and name: what the serial number follows from."""
    properties: ChargerProperties
    state: ChargerState
    watts: int = 0
    """Mean of that window, to the car; negative: from it."""
    car_phases: int = 3
    """What the car behind it charges on."""
    peak_watts: int = 0
    connected_seconds: int = 0
    charging_seconds: int = 0
    sessions: int = 0
    """Cars that were plugged in since its process began."""

    @property
    def phases(self) -> int:
        """Phases on which something flows."""
        return min(self.car_phases, self.properties.phase_count) if self.watts else 0

    @property
    def is_full(self) -> bool:
        """Whether the car has got all that the limit of energy lets it have."""
        limit = self.properties.energy_limit_wh * JOULES_PER_WH
        return self.state.plugged and 0 < limit <= self.state.session_joules

    @property
    def serial(self) -> str:
        """The same for the same charger of the same home, and another one for each other."""
        return f"JBU{int(hashlib.sha256(self.principal.encode()).hexdigest(), 16) % 10**10:010d}"


def info_document(seen: ChargerSeen, address: str) -> ApiDocument:
    """What ``/info`` says: what it is, and where."""
    serial, digits = seen.serial, hashlib.sha256(seen.principal.encode()).hexdigest()
    return {
        "general": {
            "serial_number": serial,
            "device_name": seen.principal.rpartition("/")[2],
            "model_type": "NRGkick Gen2",
            "rated_current": float(AMPS_MAX),
            "json_api_version": "v1",
        },
        "connector": {"phase_count": 3, "max_current": float(AMPS_MAX), "type": WALL, "serial": serial, "serial_number": serial},
        "grid": {"voltage": seen.properties.volts, "frequency": GRID_HERTZ, "phases": GRID_PHASES},
        "network": {
            "ip_address": address,
            "mac_address": ":".join(["02", *(digits[place : place + 2].upper() for place in range(0, 10, 2))]),
            "ssid": "",
            "rssi": 0,
            "wifi_ssid": "",
            "wifi_rssi": 0,
        },
        "versions": {"sw_sm": version("joulebus"), "hw_sm": "joulebus"},
    }


def values_document(seen: ChargerSeen) -> ApiDocument:
    """What ``/values`` says: what flows, and what has flowed."""
    state, is_charging = seen.state, seen.watts != 0
    may = state.plugged and not seen.properties.pause and not seen.is_full and not state.switching_seconds
    return {
        "energy": {
            "total_charged_energy": state.charged_joules // JOULES_PER_WH,
            "charged_energy": state.session_joules // JOULES_PER_WH,
        },
        "powerflow": _powerflow(seen),
        "general": {
            "charging_rate": None,
            "vehicle_connect_time": seen.connected_seconds,
            "vehicle_charging_time": seen.charging_seconds,
            "status": CHARGING if is_charging else CONNECTED if state.plugged else UNPLUGGED,
            "charge_permitted": int(may),
            "relay_state": RELAYS[seen.phases],
            "charge_count": seen.sessions,
            "rcd_trigger": Code(0, "NO_FAULT"),
            "warning_code": LIMIT_REACHED if seen.is_full else NO_WARNING,
            "error_code": Code(0, "NO_ERROR"),
        },
        "temperatures": dict.fromkeys(
            ("housing", "connector_l1", "connector_l2", "connector_l3", "domestic_plug_1", "domestic_plug_2"),
        ),
    }


def _powerflow(seen: ChargerSeen) -> dict[str, Any]:
    volts, phases = float(seen.properties.volts), seen.phases
    amps = round(seen.watts / (volts * phases), 2) if phases else 0.0
    found: dict[str, Any] = {
        "charging_voltage": volts,
        "charging_current": amps,
        "grid_frequency": GRID_HERTZ,
        "peak_power": seen.peak_watts,
        "total_active_power": seen.watts,
        "total_reactive_power": 0,
        "total_apparent_power": abs(seen.watts),
        "total_power_factor": 100,
    }
    for index in range(3):
        # What does not divide by the phases goes to the first of them, so that they add up to the total.
        share = 0 if index >= phases else seen.watts // phases + (seen.watts % phases if index == 0 else 0)
        found[f"l{index + 1}"] = {
            "voltage": volts,
            "current": amps if index < phases else 0.0,
            "active_power": share,
            "reactive_power": 0,
            "apparent_power": abs(share),
            "power_factor": 100,
        }
    return {**found, "n": {"current": amps if phases == 1 else 0.0}}


def control_document(properties: ChargerProperties) -> dict[str, Any]:
    """What ``/control`` says: what is set."""
    return {
        "current_set": float(properties.amps),
        "charge_pause": int(properties.pause),
        "energy_limit": properties.energy_limit_wh,
        "phase_count": properties.phase_count,
    }


def parameters(query: str) -> dict[str, str]:
    """The parameters of a request.

    Raises:
        PropertyError: There are too many, or one comes twice.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
    except ValueError:
        raise PropertyError(f"a request must have at most {PARAMETERS_MAX} parameters") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        raise PropertyError("a request must name each parameter once")
    return found


def chosen(document: ApiDocument, asked: dict[str, str]) -> ApiDocument:
    """The sections that are asked for, all when none is; codes as numbers if ``raw=1`` is.

    Raises:
        PropertyError: There is no such section.
    """
    names = {SYNONYMS.get(name, name) if name not in document else name for name in asked if name != _RAW}
    unknown = sorted(names - document.keys())
    if unknown:
        raise PropertyError(f'there is no section "{unknown[0][:40]}": there are {", ".join(document)}, and raw')
    place = 0 if asked.get(_RAW) == "1" else 1
    return {
        section: {key: value[place] if isinstance(value, Code) else value for key, value in fields.items()}
        for section, fields in document.items()
        if not names or section in names
    }


def command(asked: dict[str, str]) -> dict[str, Any]:
    """What a command changes of a charger's properties.

    Raises:
        PropertyError: It is none, or its value is out of range.
    """
    if len(asked) != 1:
        raise PropertyError(f"one setting at a time: there are {', '.join(COMMANDS)}")
    [(name, value)] = asked.items()
    if name not in COMMANDS:
        raise PropertyError(f'there is no setting "{name[:40]}": there are {", ".join(COMMANDS)}')
    return COMMANDS[name](value)


def _current(value: str) -> dict[str, Any]:
    amps = round(float(value), 1) if NUMBER.fullmatch(value) else 0.0
    if not AMPS_MIN <= amps <= AMPS_MAX:
        raise PropertyError(f'current_set must be from {AMPS_MIN}.0 to {AMPS_MAX}.0 A, but was "{value[:20]}"; charge_pause=1 pauses')
    return {"amps": amps}


def _pause(value: str) -> dict[str, Any]:
    if value not in ("0", "1"):
        raise PropertyError(f'charge_pause must be 0 or 1, but was "{value[:20]}"')
    return {"pause": value == "1"}


def _energy(value: str) -> dict[str, Any]:
    limit = float(value) if NUMBER.fullmatch(value) else -1.0
    if not 0 <= limit <= ENERGY_LIMIT_WH_MAX or limit != int(limit):
        raise PropertyError(f'energy_limit must be from 0 (none) to {ENERGY_LIMIT_WH_MAX} Wh, but was "{value[:20]}"')
    return {"energy_limit_wh": int(limit)}


def _phases(value: str) -> dict[str, Any]:
    if value not in ("1", "3"):
        raise PropertyError(f'phase_count must be 1 or 3, but was "{value[:20]}"')
    return {"phase_count": int(value)}


COMMANDS = {"current_set": _current, "charge_pause": _pause, "energy_limit": _energy, "phase_count": _phases}
"""What can be set, and what reads its value."""
