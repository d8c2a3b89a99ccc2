"""Tariffs: which segment holds in which epoch, and what a kWh of it costs from when on. Prices never re-value the past."""

import re
from typing import Annotated, Any

from pydantic import Field, model_validator

from joulebus_schemas.market.base import (
    PAGE_MAX,
    ROWS_MAX,
    Count,
    Epoch,
    EpochNumber,
    Label,
    MarketAsk,
    MarketChange,
    MarketWord,
    MicroEuroPerKwh,
    Time,
    Total,
    UnixMilliseconds,
)
from joulebus_schemas.market.examples import example_of

_SEGMENT = re.compile(r"virtual_\d+")


class SetPrices(MarketChange):
    """What a kWh of each segment costs from a moment on: ``prices`` in micro-euro, or as the predecessor: virtual_1=0.25 in euro."""

    model_config = example_of("SetPrices")

    prices: Annotated[dict[Label, MicroEuroPerKwh], Field(max_length=1_000, description="by segment, in millionths of a euro per kWh")]
    from_time: Annotated[Time | None, Field(description="from the epoch of this moment on; left out: from now, where there is a clock")] = (
        None
    )
    from_epoch: Annotated[Epoch | None, Field(description="first epoch")] = None

    @model_validator(mode="before")
    @classmethod
    def gather(cls, given: Any) -> Any:
        """Segments that are given by themselves, in euro, as micro-euro; finer than that is rounded once."""
        if not isinstance(given, dict):
            return given
        euro = {name: value for name, value in given.items() if _SEGMENT.fullmatch(str(name)) and isinstance(value, int | float)}
        if not euro:
            return given
        others = {name: value for name, value in given.items() if name not in euro}
        return others | {"prices": {**others.get("prices", {}), **{name: round(value * 1_000_000) for name, value in euro.items()}}}


class AskPrices(MarketAsk):
    """The prices that hold in an epoch."""

    model_config = example_of("AskPrices")

    epoch: Epoch


class Prices(MarketWord):
    """Prices by segment, in millionths of a euro per kWh."""

    model_config = example_of("Prices")

    epoch: EpochNumber
    prices: Annotated[dict[Label, MicroEuroPerKwh], Field(max_length=1_000, description="millionths of a euro per kWh")]


class Price(MarketWord):
    """A price and since when it holds."""

    label: Label
    from_epoch: EpochNumber
    micro_euro_per_kwh: MicroEuroPerKwh


class PriceList(MarketWord):
    """All prices, by segment and epoch."""

    model_config = example_of("PriceList")

    prices: Annotated[tuple[Price, ...], Field(strict=False, max_length=PAGE_MAX, description="by segment, then by epoch")]
    total: Total


class SetLabels(MarketChange):
    """Which segment holds in which epochs. What was booked keeps its segment."""

    model_config = example_of("SetLabels")

    labels: Annotated[tuple[Label, ...], Field(strict=False, min_length=1, max_length=100_000, description="epoch by epoch")]
    from_time: Annotated[Time | None, Field(description="from the epoch of this moment on")] = None
    from_epoch: Annotated[Epoch | None, Field(description="first epoch")] = None


class AskLabels(MarketAsk):
    """Segments and prices of some epochs: by default the next 24 h."""

    model_config = example_of("AskLabels")

    start_time: Annotated[Time | None, Field(description="left out: now, where there is a clock")] = None
    end_time: Annotated[Time | None, Field(description="left out: 24 h later")] = None


class LabelledEpoch(MarketWord):
    """An epoch, its segment and its price."""

    epoch: EpochNumber
    time: UnixMilliseconds
    label: Label
    micro_euro_per_kwh: Annotated[MicroEuroPerKwh | None, Field(description="none: nobody has set one")] = None


class LabelledEpochs(MarketWord):
    """Epoch by epoch."""

    model_config = example_of("LabelledEpochs")

    epochs: Annotated[tuple[LabelledEpoch, ...], Field(strict=False, max_length=ROWS_MAX, description="oldest first")]


class EpochDuration(MarketWord):
    """How long an epoch is."""

    model_config = example_of("EpochDuration")

    seconds: Annotated[Count, Field(description="s")]
    milliseconds: Annotated[Count, Field(description="ms")]
