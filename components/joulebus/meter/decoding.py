"""What the lines of a telegram mean: by OBIS code the thing, a description, and the value as people read it; unknown lines stay."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from joulebus.meter.reader import ReadTelegram, TelegramLine

_CODES = {
    "0-0:96.1.4": ("version", "version of the telegram"),
    "0-0:96.1.1": ("meter", "serial number of the meter"),
    "0-0:96.1.2": ("ean", "code of the connection"),
    "0-0:1.0.0": ("time", "clock of the meter"),
    "1-0:1.8.1": ("import day", "imported, tariff 1"),
    "1-0:1.8.2": ("import night", "imported, tariff 2"),
    "1-0:2.8.1": ("export day", "exported, tariff 1"),
    "1-0:2.8.2": ("export night", "exported, tariff 2"),
    "0-0:96.14.0": ("tariff", "that holds now"),
    "1-0:1.4.0": ("quarter", "mean of the running quarter-hour"),
    "1-0:1.6.0": ("month peak", "highest quarter-hour of the month"),
    "0-0:98.1.0": ("past peaks", "of months that are over"),
    "1-0:1.7.0": ("import", "power, all phases"),
    "1-0:2.7.0": ("export", "power, all phases"),
    "1-0:94.32.1": ("grid", "nominal voltage"),
    "0-0:96.3.10": ("breaker", "of the connection"),
    "0-0:17.0.0": ("limit", "of power"),
    "1-0:31.4.0": ("fuse", "limit of current"),
    "0-0:96.13.0": ("message", "of the grid's operator"),
    **{f"1-0:{21 + 20 * phase}.7.0": (f"import L{phase + 1}", "power") for phase in range(3)},
    **{f"1-0:{22 + 20 * phase}.7.0": (f"export L{phase + 1}", "power") for phase in range(3)},
    **{f"1-0:{32 + 20 * phase}.7.0": (f"voltage L{phase + 1}", "between phase and neutral") for phase in range(3)},
    **{f"1-0:{31 + 20 * phase}.7.0": (f"current L{phase + 1}", "of the phase") for phase in range(3)},
    **{f"0-{channel}:24.1.0": (f"bus {channel}", "kind of the meter there") for channel in range(1, 5)},
    **{f"0-{channel}:96.1.1": (f"meter {channel}", "serial number") for channel in range(1, 5)},
    **{f"0-{channel}:96.1.2": (f"ean {channel}", "code of its connection") for channel in range(1, 5)},
    **{f"0-{channel}:24.2.1": (f"volume {channel}", "counted") for channel in range(1, 5)},
    **{f"0-{channel}:24.2.3": (f"gas {channel}", "counted, not corrected") for channel in range(1, 5)},
    **{f"0-{channel}:24.4.0": (f"valve {channel}", "of the gas") for channel in range(1, 5)},
    **{f"0-{channel}:96.3.10": (f"relay {channel}", "of loads") for channel in range(1, 5)},
}
_HEX_CODES = re.compile(r"0-\d:96\.(1\.[12]|13\.0)")
_SWITCHES = {"0": "off", "1": "on", "2": "ready"}
_TARIFFS = {"0001": "1 day", "0002": "2 night"}
_BUSES = {"003": "gas", "007": "water"}
_STAMP = re.compile(r"\d{12}[SW]")
MONTHS_LINE = "0-0:98.1.0"


@dataclass(frozen=True, slots=True)
class DecodedLine:
    """A line for people."""

    obis: str
    thing: str
    description: str
    value: str


def decoded_lines(telegram: ReadTelegram) -> list[DecodedLine]:
    """All lines in their order; of a code that nobody knows, with what stands in it."""
    lines = [DecodedLine(line.obis, *_CODES.get(line.obis, ("", "unknown")), _value(line)) for line in telegram.lines]
    return [*lines, *(DecodedLine("", "", "unknown", text) for text in telegram.others)]


def unknown_lines(telegram: ReadTelegram) -> int:
    """How many lines say what nobody here knows."""
    return len(telegram.others) + sum(line.obis not in _CODES for line in telegram.lines)


def _value(line: TelegramLine) -> str:
    first = line.values[0] if line.values else ""
    if _HEX_CODES.fullmatch(line.obis):
        return _text(first)
    if line.obis == "0-0:96.14.0":
        return _TARIFFS.get(first, first)
    if line.obis.endswith(":96.3.10") or line.obis.endswith(":24.4.0"):
        return _SWITCHES.get(first, first)
    if line.obis.endswith(":24.1.0"):
        return _BUSES.get(first, first)
    if line.obis == MONTHS_LINE:
        return f"{int(first)} months" if first.isdecimal() else first
    return "  ".join(_shown(value) for value in line.values)


def _text(said: str) -> str:
    try:
        return bytes.fromhex(said).decode("ascii")
    except ValueError:
        return said


def _shown(value: str) -> str:
    if _STAMP.fullmatch(value):
        return f"{value[4:6]}.{value[2:4]}. {value[6:8]}:{value[8:10]}:{value[10:12]}"
    number, star, unit = value.partition("*")
    digits = number.lstrip("0") if star else number
    return f"{'0' if digits.startswith('.') else ''}{digits or '0'} {unit}".strip()


def moment_of_stamp(stamp: str, timezone: str) -> int | None:
    """Unix seconds of YYMMDDhhmmss with S (summer) or W (winter); None: it is none."""
    if not _STAMP.fullmatch(stamp):
        return None
    try:
        local = datetime.strptime(stamp[:12], "%y%m%d%H%M%S")
    except ValueError:
        return None
    return int(local.replace(tzinfo=ZoneInfo(timezone), fold=int(stamp[12] == "W")).timestamp())


def number_in(telegram: ReadTelegram, obis: str, factor: int = 1_000) -> int | None:
    """The last value of a line as an integer of the unit below (W of kW, Wh of kWh, litres of m³); None: there is none."""
    values = telegram.values(obis)
    whole, point, part = (values[-1].partition("*")[0] if values else "").partition(".")
    if not whole.isdecimal() or (point and not part.isdecimal()):
        return None
    return int(whole) * factor + (int(part.ljust(3, "0")[:3]) * factor // 1_000 if part else 0)
