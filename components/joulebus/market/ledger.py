"""From a home's sealed epochs to bookings of the market: joules to whole Wh, with the remainder carried. Pure.

A seal says by pair of accounts how many joules flowed in its epoch. What the inverter gave to a device is what that device took, and
the other way round; at the grid it is the home that took. The rest of a Wh is carried to the next epoch, for each meter and register,
so the two books are never a Wh apart.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from joulebus_schemas.journal import Seal
from joulebus_schemas.market.metering import BookEpoch, EpochValue

JOULES_OF_A_WATT_HOUR = 3_600
OF_LEDGER = "ledger "
"""So begins the source of what a home's ledger has booked."""


@dataclass(frozen=True, slots=True)
class MarketWiring:
    """Which devices are balancing points, and where the home's busbar is."""

    home: str
    busbar: str
    grids: frozenset[str]
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """What is known about the ledger so far; kept in the transaction of the bookings."""

    remainders: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Joules that are less than a Wh, by point: taken and given."""
    start_unix_seconds: int = 0
    tick_seconds: int = 1
    unsealed: tuple[int, ...] = ()
    """Epochs that are booked and wait for their seal."""
    booked: int | None = None
    """The last epoch that is booked; None: none is, or nobody has kept it."""
    file: Mapping[str, Any] | None = None
    """What the home file said about the market when it was last applied; None: nobody has kept it."""

    def text(self) -> str:
        """As it is kept."""
        plain: dict[str, Any] = {
            "remainders": self.remainders,
            "start": self.start_unix_seconds,
            "tick_seconds": self.tick_seconds,
            "unsealed": self.unsealed,
        }
        more = {"booked": self.booked, "file": self.file}
        kept = plain | {name: value for name, value in more.items() if value is not None}
        return _json(kept | {"sha256": _sha256(kept)})

    @classmethod
    def of(cls, text: str) -> "Carried":
        """As it was kept."""
        said = json.loads(text)
        remainders = {name: (taken, given) for name, (taken, given) in said.get("remainders", said.get("rests", {})).items()}
        unsealed = tuple(said.get("unsealed", ()))
        return cls(remainders, said.get("start", 0), said.get("tick_seconds", 1), unsealed, said.get("booked"), said.get("file"))


def is_whole(text: str) -> bool | None:
    """Whether nothing of a kept text was changed; None when it was kept without a checksum, as before version 0.2."""
    said = json.loads(text)
    checksum = said.pop("sha256", None)
    return None if checksum is None else bool(checksum == _sha256(said))


def _json(said: Mapping[str, Any]) -> str:
    return json.dumps(said, sort_keys=True)


def _sha256(said: Mapping[str, Any]) -> str:
    return sha256(_json(said).encode()).hexdigest()


def bookings(wiring: MarketWiring, seal: Seal, remainders: Mapping[str, tuple[int, int]]) -> tuple[BookEpoch, dict[str, tuple[int, int]]]:
    """What a sealed epoch books, and what is carried."""
    values, carried = [], dict(remainders)
    for point in wiring.points:
        (import_wh, export_wh), carried[point] = _whole(joules_of(wiring, seal, point), remainders.get(point, (0, 0)))
        values.append(EpochValue(meter_id=point, import_wh=import_wh, export_wh=export_wh))
    return BookEpoch(epoch=seal.epoch, values=tuple(values), source=source_of(wiring.home, seal)), carried


def joules_of(wiring: MarketWiring, seal: Seal, point: str) -> tuple[int, int]:
    """What a point took and gave in an epoch, as its meter would count it."""
    into = sum(column.joules for column in seal.columns if (column.account_from, column.account_to) == (wiring.busbar, point))
    out = sum(column.joules for column in seal.columns if (column.account_from, column.account_to) == (point, wiring.busbar))
    return (out, into) if point in wiring.grids else (into, out)


def source_of(home: str, seal: Seal) -> str:
    """Where a posting comes from: the ticks of its epoch, and the hash that seals them."""
    return f"{OF_LEDGER}{home} epoch={seal.epoch} ticks={seal.first_tick}-{seal.first_tick + seal.ticks - 1} seal={seal.hash}"


def _whole(joules: tuple[int, int], rest: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    taken, taken_rest = divmod(joules[0] + rest[0], JOULES_OF_A_WATT_HOUR)
    given, given_rest = divmod(joules[1] + rest[1], JOULES_OF_A_WATT_HOUR)
    return (taken, given), (taken_rest, given_rest)
