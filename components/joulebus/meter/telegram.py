"""The telegram of a Belgian meter (eMUCS-P1 2.1.1): what the registers show, line by line, with its checksum."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from joulebus.devices.meter import MeterProperties
from joulebus.meter.crc import crc16
from joulebus.meter.registers import EXPORT_DAY, EXPORT_NIGHT, IMPORT_DAY, IMPORT_NIGHT, QuarterPeak, Registers
from joulebus.physics.phases import PHASE_VOLTS

IDENTIFICATION = "/JBU5\\JOULEBUS_A"
VERSION = "50221"
WATTS_SHOWN_MAX = 99_999
"""More does not fit into the field; as a limit it says that there is none."""
WATER_CHANNEL, GAS_CHANNEL = "007", "003"
NO_AMPERE_LIMIT = "999.99"


@dataclass(frozen=True, slots=True)
class MeterFace:
    """What a telegram says besides the registers."""

    properties: MeterProperties
    timezone: str
    is_day: bool
    """Which tariff holds from this moment on."""
    is_connected: bool = True
    """Whether the breaker is closed."""
    limit_watts: int = WATTS_SHOWN_MAX
    limit_amps: int = 0
    """Fuse of each of three phases; 0: it is not known."""
    watts_per_ampere: Fraction = Fraction(PHASE_VOLTS)
    """What an ampere carries on each of three phases."""


def telegram(state: Registers, face: MeterFace) -> bytes:
    """The whole telegram, as it goes over the wire."""
    lines = [IDENTIFICATION, "", *_lines(state, face), "!"]
    body = "\r\n".join(lines).encode("ascii")
    return body + f"{crc16(body):04X}\r\n".encode("ascii")


def _lines(state: Registers, face: MeterFace) -> list[str]:
    shown, zone, properties = state.watt_hours, face.timezone, face.properties
    return [
        f"0-0:96.1.4({VERSION})",
        f"0-0:96.1.1({_hex(properties.serial_number)})",
        *([f"0-0:96.1.2({_hex(properties.ean)})"] if properties.ean else []),
        f"0-0:1.0.0({time_stamp(state.unix_seconds, zone)})",
        f"1-0:1.8.1({_kwh(shown[IMPORT_DAY])})",
        f"1-0:1.8.2({_kwh(shown[IMPORT_NIGHT])})",
        f"1-0:2.8.1({_kwh(shown[EXPORT_DAY])})",
        f"1-0:2.8.2({_kwh(shown[EXPORT_NIGHT])})",
        f"0-0:96.14.0({'0001' if face.is_day else '0002'})",
        f"1-0:1.4.0({_kw(state.demand_watts)})",
        f"1-0:1.6.0{_peak(state.peak, state.unix_seconds, zone)}",
        _history(state, zone),
        f"1-0:1.7.0({_kw(state.import_watts)})",
        f"1-0:2.7.0({_kw(state.export_watts)})",
        *_phases(state, face),
        f"0-0:96.3.10({int(face.is_connected)})",
        f"0-0:17.0.0({_kw(face.limit_watts)})",
        f"1-0:31.4.0({f'{face.limit_amps:03d}.00' if face.limit_amps else NO_AMPERE_LIMIT}*A)",
        f"0-0:96.13.0({_hex(properties.message)})",
        *(_water(state, properties.water_serial_number, zone) if properties.water_serial_number else []),
        *(_gas(state, properties.gas_serial_number, zone) if properties.gas_serial_number else []),
    ]


def _phases(state: Registers, face: MeterFace) -> list[str]:
    """Power both ways, voltage and current: of the one phase, or of each of three."""
    volts = face.properties.nominal_volts
    if state.phase_watts:
        powers, ratio = [(max(watts, 0), max(-watts, 0)) for watts in state.phase_watts], face.watts_per_ampere
    else:
        powers, ratio = [(state.import_watts, state.export_watts)], Fraction(volts)
    lines = [(20 * (phase + 1), *ways, int(max(ways) * 100 / ratio)) for phase, ways in enumerate(powers)]
    return [
        *(f"1-0:{number + 1}.7.0({_kw(imported)})" for number, imported, _, _ in lines),
        *(f"1-0:{number + 2}.7.0({_kw(exported)})" for number, _, exported, _ in lines),
        *(f"1-0:{number + 12}.7.0({volts:03d}.0*V)" for number, *_ in lines),
        *(f"1-0:{number + 11}.7.0({amps // 100:03d}.{amps % 100:02d}*A)" for number, _, _, amps in lines),
    ]


def _water(state: Registers, serial_number: str, timezone: str) -> list[str]:
    """The first channel: it behaves as a water meter that is read whenever a telegram is sent."""
    return [
        f"0-1:24.1.0({WATER_CHANNEL})",
        f"0-1:96.1.1({_hex(serial_number)})",
        f"0-1:24.2.1({time_stamp(state.unix_seconds, timezone)})({_m3(int(state.water_litres))})",
    ]


def _gas(state: Registers, serial_number: str, timezone: str) -> list[str]:
    """The second channel: a gas meter whose volume is not corrected for temperature, with its valve open."""
    return [
        f"0-2:24.1.0({GAS_CHANNEL})",
        f"0-2:96.1.1({_hex(serial_number)})",
        "0-2:24.4.0(1)",
        f"0-2:24.2.3({time_stamp(state.unix_seconds, timezone)})({_m3(int(state.gas_litres))})",
    ]


def _m3(litres: int) -> str:
    """Five digits and three decimals; behind them it begins at 0 again."""
    return f"{litres // 1000 % 100_000:05d}.{litres % 1000:03d}*m3"


def _history(state: Registers, timezone: str) -> str:
    """Months that are over, oldest first; the stamp of a month is the first moment after it."""
    months = "".join(f"({time_stamp(month.month_ends_unix_seconds, timezone)}){_peak(month.peak, 0, timezone)}" for month in state.months)
    return f"0-0:98.1.0({len(state.months)})" + ("(1-0:1.6.0)(1-0:1.6.0)" + months if months else "")


def _peak(peak: QuarterPeak | None, otherwise: int, timezone: str) -> str:
    """Its time and its power; before the first quarter-hour of a month is over: nothing, now."""
    moment, watts = (otherwise, 0) if peak is None else (peak.ends_unix_seconds, peak.watts)
    return f"({time_stamp(moment, timezone)})({_kw(watts)})"


@lru_cache(maxsize=64)
def time_stamp(unix_seconds: int, timezone: str) -> str:
    """YYMMDDhhmmss of the clock on the wall, with S in summer and W in winter, which tells apart the hour that comes twice."""
    local = datetime.fromtimestamp(unix_seconds, ZoneInfo(timezone))
    return local.strftime("%y%m%d%H%M%S") + ("S" if local.dst() else "W")


def _kwh(watt_hours: int) -> str:
    """Six digits and three decimals; behind them it begins at 0 again, as the drums of a meter do."""
    return f"{watt_hours // 1000 % 1_000_000:06d}.{watt_hours % 1000:03d}*kWh"


def _kw(watts: int) -> str:
    shown = min(watts, WATTS_SHOWN_MAX)
    return f"{shown // 1000:02d}.{shown % 1000:03d}*kW"


def _hex(text: str) -> str:
    return text.encode("ascii").hex().upper()
