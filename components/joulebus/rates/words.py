"""A rates file as people write it: prices by register, by window or by quarter-hour, fees, taxes, the capacity tariff, gas and water."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from joulebus.physics.daily import DailyWindow, LocalMoment, parse_window
from joulebus.physics.prices import EuroPerKwh
from joulebus.series.prices import PriceUnit
from joulebus.series.times import ClockKind
from joulebus_schemas.base import Word
from joulebus_schemas.facts import QUARTER_SECONDS

EuroAmount = Annotated[float, Field(ge=0, le=1_000_000)]


class WindowPriceWords(Word):
    """A price during a window of local time, on whole quarter-hours."""

    during: DailyWindow
    euro_per_kwh: EuroPerKwh

    @field_validator("during")
    @classmethod
    def _on_quarters(cls, window: str) -> str:
        if any(edge % QUARTER_SECONDS for edge in parse_window(window)[1:]):
            raise ValueError(f'a price changes on a quarter-hour, such as 17:30; it was "{window}"')
        return window


class EnergyWords(Word):
    """What a kWh costs: one price, one by register of the meter, or one by time from a file; windows beat the first two."""

    euro_per_kwh: Annotated[EuroPerKwh | None, Field(description="at all times")] = None
    day: Annotated[EuroPerKwh | None, Field(description="of register 1 of the meter")] = None
    night: Annotated[EuroPerKwh | None, Field(description="of register 2 of the meter")] = None
    windows: Annotated[tuple[WindowPriceWords, ...], Field(strict=False, max_length=64, description="the later in the list wins")] = ()
    prices_file: Annotated[str, Field(max_length=4096, description="CSV or JSON of prices by time, from the folder of this file")] = ""
    prices_column: Annotated[str, Field(max_length=256, description="heading or key of the prices, when there are several")] = ""
    prices_unit: Annotated[PriceUnit, Field(description="of that file; auto: what the heading names")] = "auto"
    prices_clock: Annotated[ClockKind, Field(description="what times without an offset mean in that file")] = ""
    factor: Annotated[float, Field(ge=0, le=10, description="by which the price of that file is multiplied")] = 1.0
    plus_euro_per_kwh: Annotated[EuroPerKwh, Field(description="what the supplier adds to the price of that file")] = 0.0

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.day is None) != (self.night is None):
            raise ValueError("day and night belong together: give both, or euro_per_kwh")
        ways = [self.euro_per_kwh is not None, self.day is not None, bool(self.prices_file)]
        if sum(ways) != 1:
            raise ValueError("a kWh has one price: give either euro_per_kwh, or day and night, or prices_file")
        if self.prices_file and self.windows:
            raise ValueError("windows beat fixed prices only: leave them out beside prices_file")
        return self


class FeeWords(Word):
    """Something that is paid whatever is used."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    euro: EuroAmount
    per: Literal["day", "month", "year"]


class TaxWords(Word):
    """Something that is paid for each kWh that is imported."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    euro_per_kwh: EuroPerKwh


class CapacityWords(Word):
    """What the grid's operator takes for the highest quarter-hours: in Flanders, the mean of the last twelve months' peaks."""

    euro_per_kw_year: EuroAmount
    months: Annotated[int, Field(ge=1, le=24, description="whose peaks make the mean; of a younger home those that there are")] = 12
    floor_kw: Annotated[float, Field(ge=0, le=100, description="least that is billed")] = 2.5
    floor_of: Annotated[Literal["month", "mean"], Field(description="what the least is the least of: each month's peak, or their mean")] = (
        "month"
    )
    euro_per_kwh_max: Annotated[EuroAmount | None, Field(description="cap: no more than this for each kWh that is imported")] = None


class GasWords(Word):
    """What gas costs: by kWh or by cubic metre."""

    euro_per_kwh: EuroPerKwh | None = None
    euro_per_m3: EuroAmount | None = None
    kwh_per_m3: Annotated[float, Field(gt=0, le=100, description="calorific value")] = 11.51

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.euro_per_kwh is None) == (self.euro_per_m3 is None):
            raise ValueError("gas has one price: give either euro_per_kwh or euro_per_m3")
        return self


class WaterWords(Word):
    """What water costs."""

    euro_per_m3: EuroAmount


class PeriodWords(Word):
    """What holds from a moment on, until another one or until the next period."""

    since: Annotated[LocalMoment, Field(description="from this local date or time on")]
    until: Annotated[LocalMoment | None, Field(description="before this one; left out: until the next period")] = None
    imported: Annotated[EnergyWords, Field(description="what comes from the grid")]
    exported: Annotated[EnergyWords | None, Field(description="what goes there; left out: it is worth nothing")] = None
    taxes: Annotated[tuple[TaxWords, ...], Field(strict=False, max_length=64)] = ()
    fees: Annotated[tuple[FeeWords, ...], Field(strict=False, max_length=64)] = ()
    capacity: CapacityWords | None = None
    gas: GasWords | None = None
    water: WaterWords | None = None
    vat_percent: Annotated[float, Field(ge=0, le=100, description="on all but what is exported; 0 when prices include it")] = 0.0


class RatesWords(Word):
    """A rates file."""

    rates: Annotated[Literal[1], Field(description="version of what such a file may say")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    currency: Annotated[str, Field(min_length=1, max_length=8, pattern=r"^\S+$")] = "€"
    periods: Annotated[tuple[PeriodWords, ...], Field(strict=False, min_length=1, max_length=200, description="in the order of time")]
