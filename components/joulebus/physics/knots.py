"""The grid of moments at which sun, weather and panels are known: every 300 s of unix time, whatever the windows are."""

from collections.abc import Mapping

from joulebus.device import Span
from joulebus_schemas.rounds import Signal
from joulebus_schemas.series import Sampled

GRID_SECONDS = 300

Column = tuple[int, ...]


def lead_and_count(span: Span) -> tuple[int, int]:
    """Age of the first knot at the start of a span, and how many knots cover the span."""
    lead = span.unix_seconds % GRID_SECONDS
    return lead, -(-(lead + span.seconds) // GRID_SECONDS) + 1


def sampled(lead_seconds: int, values: Column) -> Sampled:
    """A signal at the knots."""
    return Sampled.model_construct(form="sampled", grid_seconds=GRID_SECONDS, lead_seconds=lead_seconds, values=values)


def column(signals: Mapping[str, Signal], name: str) -> Column:
    """The values of a heard signal at the knots."""
    signal = signals[name]
    assert isinstance(signal, Sampled) and signal.grid_seconds == GRID_SECONDS, f"{name} stands at knots of {GRID_SECONDS} s"
    return signal.values
