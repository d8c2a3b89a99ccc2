"""What a kWh cost in each tick of a window: the offer of the home's grid, asked again."""

from joulebus.audit.books import ColumnRuns
from joulebus.device import DeviceContext, Inputs, Span
from joulebus.devices import KINDS
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Born
from joulebus_schemas.offers import Grid
from joulebus_schemas.roster import Member


def grid_price_runs(born: Born, roster: dict[str, Member], window: Window) -> tuple[ColumnRuns, ColumnRuns]:
    """(ticks, micro-euro per kWh) of what is bought and of what is sold."""
    free: ColumnRuns = [(window.ticks, 0)]
    grids = [(name, member) for name, member in roster.items() if member.kind == "grid" and member.on]
    if not grids:
        return free, free
    name, member = grids[0]
    grid = KINDS["grid"]
    context = DeviceContext(name, born.place, born.start_unix_seconds, born.tick_seconds, born.seed)
    span = Span(window.start, window.ticks, born.tick_seconds, born.start_unix_seconds + window.start * born.tick_seconds)
    properties = grid.properties.model_validate(member.properties, strict=False)
    offer = grid.offer(Inputs(context, properties, span), grid.state())
    assert isinstance(offer, Grid), "a grid offers what a grid offers"
    return list(offer.import_price.run_lengths), list(offer.export_price.run_lengths)
