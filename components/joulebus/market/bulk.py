"""Many meters in many epochs as one operation: packed amounts in, sealed epochs out. For imports of months, not for the bus."""

import json
import zlib
from array import array
from collections.abc import Sequence
from typing import Literal

from joulebus.errors import MarketError
from joulebus.market.books import MarketBooks
from joulebus.market.store import canonical

CALL = "metering.book_columns"
AMOUNT: Literal["q"] = "q"
VALUES_MAX = 10_000_000


def pack_columns(first_epoch: int, meters: Sequence[str], amounts: "array[int]") -> tuple[str, bytes]:
    """The operation as it is kept: its arguments, and the Wh of all meters, epoch by epoch.

    Raises:
        MarketError: The amounts do not fit the meters, or are too many for one operation.
    """
    if not meters or not amounts or len(amounts) % len(meters):
        raise MarketError(
            f"each epoch must have an amount for each of the {len(meters)} meters, but there are {len(amounts)} amounts in all"
        )
    if len(amounts) > VALUES_MAX:
        raise MarketError(f"an operation must have at most {VALUES_MAX} amounts, but has {len(amounts)}; give fewer epochs at once")
    said = {"epochs": len(amounts) // len(meters), "first_epoch": first_epoch, "meters": list(meters)}
    return canonical(said), zlib.compress(amounts.tobytes(), 1)


def execute(books: MarketBooks, arguments: str, columns: bytes) -> int:
    """Book and seal epoch by epoch; how many seals there are."""
    said = json.loads(arguments)
    amounts = memoryview(zlib.decompress(columns)).cast(AMOUNT)
    handles = array(AMOUNT, books.engine.handles(said["meters"]))
    seals = 0
    for number in range(said["epochs"]):
        epoch = said["first_epoch"] + number
        books.engine.add_settlements(epoch, handles, amounts[number * len(handles) : (number + 1) * len(handles)])
        done = books.engine.seal_epoch(epoch, books.signer)
        books.keep(done.batch)
        seals += done.sealed
    return seals
