"""What the words of the market share: their units, and the predecessor's spelling, which is understood everywhere."""

import re
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from joulebus_schemas.base import INTEGER_MAX, Word
from joulebus_schemas.market.examples import example_of

AssetId = Annotated[str, Field(min_length=1, max_length=128, description="name of a meter, a group or a partner")]
ContractId = Annotated[str, Field(min_length=1, max_length=128, description="name of a contract")]
EpochInteger = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
TimeInteger = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX)]
TimeText = Annotated[str, Field(min_length=1, max_length=40)]
Epoch = Annotated[
    EpochInteger | TimeText, Field(description="number of the epoch (unix seconds / its length), or an ISO 8601 time inside of it")
]
EpochNumber = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="unix seconds / length of an epoch, rounded down")]
Time = Annotated[TimeInteger | TimeText, Field(description="ms since 1970 in UTC, or an ISO 8601 time with its offset")]
UnixMilliseconds = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="ms since 1970 in UTC")]
WattHours = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX, description="Wh")]
WattHoursUp = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="Wh")]
Milligrams = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX, description="mg of CO2")]
MicroEuro = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX, description="millionths of a euro")]
MicroEuroPerKwh = Annotated[int, Field(ge=-(10**12), le=10**12, description="millionths of a euro per kWh")]
Watts = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="W")]
Label = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$", description="tariff segment, such as virtual_1")]
Direction = Annotated[Literal["to", "from"], Field(description="to: the asset delivers; from: it purchases")]
Source = Annotated[str, Field(max_length=512, description="where a value comes from; a part of what is sealed")]
Count = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Status = Annotated[str, Field(max_length=32, pattern=r"^[a-z_]+$", description="what became of it, in one word")]
TEXT_MAX = 100_000_000
"""The length of tables and certificates, in characters."""
Reason = Annotated[str, Field(max_length=50_000, description="a sentence for people")]
ROWS_MAX = 100_000
"""The entries of any list or map."""
PAGE_MAX = 2_000
"""The entries of a list in one answer."""
SHOWN_BESIDE_MAX = 500
"""The entries that an answer about something else shows beside it: postings of a balance, shares of a reading, warnings."""
Total = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="how many there are in all")]
Revision = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="number of the last change of the market")]

_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")


def respelled(name: str) -> str:
    """assetId as asset_id, balancing.addSettlement as balancing.add_settlement."""
    return _CAPITAL.sub(lambda found: f"_{found[1]}", name).lower()


class MarketWord(Word):
    """A word of the market; ``from`` is a field, though not a name in Python."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)


class MarketAsk(MarketWord):
    """A question to the market. Fields may be spelt as the predecessor does: ``assetId`` is ``asset_id``."""

    @model_validator(mode="before")
    @classmethod
    def respell(cls, given: Any) -> Any:
        """The fields under our names; one that is said twice is refused by name."""
        if not isinstance(given, dict):
            return given
        ours: dict[str, Any] = {}
        for name, value in given.items():
            field = cls.field_of(name)
            if field in ours:
                raise ValueError(f'"{field}" must be said once, but is said again as "{name}"; leave one of them out')
            ours[field] = value
        return ours

    @classmethod
    def field_of(cls, name: str) -> str:
        """Our name of a field, by ours or the predecessor's."""
        if name in cls.model_fields:
            return name
        also = next((field for field, info in cls.model_fields.items() if name in _also(info)), None)
        return also or (spelt if (spelt := respelled(name)) in cls.model_fields else name)


def _also(info: Any) -> tuple[str, ...]:
    extra = info.json_schema_extra
    return tuple(extra.get("x-also", ())) if isinstance(extra, dict) else ()


def also(*names: str) -> Any:
    """Marks a field with other names that are understood: those of the predecessor."""
    return Field(json_schema_extra={"x-also": list(names)})


class MarketChange(MarketAsk):
    """A question that changes the market."""

    request_id: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=128,
            description="chosen by who asks: asked again with the same id, it is executed once and answered alike, also after a crash",
        ),
    ] = None


class MarketPage(MarketAsk):
    """A part of a list that may be long: so many of it, after those that are left out."""

    first: Annotated[int, Field(ge=0, le=INTEGER_MAX, description="how many to leave out")] = 0
    most: Annotated[int, Field(ge=1, le=PAGE_MAX, description="how many at most; fewer come when they are large")] = 1_000


class AskPage(MarketPage):
    """A part of a list that may be long."""

    model_config = example_of("AskPage")


class AskNothing(MarketAsk):
    """A question without arguments."""

    model_config = example_of("AskNothing")
