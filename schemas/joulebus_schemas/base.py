"""What every word is made of: immutable, strict, named, and small enough for every serialiser on the bus."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

INTEGER_MAX = 2**53 - 1
"""The largest integer that JSON, JavaScript and every WAMP serialiser carry unharmed."""

Integer = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX)]
Natural = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Joules = Annotated[int, Field(ge=-INTEGER_MAX, le=INTEGER_MAX, description="J; positive consumes, negative produces")]
Tick = Annotated[int, Field(ge=0, le=INTEGER_MAX, description="ticks since the start of the home")]
PartsPerMillion = Annotated[int, Field(ge=0, le=1_000_000, description="1,000,000 is all of it")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$", description="lower case letters, digits and _")]
Rank = Annotated[int, Field(ge=0, le=9, description="0 bends first, 9 bends last")]


class Word(BaseModel):
    """An immutable value that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class Window(Word):
    """A half-open run of ticks: [start, start + ticks)."""

    start: Tick
    ticks: Annotated[int, Field(ge=1, le=86_400)]

    @property
    def end(self) -> int:
        """The first tick after the window."""
        return self.start + self.ticks
