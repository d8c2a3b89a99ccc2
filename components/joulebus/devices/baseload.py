"""All that a home draws besides its devices: an average household over the year, or a column of a CSV file."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Properties, Signals, Span, State
from joulebus.physics.schedule import LocalMoment, unix_seconds
from joulebus.physics.standard_profile import household_steps, spread_joules
from joulebus.physics.steps import Step, integrate
from joulebus.series_file import FileSeries, read_series
from joulebus_schemas.base import SheddingPriority
from joulebus_schemas.offers import Flow
from joulebus_schemas.series import RunLengths

JOULES_PER_KWH = 3_600_000


class BaseloadProperties(Properties):
    """What people set of the rest of their home."""

    annual_kwh: Annotated[float, Field(ge=0, le=1_000_000, description="of a calendar year, to the joule; not used with a file")] = 2_500.0
    csv_path: Annotated[
        str,
        Field(max_length=4096, description="a file with a heading line, in place of the average household; begins again after its end"),
    ] = ""
    csv_column: Annotated[str, Field(max_length=256, description="heading of the column with the load")] = ""
    csv_unit: Annotated[Literal["watts", "joules", "kwh"], Field(description="of the numbers: power, or energy of a row")] = "watts"
    csv_step_seconds: Annotated[int, Field(ge=1, le=86_400, description="from row to row")] = 900
    csv_time_column: Annotated[str, Field(max_length=256, description="heading of the times, UTC or with offset; gaps are refused")] = ""
    csv_begins: Annotated[LocalMoment | None, Field(description="of the first row; else its own time, else the home's start")] = None
    csv_sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$", description="the file's, to be sure that it is still the same")] = ""
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is shed first, 9 last")] = 9

    @model_validator(mode="after")
    def _column_named(self) -> "BaseloadProperties":
        if self.csv_path and not self.csv_column:
            raise ValueError(f"csv_column must name the column of {self.csv_path} that holds the load")
        return self


class Baseload(Device[BaseloadProperties, State]):
    """Memoryless: what it draws hangs on the time alone."""

    kind = "baseload"
    summary = "the rest of a home: an average household (BDEW H0) or a column of a file"
    properties = BaseloadProperties

    def begin(self, context: DeviceContext, properties: BaseloadProperties) -> State:
        """Nothing to remember; a file that cannot be used is refused here."""
        if properties.csv_path:
            _file(properties)
        return State()

    def offer(self, context: DeviceContext, properties: BaseloadProperties, state: State, span: Span, heard: Signals) -> Flow:
        """Whole watts, quarter by quarter or row by row."""
        begins, ends = span.unix_seconds, span.unix_seconds + span.seconds
        if properties.csv_path:
            steps = _file_steps(context, properties, begins, ends)
        else:
            steps = household_steps(round(properties.annual_kwh * JOULES_PER_KWH), context.place.timezone, begins, ends)
        return Flow(want=RunLengths(run_lengths=tuple(integrate(steps, span))), shedding_priority=properties.shedding_priority)


def _file(properties: BaseloadProperties) -> FileSeries:
    return read_series(
        properties.csv_path,
        properties.csv_column,
        properties.csv_unit,
        properties.csv_step_seconds,
        properties.csv_time_column,
        properties.csv_sha256,
    )


def _file_steps(context: DeviceContext, properties: BaseloadProperties, begins: int, ends: int) -> Iterator[Step]:
    series, seconds = _file(properties), properties.csv_step_seconds
    first = series.first_unix_seconds if series.first_unix_seconds is not None else context.start_unix_seconds
    if properties.csv_begins is not None:
        first = unix_seconds(properties.csv_begins, context.place.timezone)
    for row in range((begins - first) // seconds, -(-(ends - first) // seconds)):
        yield from spread_joules(first + row * seconds, seconds, series.joules[row % len(series.joules)])
