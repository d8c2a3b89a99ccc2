"""A view of the terms of contracts with the epochs in which they hold, in both databases.

Written out in full, because a migration must go on meaning what it meant.
"""

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_FIELD = re.compile(r"@(\w+)\.([\w.]+)@")
"""A field of JSON: ``@arguments.contract_id@``."""
POSTGRESQL = {
    "terms": "jsonb_each_text(o.arguments::jsonb) j(key, value)",
    "time": "to_timestamp((e.since * s.seconds)::double precision)",
    "number": "{0} ~ '^[0-9]+$'",
    "moment": "floor(extract(epoch FROM CAST({0} AS timestamptz)) / s.seconds)",
}
SQLITE = {
    "terms": "json_each(o.arguments) j",
    "time": "strftime('%Y-%m-%dT%H:%M:%SZ', e.since * s.seconds, 'unixepoch')",
    "number": "CAST({0} AS TEXT) NOT GLOB '*[^0-9]*'",
    "moment": "CAST(strftime('%s', {0}) AS INTEGER) / s.seconds",
}
_TERMS = """
WITH lengths AS (
    SELECT o.market, coalesce(CAST(@arguments.epoch_seconds@ AS BIGINT), 900) AS seconds
    FROM market_operation o WHERE o.revision = 1),
told AS (
    SELECT o.market, o.revision, coalesce(@answer.contract_id@, @arguments.contract_id@) AS contract,
        @arguments.holds_from@ AS moment, j.key AS name, CAST(j.value AS TEXT) AS value
    FROM market_operation o, {terms} WHERE o.call IN ('contract.add', 'contract.update')
    UNION ALL
    SELECT o.market, o.revision, @arguments.contract_id@, @arguments.holds_from@,
        CASE WHEN @arguments.epoch@ IS NULL THEN 'status' ELSE 'valid_until' END,
        coalesce(CAST(@arguments.epoch@ AS TEXT), 'ended')
    FROM market_operation o WHERE o.call = 'contract.end'),
said AS (
    SELECT t.market, t.revision, t.contract, t.name, t.value,
        CASE WHEN t.moment IS NULL THEN 0 WHEN {number} THEN CAST(t.moment AS BIGINT) ELSE CAST({moment} AS BIGINT) END AS since
    FROM told t JOIN lengths s ON s.market = t.market),
starts AS (SELECT DISTINCT market, contract, since FROM said),
each AS (
    SELECT s.market, s.contract, s.since, d.name, d.value, d.revision,
        row_number() OVER (PARTITION BY s.market, s.contract, s.since, d.name ORDER BY d.revision DESC) AS place
    FROM starts s JOIN said d ON d.market = s.market AND d.contract = s.contract AND d.since <= s.since)
SELECT e.market, e.contract, nullif(e.since, 0) AS holds_from, CASE WHEN e.since > 0 THEN {time} END AS time,
    lead(e.since) OVER (PARTITION BY e.market, e.contract ORDER BY e.since) AS holds_until, {fields}, max(e.revision) AS revision
FROM each e JOIN lengths s ON s.market = e.market WHERE e.place = 1 GROUP BY e.market, e.contract, e.since, s.seconds"""
_FIELDS = {
    "seller": ("asset_id", "TEXT"),
    "partner": ("partner_id", "TEXT"),
    "direction": ("direction", "TEXT"),
    "energy_wh": ("energy", "BIGINT"),
    "total_energy_wh": ("total_energy", "BIGINT"),
    "load_min_watts": ("load_min", "BIGINT"),
    "load_max_watts": ("load_max", "BIGINT"),
    "valid_from": ("valid_from", "TEXT"),
    "valid_until": ("valid_until", "TEXT"),
}
_COMMENT = """terms of contracts as they were said, with the epochs in which they hold: holds_from null is from the beginning, holds_until
(the first epoch in which other terms hold) null is for ever; places in merit orders are not here"""


def upgrade() -> None:
    """Make it."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    _execute(f"CREATE VIEW market_terms AS {_query(POSTGRESQL, _of_postgresql) if is_postgresql else _query(SQLITE, _of_sqlite)}")
    if is_postgresql:
        _execute(f"COMMENT ON VIEW market_terms IS '{_COMMENT}'")


def downgrade() -> None:
    """Take it away."""
    op.execute("DROP VIEW market_terms")


def _execute(text: str) -> None:
    op.execute(sa.text(text.replace(":", "\\:")))


def _query(words: dict[str, str], field: Callable[[re.Match[str]], str]) -> str:
    fields = [f"CAST(max(CASE WHEN e.name = '{said}' THEN e.value END) AS {kind}) AS {name}" for name, (said, kind) in _FIELDS.items()]
    fields.insert(0, "coalesce(max(CASE WHEN e.name = 'status' THEN e.value END), 'active') AS status")
    parts = {name: words[name].format("t.moment") for name in ("number", "moment")}
    return _FIELD.sub(field, _TERMS.format(terms=words["terms"], time=words["time"], fields=", ".join(fields), **parts))


def _of_postgresql(found: re.Match[str]) -> str:
    column, path = found.groups()
    return f"(o.{column}::jsonb #>> '{{{path.replace('.', ',')}}}')"


def _of_sqlite(found: re.Match[str]) -> str:
    column, path = found.groups()
    return f"json_extract(o.{column}, '$.{path}')"
