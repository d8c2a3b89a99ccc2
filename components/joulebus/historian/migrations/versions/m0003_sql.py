"""What SQL can read: in PostgreSQL JSON instead of deflated bytes, views of energy, power, level, cost and state, and comments.

Both databases keep JSON in one form from now on.
"""

import json
import zlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

PAGE_ROWS = 500

_COMMENTS = {
    "home": "homes, as they were born",
    "watermark": "how far the historian of each home is",
    "record": "the journal of each home, as far as it is not thinned out",
    "change": "what was changed about a home, by device",
    "seal": "sealed quarter-hours, which prove what moved",
    "tick_block": "what moved in each tick, of records that are thinned out",
    "minute_block": "what moved in each minute",
    "day": "what moved in each day and in its quarter-hours",
}
_COLUMN_COMMENTS = {
    ("home", "place"): "where it is: JSON",
    ("seal", "columns"): "JSON: from, to, joules, moment, hash of each",
    ("tick_block", "payload"): "deflated JSON: joules by series, one number for each tick",
    ("minute_block", "payload"): "JSON: joules by series, one number for each minute",
    ("day", "sums"): "what moved in the day, at the place of the home",
    ("day", "quarters"): "what moved in each of its quarter-hours",
}
_JSON = {("seal", "epoch"): ("columns",), ("minute_block", "epoch"): ("payload",), ("day", "quarter"): ("sums", "quarters")}
"""Columns by table and by the last column of its key."""


def upgrade() -> None:
    """Make them."""
    connection = op.get_bind()
    _in_one_form(connection, "home", ("name",), "place")
    _in_one_form(connection, "change", ("home", "number", "place"), "news")
    if connection.dialect.name != "postgresql":
        return
    for table, column in (("home", "place"), ("change", "news")):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE JSONB USING {column}::jsonb")
    for (table, key), columns in _JSON.items():
        for column in columns:
            _inflate(connection, table, key, column)
    for table, comment in _COMMENTS.items():
        op.create_table_comment(table, comment)
    for (table, column), comment in _COLUMN_COMMENTS.items():
        op.alter_column(table, column, comment=comment)
    _views()


def _in_one_form(connection: sa.Connection, table: str, key: tuple[str, ...], column: str) -> None:
    """Keys in order, no -0.0, no NUL."""
    found = connection.execute(sa.text(f"SELECT {', '.join((*key, column))} FROM {table}")).all()
    where = " AND ".join(f"{name} = :{name}" for name in key)
    for row in found:
        text = row[-1].replace("\\u0000", "\\ufffd")
        value = json.loads(text, parse_float=lambda number: float(number) + 0.0)
        said = {"said": json.dumps(value, sort_keys=True, ensure_ascii=False)}
        connection.execute(sa.text(f"UPDATE {table} SET {column} = :said WHERE {where}"), dict(zip(key, row, strict=False)) | said)


def _inflate(connection: sa.Connection, table: str, key: str, column: str) -> None:
    """From deflated bytes to JSON, page by page."""
    op.add_column(table, sa.Column("inflated", postgresql.JSON))
    page = sa.text(f"SELECT home, {key}, {column} FROM {table} WHERE inflated IS NULL ORDER BY home, {key} LIMIT {PAGE_ROWS}")
    put = sa.text(f"UPDATE {table} SET inflated = CAST(:said AS JSON) WHERE home = :home AND {key} = :key")
    while rows := connection.execute(page).all():
        connection.execute(put, [{"home": row[0], "key": row[1], "said": zlib.decompress(row[2]).decode()} for row in rows])
    op.drop_column(table, column)
    op.alter_column(table, "inflated", new_column_name=column, nullable=False)


def _views() -> None:
    for table, column in (("seal", "epoch"), ("minute_block", "epoch"), ("day", "quarter")):
        op.execute(f"CREATE INDEX ix_{table}_home_time ON {table} (home, {_time(column + ' * 900')})")
    for name, (comment, query) in _VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")
        op.execute(f"COMMENT ON VIEW {name} IS '{comment}'")


def _time(seconds: str) -> str:
    return f"to_timestamp(({seconds})::double precision)"


_MINUTES = f"""
SELECT m.home, {_time("m.epoch * 900 + (v.place - 1) * greatest(60, h.tick_seconds)")} AS time, {_time("m.epoch * 900")} AS quarter,
    greatest(60, h.tick_seconds) AS seconds, s.key AS name, v.value::bigint AS value
FROM minute_block m JOIN home h ON h.name = m.home, json_each(m.payload -> '%s') s,
    json_array_elements_text(s.value) WITH ORDINALITY v (value, place)"""
_JSON_OF_RECORD = """convert_from(substr(r.payload, 37, (get_byte(r.payload, 32) << 24) | (get_byte(r.payload, 33) << 16)
    | (get_byte(r.payload, 34) << 8) | get_byte(r.payload, 35)), 'UTF8')::json"""
_VIEWS = {
    "energy": (
        "what moved from one account to another in each sealed quarter-hour",
        f"""SELECT s.home, s.epoch, {_time("s.epoch * 900")} AS time, c ->> 0 AS account_from, c ->> 1 AS account_to,
            (c ->> 2)::bigint AS joules, (c ->> 2)::bigint / 3600.0 AS watt_hours
        FROM seal s, json_array_elements(s.columns) c""",
    ),
    "power": (
        "mean power of each device in each minute: positive when it takes; a filter on quarter uses an index",
        f"""SELECT m.home, m.time, m.quarter, CASE WHEN split_part(m.name, '>', 1) = b.device THEN split_part(m.name, '>', 2)
                ELSE split_part(m.name, '>', 1) END AS device,
            sum(CASE WHEN split_part(m.name, '>', 1) = b.device THEN m.value ELSE -m.value END) / m.seconds::numeric AS watts
        FROM ({_MINUTES % "accounts"}) m
            JOIN (SELECT DISTINCT ON (home) home, device FROM change WHERE what = 'added' AND news ->> 'kind' = 'inverter'
                ORDER BY home, number) b ON b.home = m.home
        WHERE b.device IN (split_part(m.name, '>', 1), split_part(m.name, '>', 2)) AND split_part(m.name, '>', 2) <> 'heat'
        GROUP BY m.home, m.time, m.quarter, m.seconds, 4""",
    ),
    "level": (
        "what is in each store at the end of each minute; a filter on quarter uses an index",
        f"""SELECT m.home, m.time, m.quarter, m.name AS device, m.value AS joules, m.value / 3600000.0 AS kilowatt_hours
        FROM ({_MINUTES % "levels"}) m WHERE m.value >= 0""",
    ),
    "cost": (
        "what import cost and export earned in each quarter-hour; a filter on day uses an index",
        f"""SELECT d.home, {_time("(d.quarter + v.place - 1) * 900")} AS time, {_time("d.quarter * 900")} AS day, s.key AS direction,
            v.value::numeric / 3600000000000 AS euro
        FROM day d, json_each(d.quarters -> 'money') s, json_array_elements_text(s.value) WITH ORDINALITY v (value, place)
        WHERE v.value <> '0'""",
    ),
    "state": (
        "the state of devices at the beginning of windows in which it differs from before, as far as records are kept",
        f"""SELECT r.home, {_time("h.start_unix_seconds + r.start_tick * h.tick_seconds")} AS time, r.number AS record,
            s.key AS device, s.value AS state
        FROM record r JOIN home h ON h.name = r.home, json_each({_JSON_OF_RECORD} -> 'states') s WHERE r.kind = 'committed'""",
    ),
}
