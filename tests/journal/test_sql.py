"""What SQL finds in PostgreSQL: energy, power, levels, cost and states add up to the ledger, and a span of time is found by an index."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine, inspect, text

from joulebus.audit import audit
from joulebus.historian.engine import reading, writing
from joulebus.historian.follow import refill
from joulebus.historian.store import HistoryStore
from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from joulebus.journal.file import Journal
from joulebus.services.past import Past
from joulebus_schemas.facts import JOULES_PER_KWH
from joulebus_schemas.history import Totals
from tests.journal.conftest import fresh

HOUSE = Path(__file__).parents[2] / "examples/homes/house.yaml"
DAY = 86_400
START = 1_781_992_800
"""Midnight in Brussels: a whole number of epochs is sealed."""
Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of the house in SQLite."""
    folder = tmp_path_factory.mktemp("kept")
    with Journal.open(folder / "journal.bin", durable="memory") as journal:
        home = Home.from_file(load_home_file(HOUSE), journal)
        for _ in home.live(DAY, 3_600):
            pass
        store = HistoryStore.open(folder / "history.sqlite", "house")
        refill(store, journal)
        store.close()
    return folder / "history.sqlite"


@pytest.fixture(scope="module")
def migrated(kept: Path, postgres: str) -> str:
    """The same in PostgreSQL, as the revision before the views left it (its bytes are those of SQLite), and then migrated."""
    url = fresh(postgres)
    writing(url, revision="0002").dispose()
    source, target = create_engine(f"sqlite:///{kept}"), create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    found = MetaData()
    found.reflect(source)
    with source.connect() as reader, target.begin() as writer:
        for table in found.sorted_tables:
            if table.name != "alembic_version":
                rows = [dict(row) for row in reader.execute(table.select()).mappings()]
                writer.execute(table.insert(), rows) if rows else None
    source.dispose()
    target.dispose()
    HistoryStore.open(url, "house").close()
    return url


@pytest.fixture
def ask(migrated: str) -> Iterator[Ask]:
    """Asks in SQL."""
    engine = reading(migrated)

    def asked(query: str, **named: Any) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            return [tuple(row) for row in connection.execute(text(query), named)]

    yield asked
    engine.dispose()


@pytest.fixture
def totals(migrated: str) -> Totals:
    store = HistoryStore.view(migrated)
    try:
        return Past(store.engine, "house").totals()
    finally:
        store.close()


def test_what_was_migrated_is_sound_and_the_same(migrated: str, kept: Path, totals: Totals) -> None:
    report = audit(migrated, "house")
    assert (report.findings, report.missing_joules) == ((), 0)
    store = HistoryStore.view(kept)
    assert Past(store.engine, "house").totals() == totals
    store.close()


def test_energy_is_that_of_the_seals(ask: Ask, migrated: str) -> None:
    accounts = audit(migrated, "house").accounts
    [(taken, count)] = ask("SELECT sum(joules), count(DISTINCT time) FROM energy WHERE home = 'house' AND account_to = 'oven'")
    assert (taken, count > 0) == (accounts["oven"].joules_in, True)


def test_power_is_that_of_the_devices(ask: Ask, totals: Totals) -> None:
    found = dict(ask("SELECT device, sum(watts * 60)::bigint FROM power WHERE home = 'house' GROUP BY device"))
    for name, moved in totals.devices.items():
        assert found.get(name, 0) == moved.joules_in - moved.joules_out, name
    assert found["oven"] > 0 > found["panel_south"]


def test_cost_and_levels_are_those_of_the_ledger(ask: Ask, totals: Totals) -> None:
    euro = dict(ask("SELECT direction, sum(euro) FROM cost WHERE home = 'house' GROUP BY direction"))
    assert abs(float(euro.get("import", 0) - euro.get("export", 0)) - totals.cost_micro_euro / 1e6) < 2e-6
    levels = ask("SELECT joules, kilowatt_hours FROM level WHERE device = 'battery' ORDER BY time")
    assert len(levels) == DAY // 60
    assert all(float(kwh) == pytest.approx(joules / JOULES_PER_KWH) for joules, kwh in levels)


DASHBOARD = Path(__file__).parents[2] / "infra/grafana/history.json"


def in_sql(query: str) -> str:
    """A query of Grafana with its variables and macros filled in, for the day of the house."""
    span = f"{START} AND {START + DAY}"
    written = re.sub(r"\$__timeFilter\((\w+)\)", rf"extract(epoch FROM \1) BETWEEN {span}", query)
    return written.replace("$home", "house").replace("$grid", "grid")


def test_each_panel_of_the_dashboard_draws_what_the_ledger_says(ask: Ask, totals: Totals) -> None:
    board = json.loads(DASHBOARD.read_text())
    [names, grids] = [one["query"] for one in board["templating"]["list"] if one["type"] == "query"]
    assert ask(names) == [("house",)] and ask(in_sql(grids)) == [("grid",)]
    found = {panel["title"]: ask(in_sql(target["rawSql"])) for panel in board["panels"] for target in panel["targets"]}
    assert all(found.values())
    [[bought]], [[sold]], [[cost]], [[peak]] = (found[title] for title in ("Bought", "Sold", "Cost less income", "Quarter-hour peak"))
    grid = totals.devices["grid"]
    assert float(bought) == pytest.approx(grid.joules_out / JOULES_PER_KWH) and float(sold) == pytest.approx(
        grid.joules_in / JOULES_PER_KWH
    )
    assert float(cost) == pytest.approx(totals.cost_micro_euro / 1e6, abs=1e-5) and 0 < peak < 10
    taken = {device for _, device, watts in found["What devices take"] if watts > 0}
    assert taken >= {"oven", "geyser", "battery"} and {device for _, device, _ in found["What devices give"]} >= {"panel_south", "grid"}


def test_states_tell_the_temperature_of_the_oven(ask: Ask) -> None:
    found = ask("SELECT time, state ->> 'heat_microjoules' FROM state WHERE home = 'house' AND device = 'oven' ORDER BY time")
    assert len(found) > 3 and all(int(heat) > 0 for _, heat in found)


@pytest.mark.parametrize(
    ("view", "column", "index"),
    [
        ("energy", "time", "ix_seal_home_time"),
        ("power", "quarter", "ix_minute_block_home_time"),
        ("level", "quarter", "ix_minute_block_home_time"),
        ("cost", "day", "ix_day_home_time"),
    ],
)
def test_a_span_of_time_is_found_by_an_index(ask: Ask, view: str, column: str, index: str) -> None:
    query = f"EXPLAIN SELECT * FROM {view} WHERE home = 'house' AND {column} BETWEEN to_timestamp(:first) AND to_timestamp(:last)"
    plan = "\n".join(line for (line,) in ask(query, first=START, last=START + 3_600))
    assert index in plan and "Seq Scan on seal" not in plan, plan


def test_json_is_jsonb_and_every_table_has_a_comment(migrated: str) -> None:
    engine = reading(migrated)
    inspector = inspect(engine)
    tables = set(inspector.get_table_names()) - {"alembic_version"}
    assert {name for name in tables if not inspector.get_table_comment(name)["text"]} == set()
    types = {(table, column["name"]): str(column["type"]) for table in tables for column in inspector.get_columns(table)}
    assert types["home", "place"] == types["change", "news"] == "JSONB"
    assert types["day", "quarters"] == types["seal", "columns"] == types["minute_block", "payload"] == "JSON"
    engine.dispose()
