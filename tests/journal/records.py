"""Records to write, made from a seed; their columns are transfers of any size, between accounts of any name."""

from pathlib import Path
from random import Random

from joulebus.journal.file import Journal
from joulebus_core import encode_columns
from joulebus_schemas.base import Window
from joulebus_schemas.journal import Born, Changed, Committed, JournalRecord, Woken
from joulebus_schemas.offers import Outcome
from joulebus_schemas.roster import Change, Member, Place
from joulebus_schemas.series import RunLengths

BORN = Born(
    home="house",
    start_unix_seconds=1_750_000_000,
    tick_seconds=1,
    seed=7,
    place=Place(latitude_degrees=50.8, longitude_degrees=4.4, timezone="Europe/Brussels"),
    members={
        "grid": Member(kind="grid"),
        "oven": Member(kind="oven", properties={"power_watts": 2000}),
        "inverter": Member(kind="inverter"),
    },
)


def record(random: Random, start: int, ticks: int = 1) -> Committed:
    """A committed window of three devices."""
    joules = random.randrange(1, 3000)
    return Committed(
        generation=1,
        window=Window(start=start, ticks=ticks),
        outcomes={
            "grid": Outcome(joules_out=joules),
            "inverter": Outcome(),
            "oven": Outcome(joules_in=joules, granted=RunLengths(run_lengths=((ticks, joules),)), on=True),
        },
        flows={"grid>oven": joules},
        states={"oven": {"heat_microjoules": start * joules, "on": True}} if random.random() < 0.5 else {},
    )


def story(seed: int, records: int) -> list[tuple[JournalRecord, bytes]]:
    """The records of a home with their columns: birth, and then windows with changes between them."""
    random = Random(seed)
    told: list[tuple[JournalRecord, bytes]] = [(BORN, b""), (Woken(generation=1), b"")]
    for start in range(records - 2):
        if random.random() < 0.1:
            told.append((Changed(changes=(Change(device="oven", from_tick=start + 1, on=random.random() < 0.5),)), b""))
        told.append((record(random, start), encode_columns([("grid", "a" + random.randbytes(random.randrange(1, 15)).hex(), [(1, 7)])])))
    return told[:records]


def written(path: Path, seed: int = 1, records: int = 30) -> list[bytes]:
    """The payloads of a journal that was just written."""
    with Journal.open(path, durable="memory") as journal:
        for told, columns in story(seed, records):
            journal.append(told, columns)
        return [journal.raw(number) for number in range(1, journal.last_number + 1)]


def payloads(journal: Journal) -> list[bytes]:
    """All that a journal has."""
    return [journal.raw(number) for number in range(1, journal.last_number + 1)]
