"""What every word is made of: immutable, strict, named, and small enough for every serialiser on the bus."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

INTEGER_MAX = 2**53 - 1
"""The largest integer that JSON, JavaScript and every WAMP serialiser carry unharmed."""

Integer = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX)]
Natural = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Joules = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX, description="J; positive consumes, negative produces")]
Tick = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="ticks since the start of the home")]
PartsPerMillion = Annotated[int, Field(ge=0, le=1_000_000, description="1,000,000 is all of it")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$", description="lower case letters, digits and _")]
Sentence = Annotated[str, Field(max_length=50_000)]
"""Something said to people; long enough to name all devices of a home."""
SheddingPriority = Annotated[int, Field(ge=0, le=9, description="the lowest is shed first: 0 first, 9 last")]
StoragePriority = Annotated[int, Field(ge=0, le=9, description="of several stores the highest is used first")]


class Word(BaseModel):
    """An immutable value that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


def example(message: dict[str, Any]) -> ConfigDict:
    """One valid message of a word; documents show it, and tests send it around the world."""
    return ConfigDict(json_schema_extra={"examples": [message]})


class Window(Word):
    """A half-open run of ticks: [start, start + ticks)."""

    start: Annotated[Tick, Field(description="its first tick, counted from the start of the home")]
    ticks: Annotated[int, Field(ge=1, le=86_400, description="how many")]

    @property
    def end(self) -> int:
        """The first tick after the window."""
        return self.start + self.ticks
