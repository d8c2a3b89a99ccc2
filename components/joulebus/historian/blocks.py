"""Blocks: what moved in consecutive slots of equal length, by series, packed small enough to keep for ever.

A series is named by its section and its name. What is additive is summed, a level is that of the last slot that has one.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import from_json

BY_ACCOUNT, BY_FLOW, MONEY, LEVELS = "accounts", "flows", "money", "levels"
"""Joules by "from>to"; joules by "source>sink"; joules times price of import and export; joules in each store at the slot's end."""
IMPORTED, EXPORTED = "import", "export"
NO_LEVEL = -1

SeriesKey = tuple[str, str]
ValueArray = NDArray[Any]


@dataclass
class Block:
    """Slots from a moment on; slots that nothing has moved in are 0."""

    start: int
    """Unix seconds."""
    slot_seconds: int
    slots: int
    series: dict[SeriesKey, ValueArray] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The first moment after it, in unix seconds."""
        return self.start + self.slots * self.slot_seconds

    def add(self, series: SeriesKey, slots: ValueArray, values: ValueArray) -> None:
        """Add values to slots; of a level the last one counts. The slots are sorted."""
        mine = self.series.get(series)
        if mine is None:
            mine = self.series[series] = empty(series[0], self.slots)
        if series[0] == LEVELS:
            mine[slots] = values
        else:
            np.add.at(mine, slots, values)

    def fold(self, other: "Block") -> None:
        """Add a finer block that lies inside."""
        slots = (other.start - self.start + np.arange(other.slots) * other.slot_seconds) // self.slot_seconds
        for series, values in other.series.items():
            known = values != NO_LEVEL if series[0] == LEVELS else values != 0
            self.add(series, slots[known], values[known])

    def sums(self) -> "Block":
        """The same as one slot."""
        whole = Block(self.start, self.slots * self.slot_seconds, 1)
        whole.fold(self)
        return whole


def empty(section: str, slots: int) -> ValueArray:
    """No joules, or no level. Money is in Python's integers: a year of joules times a price is beyond 64 bits."""
    if section == LEVELS:
        return np.full(slots, NO_LEVEL, dtype=np.int64)
    return np.zeros(slots, dtype=object if section == MONEY else np.int64)


def pack_block(block: Block) -> bytes:
    """The series of a block as JSON; where it lies is in the key of its row. Series of zeros are left out."""
    sections: dict[str, dict[str, list[int]]] = {}
    for (section, name), values in sorted(block.series.items()):
        if (values != (NO_LEVEL if section == LEVELS else 0)).any():
            sections.setdefault(section, {})[name] = values.tolist()
    return json.dumps(sections, separators=(",", ":")).encode()


def unpack_block(payload: bytes, start: int, slot_seconds: int, slots: int) -> Block:
    """The block of a row."""
    sections = from_json(payload)
    return Block(start, slot_seconds, slots, {(section, name): _values(section, values) for section, name, values in _each(sections)})


def _values(section: str, values: list[int]) -> ValueArray:
    return np.array(values, dtype=object if section == MONEY else np.int64)


def _each(sections: dict[str, dict[str, list[int]]]) -> Iterator[tuple[str, str, list[int]]]:
    for section, named in sections.items():
        for name, values in named.items():
            yield section, name, values


def differing(one: Block, other: Block) -> Iterable[SeriesKey]:
    """Series that two blocks of the same slots do not share."""
    for series in sorted({*one.series, *other.series}):
        nothing = empty(series[0], one.slots)
        if not np.array_equal(one.series.get(series, nothing), other.series.get(series, nothing)):
            yield series
