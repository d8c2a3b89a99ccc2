"""Weather files of all makers, brought to one table; what is wrong with one is said with our words.

The time stamps of the formats mean different things. TMY3, DWD TRY and EPW stamp the end of an hour or count hours from 1,
NSRDB and PVGIS stamp a moment inside their step.
"""

import csv
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from pvlib import iotools

from joulebus.almanac.lambert import degrees_of_try
from joulebus.almanac.light import BEAM_MAX_W_M2, LOW_SUN_SINE
from joulebus.almanac.requests import AirRequest
from joulebus.almanac.rows import Body, WeatherRows, of_columns, plain_heading
from joulebus.errors import WeatherError
from joulebus.series.table import decoded
from joulebus.series.times import EPOCH
from joulebus_schemas.facts import QUARTER_SECONDS

HOUR = 3600
EPW_COLUMNS = {"temp_air": 6, "ghi": 13, "dni": 14, "dhi": 15, "wind_speed": 21}
EPW_HEADER_LINES = 8


def weather_rows(request: AirRequest) -> WeatherRows:
    """The rows of the file of a request.

    Raises:
        WeatherError: The file has changed since it was named, or cannot be read in its format.
    """
    path = Path(request.path)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != request.digest:
        raise WeatherError(f"a weather file must not change while a home uses it, but {path.name} did; start the home again")
    return read_file(path, content, request.format)


def read_file(path: Path, content: bytes, format: str = "auto") -> WeatherRows:
    """The rows of a file in a format, or in the one that it seems to have.

    Raises:
        WeatherError: It cannot be read: what is wrong is said with our words.
    """
    text = _text(content)
    kind = format if format != "auto" else _detect(path, text)
    try:
        return _READERS[kind](path, text)
    except WeatherError:
        raise
    except (
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
        csv.Error,
    ) as problem:  # What a broken file makes parsers trip over.
        raise WeatherError(
            f"the weather file {path.name} must be readable as {kind}, but it is not ({type(problem).__name__}: {str(problem)[:120]}); "
            "set format, or repair the file"
        ) from None


def _text(content: bytes) -> str:
    return decoded(content)[0].replace("\r\n", "\n").replace("\r", "\n")


def _detect(path: Path, text: str) -> str:
    lines = [*text.split("\n", 60)[:60], "", "", ""]
    first, second = lines[0], lines[1]
    if path.suffix.lower() in (".tm2", ".tmy2"):
        return "tmy2"
    if first.startswith("LOCATION,"):
        return "epw"
    if first.lstrip().startswith("{") or first.startswith("Latitude (decimal degrees)"):
        return "pvgis"
    if any(re.match(r"\s*Rechtswert\s*:", line) for line in lines) or any(line.startswith("***") for line in lines):
        return "try"
    if re.search(r"\b(date \(mm/dd/yyyy\)|observationtime)", second.lower()):
        return "tmy3"
    if first.startswith("Source,") or re.search(r"\blat(itude)?\b.*\blon", first.lower()):
        return "nsrdb"
    if len(second) in (141, 142) and second[1:9].isdigit():
        return "tmy2"
    raise WeatherError(
        f"a weather file must be TMY2, TMY3, EPW, PVGIS (CSV or JSON), NSRDB, SolarAnywhere or DWD TRY, and {path.name} looks like none; "
        "set format"
    )


def _seconds(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds())


def _body(path: Path, text: str, heading_line: int) -> Body:
    """The CSV below a heading; counted from 0."""
    reader = csv.reader(text.split("\n")[heading_line:])
    headings = next(reader)
    cells = [(heading_line + reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    return Body(path.name, headings, [line for line, _ in cells], [row for _, row in cells])


def _zone(name: str, hours: str | float) -> int:
    """Seconds ahead of UTC; half and quarter hours are zones, too."""
    seconds = round(float(hours) * HOUR)
    if not -12 * HOUR <= seconds <= 14 * HOUR or seconds % QUARTER_SECONDS:
        raise WeatherError(f"the time zone of {name} must be hours ahead of UTC, between -12 and 14; it is {hours}")
    return seconds


def _tmy2(path: Path, text: str) -> WeatherRows:
    data, meta = iotools.read_tmy2(str(path))
    begins = np.array([_seconds(moment.replace(tzinfo=None)) for moment in data.index.to_pydatetime()])
    columns = {"dni": data["DNI"], "dhi": data["DHI"], "temp_air": data["DryBulb"] / 10.0, "wind_speed": data["Wspd"] / 10.0}
    numbers = {name: values.to_numpy(dtype=float) for name, values in columns.items()}
    body = Body(path.name, list(columns), range(2, len(begins) + 2), [])
    place = (float(meta["latitude"]), float(meta["longitude"]), float(meta["altitude"]))
    return of_columns(body, place, _zone(path.name, meta["TZ"]), begins, numbers, typical=True)


def _tmy3(path: Path, text: str) -> WeatherRows:
    """TMY3 and SolarAnywhere: zone, latitude, longitude and altitude stand together in the first line, the names before may hold commas."""
    first = next(csv.reader([text.split("\n", 1)[0]]))
    at = next((number for number in range(2, len(first) - 3) if _is_place(first[number : number + 4])), None)
    if at is None:
        raise WeatherError(f"the first line of {path.name} must hold time zone, latitude, longitude and altitude one after the other")
    hours, latitude, longitude, altitude = map(float, first[at : at + 4])
    body = _body(path, text, 1)
    plain = [plain_heading(heading) for heading in body.headings]
    if "date" in plain:
        day, time = plain.index("date"), body.index("time")
        stamps = [_stamp(row[day], row[time]) for row in body.rows]
    else:
        at = body.index("observationtime")
        stamps = [_stamp(*row[at].split()) for row in body.rows]
    begins = np.array(stamps) - (HOUR if "date" in plain else 0)
    columns = body.known()
    place = (latitude, longitude, altitude)
    if "date" in plain:
        body.index("dni"), body.index("dhi")  # Names the nearest heading when a vendor spells one that nobody knows.
        return of_columns(body, place, _zone(path.name, hours), begins, columns, typical=len(begins) >= 8760 or None)
    return of_columns(body, place, _zone(path.name, hours), begins - _step_of(begins) // 2, columns)


def _is_place(cells: Sequence[str]) -> bool:
    try:
        zone, latitude, longitude, altitude = map(float, cells)
    except ValueError:
        return False
    return -12 <= zone <= 14 and -90 <= latitude <= 90 and -180 <= longitude <= 180 and -500 <= altitude <= 9000


def _stamp(day: str, time: str) -> int:
    """Seconds of a stamp such as 01/31/2001 24:00."""
    month, number, year = map(int, day.split("/"))
    hour, minute = map(int, time.split(":")[:2])
    return _seconds(datetime(year, month, number)) + hour * HOUR + minute * 60


def _step_of(begins: Any) -> int:
    return int(np.median(np.diff(begins))) if len(begins) > 1 else HOUR


def _epw(path: Path, text: str) -> WeatherRows:
    """Hours count from 1; the last four cells of the first line are latitude, longitude, zone and altitude."""
    latitude, longitude, hours, altitude = [cell for cell in next(csv.reader([text.split("\n", 1)[0]])) if cell.strip()][-4:]
    lines = text.split("\n")[EPW_HEADER_LINES:]
    cells = [(EPW_HEADER_LINES + 1 + number, line.split(",")) for number, line in enumerate(lines) if line.strip()]
    body = Body(path.name, list(EPW_COLUMNS), [line for line, _ in cells], [row for _, row in cells])
    begins = np.array([_seconds(datetime(*map(int, row[:3]))) + (int(row[3]) - 1) * HOUR for row in body.rows])  # type: ignore[arg-type]
    parts = _rows_an_hour(begins)
    begins += (np.arange(len(begins)) % parts) * (HOUR // parts) if parts > 1 else 0
    columns = {name: body.numbers(index) for name, index in EPW_COLUMNS.items()}
    return of_columns(body, (float(latitude), float(longitude), float(altitude)), _zone(path.name, hours), begins, columns)


def _rows_an_hour(begins: Any) -> int:
    """Rows per hour of a file that names only the hour; 1 unless every hour comes equally often."""
    _, counts = np.unique(begins, return_counts=True)
    return int(counts[0]) if len(counts) > 1 and counts.min() == counts.max() and counts[0] in (2, 4) else 1


def _nsrdb(path: Path, text: str) -> WeatherRows:
    """NSRDB and the CSV of SAM: names and values of the place in two lines, then the heading."""
    names, values = (next(csv.reader([line])) for line in text.split("\n", 2)[:2])
    meta = {plain_heading(name): value.strip() for name, value in zip(names, values, strict=False)}
    zone = next((meta[name] for name in ("timezone", "localtimezone", "tz") if meta.get(name)), None)
    latitude = next((meta[name] for name in ("latitude", "lat") if meta.get(name)), None)
    longitude = next((meta[name] for name in ("longitude", "lon", "lng") if meta.get(name)), None)
    if zone is None or latitude is None or longitude is None:
        raise WeatherError(f"the first two lines of {path.name} must name latitude, longitude and time zone")
    altitude = meta.get("elevation") or None
    body = _body(path, text, 2)
    parts = [body.numbers(body.index(name)) for name in ("year", "month", "day", "hour")]
    plain = [plain_heading(heading) for heading in body.headings]
    minutes = body.numbers(plain.index("minute")) if "minute" in plain else np.full(len(body.rows), 30.0)
    stamps = [
        _seconds(datetime(int(year), int(month), int(day))) + int(hour) * HOUR + int(minute) * 60
        for year, month, day, hour, minute in zip(*parts, minutes, strict=True)
    ]
    begins = np.array(stamps) - _step_of(np.array(stamps)) // 2
    place = (float(latitude), float(longitude), float(altitude) if altitude else None)
    return of_columns(body, place, _zone(path.name, zone), begins, body.known())


def _try(path: Path, text: str) -> WeatherRows:
    """DWD test reference years of 2015 on: Lambert coordinates, hours of CET counted from 1, beam on level ground."""
    lines = text.split("\n")
    end = next(number for number, line in enumerate(lines) if line.startswith("***"))
    meta = {key.strip(): value.split()[0] for key, _, value in (line.partition(":") for line in lines[:end]) if value.strip()}
    if "Rechtswert" not in meta or "Hochwert" not in meta:
        raise WeatherError(
            f"a test reference year must name Rechtswert and Hochwert, and {path.name} does not; those before 2015 cannot be read"
        )
    latitude, longitude = degrees_of_try(float(meta["Rechtswert"]), float(meta["Hochwert"]))
    cells = [(end + 2 + number, line.split()) for number, line in enumerate(lines[end + 1 :]) if line.strip()]
    body = Body(path.name, lines[end - 1].split(), [line for line, _ in cells], [row for _, row in cells])
    month, day, hour = (body.numbers(body.headings.index(name)) for name in ("MM", "DD", "HH"))
    begins = np.array([_seconds(datetime(2015, int(m), int(d))) + (int(h) - 1) * HOUR for m, d, h in zip(month, day, hour, strict=True)])
    columns = {
        name: body.numbers(body.headings.index(at)) for name, at in {"beam": "B", "dhi": "D", "temp_air": "t", "wind_speed": "WG"}.items()
    }
    altitude = next((float(value) for key, value in meta.items() if key.startswith("Hoehenlage")), None)
    return of_columns(body, (latitude, longitude, altitude), HOUR, begins, columns, typical=True)


def _pvgis(path: Path, text: str) -> WeatherRows:
    body, meta = _pvgis_json(path, text) if text.lstrip().startswith("{") else _pvgis_csv(path, text)
    stamps = np.array([_seconds(datetime.strptime(row[0].strip(), "%Y%m%d:%H%M")) for row in body.rows])
    place = (float(meta["latitude"]), float(meta["longitude"]), float(meta["elevation"]) if "elevation" in meta else None)
    columns = body.known()
    if "gb(n)" in [plain_heading(heading) for heading in body.headings]:
        begins = stamps - HOUR // 2 + round(float(meta.get("offset", 0.0)) * HOUR)
        return of_columns(body, place, 0, begins, columns, typical=True)
    plain = [plain_heading(heading) for heading in body.headings]
    if not {"gb(i)", "gd(i)"} <= set(plain) or ("gr(i)" in plain and body.numbers(plain.index("gr(i)")).max() > 0):
        raise WeatherError(
            f"an hourly PVGIS file must hold beam and diffuse light on a level plane, but {path.name} does not; "
            "ask PVGIS for slope 0 and radiation components"
        )
    sine = np.maximum(np.sin(np.radians(body.numbers(body.index("hsun")))), LOW_SUN_SINE)
    columns["dni"] = np.minimum(body.numbers(plain.index("gb(i)")) / sine, BEAM_MAX_W_M2)
    columns["dhi"] = body.numbers(plain.index("gd(i)"))
    return of_columns(body, place, 0, stamps - HOUR // 2, columns)


def _pvgis_csv(path: Path, text: str) -> tuple[Body, dict[str, str]]:
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.lower().startswith("time")), None)
    if start is None:
        raise WeatherError(f"a PVGIS file must have a heading that begins with time, and {path.name} has none")
    meta = _pvgis_meta(line.partition(":")[::2] for line in lines[:start])
    stop = next((number for number in range(start + 1, len(lines)) if not lines[number][:8].isdigit()), len(lines))
    return _body(path, "\n".join(lines[:stop]), start), meta


def _pvgis_json(path: Path, text: str) -> tuple[Body, dict[str, str]]:
    try:
        found = json.loads(text)
        outputs = found["outputs"]
        entries: list[dict[str, Any]] = outputs.get("tmy_hourly") or outputs["hourly"]
        location: dict[str, Any] = found["inputs"]["location"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WeatherError(
            f"a PVGIS JSON must hold inputs.location and outputs.tmy_hourly or outputs.hourly, and {path.name} does not"
        ) from None
    meta = _pvgis_meta((key.replace("_", " "), str(value)) for key, value in location.items())
    headings = list(entries[0])
    body = Body(path.name, headings, range(1, len(entries) + 1), [[str(entry.get(key, "")) for key in headings] for entry in entries])
    return body, meta


def _pvgis_meta(pairs: Any) -> dict[str, str]:
    meta: dict[str, str] = {}
    for key, value in pairs:
        for word, name in (("latitude", "latitude"), ("longitude", "longitude"), ("elevation", "elevation"), ("time offset", "offset")):
            if word in key.lower() and value.strip():
                meta[name] = value.split()[0]
    return meta


_READERS: dict[str, Callable[[Path, str], WeatherRows]] = {
    "tmy2": _tmy2,
    "tmy3": _tmy3,
    "epw": _epw,
    "pvgis": _pvgis,
    "nsrdb": _nsrdb,
    "try": _try,
}
