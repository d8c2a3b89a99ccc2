"""All that a home draws besides its devices: an average household over the year, or a column of a CSV file."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.physics.schedule import LocalMoment, local_pieces, unix_seconds
from joulebus.physics.standard_profile import household_steps, spread_joules
from joulebus.physics.steps import Step, integrate
from joulebus.series import loads
from joulebus.series.numbers import DecimalMark
from joulebus.series.times import ClockKind, Dates
from joulebus_schemas.base import SheddingPriority
from joulebus_schemas.facts import JOULES_PER_KWH, QUARTER_SECONDS
from joulebus_schemas.offers import Flow
from joulebus_schemas.series import RunLengths


class BaseloadProperties(Properties):
    """What people set of the rest of their home."""

    annual_kwh: Annotated[float, Field(ge=0, le=1_000_000, description="of a calendar year, to the joule; not used with a file")] = 2_500.0
    csv_path: Annotated[
        str,
        Field(max_length=4096, description="a file with a heading line, in place of the average household; begins again after its end"),
    ] = ""
    csv_column: Annotated[str, Field(max_length=256, description="heading of the column with the load")] = ""
    csv_unit: Annotated[Literal["watts", "joules", "kwh"], Field(description="of the numbers: power, or energy of a row")] = "watts"
    csv_other_unit: Annotated[
        Literal["", "kw", "wh", "wh_register", "kwh_register"],
        Field(description="of the numbers, in place of csv_unit; register: readings of a meter that counts up"),
    ] = ""
    csv_step_seconds: Annotated[int, Field(ge=1, le=86_400, description="from row to row; times in the file must agree")] = QUARTER_SECONDS
    csv_time_column: Annotated[
        str,
        Field(max_length=256, description='heading of the times; two are joined as "Date + Time"; gaps are refused'),
    ] = ""
    csv_clock: Annotated[
        ClockKind,
        Field(
            description="of times without offset: utc, standard (no summer time), wall (with both changes of the clock); "
            "profile: each row stands for its time on the wall, whatever the day"
        ),
    ] = ""
    csv_stamps: Annotated[loads.Stamps, Field(description="whether a time is the begin or the end of its row; auto refuses doubt")] = "auto"
    csv_dates: Annotated[Dates, Field(description="which number of 03/04/2026 is the day; auto refuses doubt")] = "auto"
    csv_decimal: Annotated[DecimalMark, Field(description="decimal mark of the numbers; auto refuses doubt")] = "auto"
    csv_begins: Annotated[LocalMoment | None, Field(description="of the first row; else its own time, else the home's start")] = None
    csv_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$", description="the file's, to be sure that it is still the same")] = ""
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 9

    @model_validator(mode="after")
    def _column_named(self) -> "BaseloadProperties":
        if self.csv_path and not self.csv_column:
            raise ValueError(f"csv_column must name the column of {self.csv_path} that holds the load")
        return self


class Baseload(Device[BaseloadProperties, State]):
    """Memoryless: what it draws depends on the time alone."""

    kind = "baseload"
    summary = "the rest of a home: an average household (BDEW H0) or a column of a file"
    label = "Base load"
    icon = "home-lightning-bolt-outline"
    properties = BaseloadProperties

    def begin(self, context: DeviceContext, properties: BaseloadProperties) -> State:
        """Nothing to remember; a file that cannot be used is refused here."""
        if properties.csv_path:
            _file(context, properties)
        return State()

    def offer(self, inputs: Inputs[BaseloadProperties], state: State) -> Flow:
        """Whole watts, quarter by quarter or row by row."""
        properties, span = inputs.properties, inputs.span
        if properties.csv_path:
            steps = _file_steps(inputs.context, properties, *span.moments)
        else:
            steps = household_steps(round(properties.annual_kwh * JOULES_PER_KWH), inputs.context.place.timezone, *span.moments)
        return Flow(want=RunLengths(run_lengths=tuple(integrate(steps, span))), shedding_priority=properties.shedding_priority)


def load_column(properties: BaseloadProperties, timezone: str) -> loads.LoadColumn:
    """What the properties say of a file."""
    said = {name: getattr(properties, f"csv_{name}") for name in ("path", "step_seconds", "clock", "stamps", "dates", "decimal", "sha256")}
    said["unit"] = properties.csv_other_unit or properties.csv_unit
    return loads.LoadColumn(**said, name=properties.csv_column, time_name=properties.csv_time_column, timezone=timezone)


def _file(context: DeviceContext, properties: BaseloadProperties) -> loads.FileSeries:
    return loads.read_series(load_column(properties, context.place.timezone))


def _file_steps(context: DeviceContext, properties: BaseloadProperties, begins: int, ends: int) -> Iterator[Step]:
    series = _file(context, properties)
    if properties.csv_clock == "profile":
        for first, last, ahead in local_pieces(context.place.timezone, begins, ends):
            wall = _rows(series, _first_on_the_wall(context, properties, series), first + ahead, last + ahead)
            yield from ((max(a, first + ahead) - ahead, min(b, last + ahead) - ahead, watts) for a, b, watts in wall)
        return
    first = series.first_seconds if series.first_seconds is not None else context.start_unix_seconds
    if properties.csv_begins is not None:
        first = unix_seconds(properties.csv_begins, context.place.timezone)
    yield from _rows(series, first, begins, ends)


def _rows(series: loads.FileSeries, first: int, begins: int, ends: int) -> Iterator[Step]:
    """Whole watts of the rows that reach into [begins, ends); after its end the file begins again."""
    seconds = series.step_seconds
    for row in range((begins - first) // seconds, -(-(ends - first) // seconds)):
        for begin, end, watts in spread_joules(first + row * seconds, seconds, series.joules[row % len(series.joules)]):
            if begin < ends and begins < end:
                yield begin, end, watts


def _first_on_the_wall(context: DeviceContext, properties: BaseloadProperties, series: loads.FileSeries) -> int:
    """Where a profile begins, in seconds of the clock on the wall."""
    if properties.csv_begins is None and series.first_seconds is not None:
        return series.first_seconds
    zone = context.place.timezone
    moment = context.start_unix_seconds if properties.csv_begins is None else unix_seconds(properties.csv_begins, zone)
    return moment + next(local_pieces(zone, moment, moment + 1))[2]
