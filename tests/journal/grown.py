"""Real homes that live one window a tick, as at 1x, with people who change them; their journals in files that follow each other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from joulebus.home.restart import wake
from joulebus.home.round import Home, new_birth
from joulebus.home.upkeep import Upkeep
from joulebus.homefile.home_file import HomeFile, load_home_file
from joulebus.journal.file import Journal
from joulebus_schemas.journal import Committed
from joulebus_schemas.roster import Member

ROOT = Path(__file__).parents[2]
TICK_SECONDS = 60
EPOCH_TICKS = 900 // TICK_SECONDS
FILE_BYTES = 5_000
"""Less than an epoch of the flat: each epoch has a file of its own."""


def flat() -> HomeFile:
    """A small home with a coarse tick: an epoch has 15 windows."""
    return replace(load_home_file(ROOT / "examples/homes/flat.yaml"), tick_seconds=TICK_SECONDS)


def interfere(home: Home) -> None:
    """What people do, always at the same ticks and in the middle of epochs."""
    tick = home.keeper.next_tick
    if tick == 20:
        home.switch("tv", False)
    if tick == 38:
        home.switch("tv", True)
    if tick == 50:
        home.add("stove", Member(kind="oven", properties={"power_watts": 900}))
    if tick == 67:
        home.set("stove", power_watts=700)
    if tick == 80:
        home.remove("stove")


def live(home: Home, until: int, upkeep: Upkeep | None = None) -> Iterator[int]:
    """Window by window; the tick after each."""
    while home.keeper.next_tick < until:
        interfere(home)
        home.round(1)
        if upkeep is not None:
            upkeep.settled()
        yield home.keeper.next_tick


def grown(path: Path, ticks: int = 100, file_bytes: int = FILE_BYTES) -> Path:
    """A journal of so many ticks, in files of so many bytes."""
    path.parent.mkdir(exist_ok=True)
    with Journal.open(path, durable="memory") as journal:
        journal.append(new_birth(flat()))
    gone_on(path, ticks, file_bytes)
    return path


def gone_on(path: Path, until: int, file_bytes: int = FILE_BYTES) -> None:
    """The same home after a (first) start."""
    with Journal.open(path, durable="memory") as journal:
        home = Home.of_keeper(wake(journal))
        for _ in live(home, until, Upkeep(home.keeper, file_bytes)):
            pass


def seals(path: Path) -> list[str]:
    """The chain of seals."""
    with Journal.view(path) as journal:
        return [seal.hash for _, record, _ in journal.read(journal.first_number) if isinstance(record, Committed) for seal in record.seals]


def true_seals(ticks: int) -> list[str]:
    """Those of a home without a journal that nobody disturbs."""
    home = Home.from_file(flat())
    found = []
    while home.keeper.next_tick < ticks:
        interfere(home)
        found += [seal.hash for seal in home.round(1).seals]
    return found
