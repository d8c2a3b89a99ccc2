"""What it costs to validate and to dump a packet at the border of the bus, as ratios to packing the same message in the same run."""

import json
import time
import timeit
from collections.abc import Callable
from typing import Any

import msgpack  # type: ignore[import-untyped]

from joulebus.bus.plain import from_plain, from_plain_of_any_minor, to_plain
from joulebus_schemas.base import Word
from joulebus_schemas.rounds import Offered, Settled

REPEATS = 7
SECONDS = 0.05
TICKS = 3_600
SETTLED_DEVICES = 20


def packet(want: dict[str, Any], ticks: int) -> dict[str, Any]:
    """What a load says."""
    offer = {
        "role": "flow",
        "side": "ac",
        "want": want,
        "least": None,
        "most": None,
        "shedding_priority": 5,
        "reacts": False,
        "origin": None,
    }
    return {"window": {"start": 3_600, "ticks": ticks}, "offer": offer, "state": {"run_seconds": 60}, "quiet_until": None}


def each() -> dict[str, Any]:
    """An hour in which no second is like another: the largest form."""
    return {"form": "each", "values": [1_000 + tick * 7_919 % 1_000 for tick in range(TICKS)]}


def settled() -> dict[str, Any]:
    """What twenty devices hear."""
    outcomes = {f"load{number:02}": {"joules_in": 1_000 + number} for number in range(SETTLED_DEVICES)}
    window, flows = {"start": 3_600, "ticks": 1}, {"grid>loads": 20_190}
    return {"generation": 1, "number": 4_711, "window": window, "outcomes": outcomes, "flows": flows, "seals": [], "opened": None}


MESSAGES: dict[str, tuple[type[Word], dict[str, Any], int | None]] = {
    "one-tick packet": (Offered, packet({"form": "run_lengths", "run_lengths": [[1, 2_000]]}, 1), 10),
    "window of 3,600 ticks": (Offered, packet(each(), TICKS), 150),
    "settlement of 20 devices": (Settled, settled(), None),
}


def microseconds(act: Callable[[], Any]) -> float:
    """Time of this process, in the best of some runs: what others do on the machine does not count."""
    timer = timeit.Timer(act, timer=time.process_time)
    number = max(1, int(SECONDS / max(timer.timeit(10) / 10, 1e-9)))
    return min(timer.repeat(REPEATS, number)) / number * 1e6


def both_ways(name: str, kind: type[Word], plain: dict[str, Any], aim: int | None) -> None:
    """Print what a message costs at the border, and what packing it costs."""
    word = from_plain(kind, [plain], None)
    assert to_plain(word) == plain
    packed, text = msgpack.packb(plain), json.dumps(plain)
    validate = microseconds(lambda: from_plain_of_any_minor(kind, [plain], None))
    dump = microseconds(lambda: to_plain(word))
    aimed = f"; aim: at most {aim} us each" if aim else ""
    print(f"words: {name} ({len(packed)} bytes): validate {validate:.1f} us, dump {dump:.1f} us{aimed}")
    for other, reading, writing in (
        ("msgpack", lambda: msgpack.unpackb(packed), lambda: msgpack.packb(plain)),
        ("json", lambda: json.loads(text), lambda: json.dumps(plain)),
    ):
        read, write = microseconds(reading), microseconds(writing)
        reads, writes = f"reads {read:.1f} us (ratio {validate / read:.2f})", f"writes {write:.1f} us (ratio {dump / write:.2f})"
        print(f"words:   {other} {reads}, {writes}")


def main() -> None:
    """Each message both ways."""
    for name, (kind, plain, aim) in MESSAGES.items():
        both_ways(name, kind, plain, aim)


if __name__ == "__main__":
    main()
