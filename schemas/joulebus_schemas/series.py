"""Integers along the ticks of a window, in three forms that say the same; the core turns each into joules per tick.

A form is chosen for size: an oven that burns for an hour is one run, a panel's hour is thirteen knots, and a device
that somebody writes in twenty lines just lists its joules. A window never changes what a form means (law 2).
"""

from typing import Annotated, Literal

from pydantic import Field

from joulebus_schemas.base import Integer, Natural, Word

RunLength = Annotated[tuple[Annotated[int, Field(ge=1, le=86_400)], Integer], Field(strict=False)]


class RunLengths(Word):
    """Runs of equal ticks: (number of ticks, value in each of them); the numbers add up to the window."""

    form: Annotated[Literal["run_lengths"], Field(description="how it is written")] = "run_lengths"
    run_lengths: Annotated[
        tuple[RunLength, ...], Field(max_length=86_400, strict=False, description="[number of ticks, value in each of them]")
    ]


class Each(Word):
    """One value for each tick of the window."""

    form: Annotated[Literal["each"], Field(description="how it is written")] = "each"
    values: Annotated[tuple[Integer, ...], Field(max_length=86_400, strict=False, description="one for each tick")]


class Knots(Word):
    """Power that is linear between knots; the core integrates it exactly.

    Knot ``i`` stands ``i * grid_seconds - lead_seconds`` after the window's start, and the knots cover the window.
    A tick's joules are the integral of the power over the tick: ``floor((n + carry) / (2000 * grid_seconds))`` where
    ``n`` is the integral in units of 1/(2000 * grid_seconds) J, an integer; what is left over is the next carry.
    So no cutting of time into windows or ticks loses a joule.
    """

    form: Annotated[Literal["knots"], Field(description="how it is written")] = "knots"
    grid_seconds: Annotated[int, Field(ge=1, le=86_400, description="between two knots")]
    lead_seconds: Annotated[int, Field(ge=0, le=86_399, description="age of the first knot at the window's start")]
    milliwatts: Annotated[tuple[Integer, ...], Field(min_length=2, max_length=86_402, strict=False, description="power at each knot")]
    carry: Annotated[Natural, Field(description="what was left over in the window before, in 1/(2000 * grid_seconds) J")] = 0


class Sampled(Word):
    """A signal (not energy): values at knots that stand as those of power do, linear between them."""

    form: Annotated[Literal["sampled"], Field(description="how it is written")] = "sampled"
    grid_seconds: Annotated[int, Field(ge=1, le=86_400, description="between two knots")]
    lead_seconds: Annotated[int, Field(ge=0, le=86_399, description="age of the first knot at the span's start")]
    values: Annotated[tuple[Integer, ...], Field(min_length=2, max_length=86_402, strict=False, description="at each knot")]


Series = Annotated[RunLengths | Each | Knots, Field(discriminator="form")]


def constant(value: int, ticks: int) -> RunLengths:
    """The same value in each tick of a window."""
    return RunLengths.model_construct(form="run_lengths", run_lengths=((ticks, value),))


def values(series: RunLengths | Each) -> list[int]:
    """All values of a series, tick by tick."""
    if isinstance(series, Each):
        return list(series.values)
    return [value for count, value in series.run_lengths for _ in range(count)]
