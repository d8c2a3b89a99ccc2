"""What is damaged, and who must notice: journals, histories, markets, paused plans and certificates."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from joulebus.audit import Since, audit
from joulebus.errors import JoulebusError
from joulebus.historian.follow import refill
from joulebus.historian.store import HistoryStore
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.compaction import compact_all
from joulebus.journal.file import Journal
from joulebus.market.certificate import verify
from joulebus.market.executor import Executor, Opening
from joulebus.market.following import Following
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.link import check_link
from joulebus.market.living import plan_of, plan_text
from joulebus.market.setup import opening_of
from joulebus.planning.pausing import PAUSED_FILE, unpause
from joulebus.planning.planned import JOURNAL_FILE, ORDER_FILE, PlanOrder, Unkept, begin_plan, go_on, read_order
from joulebus_schemas.facts import EPOCH_SECONDS
from tests.balancer.test_certificate import certificate, sealed
from tests.campaigns.damage import Chain, content, damaged_bytes, damaged_columns, damaged_json, damaged_rows, rows
from tests.campaigns.homes import Life

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Noticed:
    """What whoever checks says of something damaged."""

    sound: bool
    says: tuple[Any, ...] = ()
    """What it says although it is sound: torn bytes, what was moved away, how many records."""


Damage = Callable[[Random, Path], str]
"""Damages a copy; says what, or nothing when nothing was changed."""


@dataclass(frozen=True)
class Subject:
    """Something that can be damaged."""

    name: str
    folder: Path
    damages: tuple[Damage, ...]
    check: Callable[[Path], Noticed]
    same: Callable[[Path, Path], bool]
    """Whether a copy says what the truth says."""
    marked: Callable[[Path, Path], bool] | None = None
    """Whether an audit that goes on from a mark of the truth finds the copy sound: with it, also what nobody can count again is found."""


def journal_check(folder: Path) -> Noticed:
    """The audit of a journal."""
    report = audit(folder / JOURNAL_FILE if (folder / JOURNAL_FILE).exists() else folder)
    return Noticed(report.is_sound, (report.torn_bytes, report.moved_away, report.records, report.unknown))


def marked_check(truth: Path, copy: Path) -> bool:
    """The audit of a damaged journal by somebody who has audited the true one."""
    return audit(copy / JOURNAL_FILE, since=Since(audit(truth / JOURNAL_FILE).mark)).is_sound


def history_check(folder: Path) -> Noticed:
    """The audit of a history."""
    report = audit(folder / "history.sqlite")
    return Noticed(report.is_sound, (report.torn_bytes, report.moved_away, report.records, report.unknown))


def market_check(folder: Path) -> Noticed:
    """The audit of a market beside its ledger."""
    report = check_link(folder / JOURNAL_FILE, folder / "market.sqlite", "market")
    return Noticed(not report.findings, (report.behind,))


def paused_check(folder: Path) -> Noticed:
    """Going on with a paused plan."""
    read_order(folder)
    unpause(folder)
    return Noticed(True)


def certificate_check(folder: Path) -> Noticed:
    """The check of a certificate."""
    verify((folder / "certificate.json").read_bytes())
    return Noticed(True)


def same_journal(one: Path, other: Path) -> bool:
    """Whether two journals say the same."""
    try:
        return content(one / JOURNAL_FILE) == content(other / JOURNAL_FILE)
    except (JoulebusError, OSError, ValueError):
        return False


def same_rows(name: str) -> Callable[[Path, Path], bool]:
    """Whether two databases say the same."""

    def same(one: Path, other: Path) -> bool:
        try:
            return rows(one / name) == rows(other / name)
        except (sqlite3.DatabaseError, OSError):
            return False

    return same


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def hurt_bytes(random: Random, folder: Path) -> str:
    """Bytes of a file."""
    path = random.choice(_files(folder))
    data = path.read_bytes()
    path.write_bytes(damaged_bytes(random, data))
    return f"bytes of {path.name}"


def hurt_files(random: Random, folder: Path) -> str:
    """A whole file removed, emptied or put in the place of another."""
    path, other = random.choice(_files(folder)), random.choice(_files(folder))
    match random.randrange(3):
        case 0:
            path.unlink()
            return f"{path.name} removed"
        case 1:
            path.write_bytes(b"")
            return f"{path.name} emptied"
        case _:
            shutil.copyfile(other, path) if other != path else None
            return f"{other.name} in the place of {path.name}"


def hurt_fields(random: Random, folder: Path) -> str:
    """A field of a record, with a mended chain."""
    chain = Chain(folder / JOURNAL_FILE)
    number, place = random.choice(chain.records())
    told = chain.files[number][1]
    text, columns = told[place]
    changed, what = damaged_json(random, text)
    told[place] = changed, columns
    chain.write()
    return f"{text['record']}: {what}"


def hurt_columns(random: Random, folder: Path) -> str:
    """Transfers, with a mended chain."""
    chain = Chain(folder / JOURNAL_FILE)
    places = [(number, place) for number, place in chain.records() if chain.files[number][1][place][0]["record"] == "committed"]
    number, place = random.choice(places)
    told = chain.files[number][1]
    columns, what = damaged_columns(random, told[place][1])
    told[place] = told[place][0], columns
    chain.write()
    return f"committed: {what}"


def hurt_records(random: Random, folder: Path) -> str:
    """Whole records lost, doubled, swapped or from elsewhere, with a mended chain."""
    chain = Chain(folder / JOURNAL_FILE)
    told = random.choice(chain.files)[1]
    place, other = random.randrange(len(told)), random.randrange(len(told))
    kind = told[place][0]["record"]
    match random.randrange(4):
        case 0:
            del told[place]
            what = "removed"
        case 1:
            told.insert(other, told[place])
            what = "doubled"
        case 2:
            told[place], told[other] = told[other], told[place]
            what = f"swapped with {told[place][0]['record']}"
        case _:
            tick = random.randrange(500)
            changes = [{"device": random.choice(["tv", "grid", "ghost"]), "from_tick": tick, "on": False}]
            told.insert(place, ({"record": "changed", "changes": changes, "by": None, "tick": None}, b""))
            what = "with a change before it"
    chain.write()
    return f"{kind} {what}"


def hurt_json(name: str) -> Damage:
    """A field of a JSON file; its checksum stays as it was."""

    def hurt(random: Random, folder: Path) -> str:
        path = folder / name
        changed, what = damaged_json(random, json.loads(path.read_bytes()))
        path.write_text(json.dumps(changed))
        return f"{name}: {what}"

    return hurt


def hurt_rows(name: str) -> Damage:
    """Rows of a database."""

    def hurt(random: Random, folder: Path) -> str:
        return damaged_rows(random, folder / name)

    return hurt


def subjects(folder: Path) -> list[Subject]:
    """All of them, with homes that have lived long enough to have everything in their records."""
    found = []
    mended = (hurt_fields, hurt_fields, hurt_fields, hurt_columns)
    for name, file_bytes in (("open journal", 2**24), ("closed journal", 40_000), ("compacted journal", 40_000)):
        place = folder / name.replace(" ", "_")
        _lived(place, file_bytes, name == "compacted journal")
        damages = (hurt_bytes, hurt_files, *mended, *((hurt_records,) if file_bytes > 10**6 else ()))
        found.append(Subject(name, place, damages, journal_check, same_journal, marked_check))
    found.append(_history(folder, folder / "open_journal"))
    found.append(_market(folder))
    found.append(_paused(folder))
    found.append(_certificate(folder))
    return found


def _lived(place: Path, file_bytes: int, is_compact: bool) -> None:
    life = Life(7, place, file_bytes)
    life.live(14_000 // life.file.tick_seconds)
    if is_compact:
        compact_all(life.journal)
        life.live(2_000 // life.file.tick_seconds)


def _history(folder: Path, lived: Path) -> Subject:
    place = folder / "history"
    place.mkdir()
    store = HistoryStore.open(place / "history.sqlite", "campaign")
    with Journal.view(lived / JOURNAL_FILE) as journal:
        refill(store, journal)
    store.close()
    name = "history.sqlite"
    return Subject("history", place, (hurt_bytes, hurt_rows(name), hurt_rows(name), hurt_rows(name)), history_check, same_rows(name))


def _market(folder: Path) -> Subject:
    place, name = folder / "market", "market.sqlite"
    file = load_home_file(ROOT / "examples/homes/market.yaml")
    begin_plan(file, place, PlanOrder(10_800, 700))
    go_on(place)
    for left in (ORDER_FILE, "result.json"):
        (place / left).unlink()
    plan = plan_of(plan_text(file))
    executor = Executor.open(Opening(place / name, "market", DEMONSTRATION, opening_of(plan.words, EPOCH_SECONDS)))
    with Journal.view(place / JOURNAL_FILE) as journal:
        Following(executor, plan).take(1, [journal.raw(number) for number in range(1, journal.last_number + 1)])
    executor.close()

    def hurt_database_bytes(random: Random, copy: Path) -> str:
        (copy / name).write_bytes(damaged_bytes(random, (copy / name).read_bytes()))
        return f"bytes of {name}"

    return Subject("market", place, (hurt_database_bytes, hurt_rows(name), hurt_rows(name), hurt_rows(name)), market_check, same_rows(name))


def _paused(folder: Path) -> Subject:
    place = folder / "paused"
    unkept = Unkept.of_file(load_home_file(ROOT / "examples/homes/flat.yaml"), PlanOrder(200_000, window=3_600))
    try:
        unkept.live(_impatient)
    except KeyboardInterrupt:
        unkept.pause(place)
    damages = (hurt_bytes, hurt_json(PAUSED_FILE), hurt_json(PAUSED_FILE), hurt_json(ORDER_FILE))
    return Subject("paused plan", place, damages, paused_check, _same_json)


def _impatient(done: int, _: int) -> None:
    if done > 50_000:
        raise KeyboardInterrupt


def _same_json(one: Path, other: Path) -> bool:
    try:
        return all(json.loads((one / name).read_bytes()) == json.loads((other / name).read_bytes()) for name in (PAUSED_FILE, ORDER_FILE))
    except (OSError, ValueError):
        return False


def _certificate(folder: Path) -> Subject:
    place = folder / "certificate"
    place.mkdir()
    (place / "certificate.json").write_bytes(certificate(sealed(6)))
    return Subject("certificate", place, (hurt_bytes, hurt_json("certificate.json")), certificate_check, _same_bytes)


def _same_bytes(one: Path, other: Path) -> bool:
    return (one / "certificate.json").read_bytes() == (other / "certificate.json").read_bytes()
