"""Long answers of a market, page by page: whoever asks on the command line wants all of them."""

from typing import Any

from joulebus.cli.market_places import MarketPlace

LINES_SHOWN = 1_000
"""Lines that are printed of a statement whose span nobody has given."""


def all_of(place: MarketPlace, call: str, arguments: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """A whole list, whose pages say how long it is."""
    found: list[dict[str, Any]] = []
    while True:
        page = place.ask(call, {**arguments, "first": len(found)})
        found += page[field]
        if not page[field] or len(found) >= page["total"]:
            return found


def statement_of(place: MarketPlace, arguments: dict[str, Any], most: int | None) -> dict[str, Any]:
    """The newest lines of a statement, oldest first, with the running sum of all of them; ``next`` says where older ones begin."""
    lines: list[dict[str, Any]] = []
    place_of_next: dict[str, int] | None = {}
    while place_of_next is not None and (most is None or len(lines) < most):
        wanted = {} if most is None else {"most": min(1_000, most - len(lines))}
        page = place.ask("balancing.statements", {**arguments, **place_of_next, **wanted})
        lines += page["lines"]
        place_of_next = page["next"]
    lines.reverse()
    running = 0
    for line in lines:
        running += line["wh"]
        line["running_wh"] = running
    return {"asset_id": arguments["asset_id"], "lines": lines, "net_wh": running, "next": place_of_next}


def changes_of(place: MarketPlace, most: int, ledger: bool) -> list[dict[str, Any]]:
    """The last changes: the market looks at so many operations for one answer, and says where to go on."""
    found: list[dict[str, Any]] = []
    before: int | None = None
    while len(found) < most:
        page = place.ask("books.changes", {"before": before, "most": min(100, most - len(found)), "ledger": ledger})
        found += page["changes"]
        before = page["next_before"]
        if before is None:
            break
    return found
