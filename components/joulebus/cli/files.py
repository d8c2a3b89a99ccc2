"""``joulebus load check`` and ``joulebus weather check``: what is understood of a file, before a home uses it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from joulebus.almanac import FileFormat
from joulebus.errors import PropertyError
from joulebus.series.loads import LoadColumn, Stamps, Unit
from joulebus.series.numbers import DecimalMark
from joulebus.series.times import ClockKind, Dates

load_app = typer.Typer(no_args_is_help=True, help="Check files of loads before a home uses them.")
weather_app = typer.Typer(no_args_is_help=True, help="Check weather files before a home uses them.")


def check_zone(name: str) -> None:
    """Refuse what is no time zone.

    Raises:
        PropertyError: There is no such time zone.
    """
    from zoneinfo import available_timezones

    if name not in available_timezones():
        raise PropertyError(f"a time zone must be an IANA name such as Europe/Berlin; it was {name}")


@load_app.command("check", epilog="Example: joulebus load check meter.csv --clock wall --timezone Europe/Berlin")
def check_load(
    file: Annotated[Path, typer.Argument(help="CSV file from a grid operator, a meter or a program.")],
    column: Annotated[str, typer.Option(help="Heading of the load; needed when several columns have numbers.")] = "",
    unit: Annotated[Unit | None, typer.Option(help="Unit of the numbers; needed when the heading does not name it.")] = None,
    time_column: Annotated[str, typer.Option(help='Heading of the times; two are joined as "Date + Time".')] = "",
    clock: Annotated[ClockKind, typer.Option(help="What times without an offset mean.")] = "",
    timezone: Annotated[str, typer.Option(help="IANA name of the time zone, for --clock wall and standard.")] = "UTC",
    step: Annotated[int | None, typer.Option(min=1, max=86_400, help="Seconds between rows; needed when there are no times.")] = None,
    stamps: Annotated[Stamps, typer.Option(help="Whether a time is the beginning or the end of its row.")] = "auto",
    dates: Annotated[Dates, typer.Option(help="Which number of 03/04/2026 is the day.")] = "auto",
    decimal: Annotated[DecimalMark, typer.Option(help="Decimal mark.")] = "auto",
) -> None:
    """Print what is understood of a file of loads, and the properties for a home file; what is ambiguous is refused."""
    from joulebus.series.understood import understand

    check_zone(timezone)
    said: dict[str, Any] = {
        "clock": clock,
        "timezone": timezone,
        "step_seconds": step,
        "stamps": stamps,
        "dates": dates,
        "decimal": decimal,
    }
    found = understand(LoadColumn(str(file), column, time_name=time_column, **said), unit)
    print(found.line())
    properties = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in found.properties().items())
    print(f"  load: {{kind: baseload, {properties}}}")


@weather_app.command("check", epilog="Example: joulebus weather check brussels.epw")
def check_weather(
    file: Annotated[str, typer.Argument(help="TMY2, TMY3, EPW, PVGIS, NSRDB, SolarAnywhere or DWD TRY file, or pvlib:NAME.")],
    format: Annotated[FileFormat, typer.Option(help="Format of the file; auto detects it.")] = "auto",
) -> None:
    """Say what a weather file holds: place, span, step, yearly sums, gaps, how its light fits the sun, and a picture."""
    from joulebus.almanac.look import look

    for line in look(file, format).lines():
        print(line)
