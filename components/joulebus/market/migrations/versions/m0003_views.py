"""What SQL can read: views of settlements, certificates and contracts, in both databases.

Written out in full, because a migration must go on meaning what it meant.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FIELD = re.compile(r"@(\w+)\.([\w.]+)@")
"""A field of JSON: ``@answer.postings.0.wh@``."""
POSTGRESQL = {
    "values": "jsonb_array_elements(o.arguments::jsonb -> 'values') v(value)",
    "terms": "jsonb_each_text(o.arguments::jsonb) j(key, value)",
    "time": "to_timestamp(({0} * {1})::double precision)",
}
SQLITE = {
    "values": "json_each(o.arguments, '$.values') v",
    "terms": "json_each(o.arguments) j",
    "time": "strftime('%Y-%m-%dT%H:%M:%SZ', {0} * {1}, 'unixepoch')",
}
_SECONDS = """(SELECT coalesce(CAST(@arguments.epoch_seconds@ AS BIGINT), 900) FROM market_operation o
    WHERE o.market = {0}.market AND o.revision = 1)"""
_SETTLEMENT = """
SELECT s.market, s.revision, s.epoch, {time} AS time, s.meter, s.import_wh, s.export_wh, s.status, s.source, s.principal FROM (
    SELECT o.market, o.revision, CAST(@answer.epoch@ AS BIGINT) AS epoch, @value.meter_id@ AS meter,
        CAST(@value.import_wh@ AS BIGINT) AS import_wh, CAST(@value.export_wh@ AS BIGINT) AS export_wh,
        @answer.status@ AS status, @arguments.source@ AS source, o.principal
    FROM market_operation o, {values} WHERE o.call = 'metering.book_epoch'
    UNION ALL
    SELECT o.market, o.revision, CAST(@answer.postings.0.epoch@ AS BIGINT), @arguments.meter_id@,
        CASE WHEN @answer.postings.0.to@ = @arguments.meter_id@
            THEN CAST(@answer.postings.0.wh@ AS BIGINT) ELSE 0 END,
        CASE WHEN @answer.postings.0.from@ = @arguments.meter_id@
            THEN CAST(@answer.postings.0.wh@ AS BIGINT) ELSE 0 END,
        @answer.status@, @arguments.source@, o.principal
    FROM market_operation o
    WHERE o.call = 'balancing.add_settlement' AND @answer.postings.0.wh@ IS NOT NULL) s"""
_CERTIFICATE = """
SELECT s.market, s.batch, s.revision, s.epoch, {time} AS time, s.asset, s.seals, s.hash, o.principal
FROM market_sealed s JOIN market_operation o ON o.market = s.market AND o.revision = s.revision"""
_CONTRACT = """
WITH said AS (
    SELECT o.market, o.revision, coalesce(@answer.contract_id@, @arguments.contract_id@) AS contract,
        j.key AS name, CAST(j.value AS TEXT) AS value
    FROM market_operation o, {terms} WHERE o.call IN ('contract.add', 'contract.update')
    UNION ALL
    SELECT o.market, o.revision, @arguments.contract_id@,
        CASE WHEN @arguments.epoch@ IS NULL THEN 'status' ELSE 'valid_until' END,
        coalesce(CAST(@arguments.epoch@ AS TEXT), 'ended')
    FROM market_operation o WHERE o.call = 'contract.end'),
last AS (SELECT *, row_number() OVER (PARTITION BY market, contract, name ORDER BY revision DESC) AS place FROM said)
SELECT market, contract, {fields}, max(revision) AS revision FROM last WHERE place = 1 GROUP BY market, contract"""
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
_COMMENTS = {
    "market_settlement": "what meters took and gave, as it was booked; late: a part of it waits on the late list",
    "market_certificate": "what was sealed: each batch is a signed seal of one asset, or of all assets of an epoch",
    "market_contract": "contracts with the terms that were said last; their places in merit orders are not here",
}


def upgrade() -> None:
    """Make them."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    field = _of_postgresql if is_postgresql else _of_sqlite
    for name, query in _queries(POSTGRESQL if is_postgresql else SQLITE).items():
        _execute(f"CREATE VIEW {name} AS {_FIELD.sub(field, query)}")
        if is_postgresql:
            _execute(f"COMMENT ON VIEW {name} IS '{_COMMENTS[name]}'")


def _execute(text: str) -> None:
    op.execute(sa.text(text.replace(":", "\\:")))


def _of_postgresql(found: re.Match[str]) -> str:
    column, path = found.groups()
    return f"({_COLUMNS[column]}::jsonb #>> '{{{path.replace('.', ',')}}}')"


def _of_sqlite(found: re.Match[str]) -> str:
    column, path = found.groups()
    place = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path.split("."))
    return f"json_extract({_COLUMNS[column]}, '${place}')"


_COLUMNS = {"arguments": "o.arguments", "answer": "o.answer", "value": "v.value"}


def _queries(words: dict[str, str]) -> dict[str, str]:
    plain = {name: words[name] for name in ("values", "terms")}
    time = words["time"].format("s.epoch", _SECONDS.format("s"))
    fields = [f"CAST(max(CASE WHEN name = '{said}' THEN value END) AS {kind}) AS {name}" for name, (said, kind) in _FIELDS.items()]
    status = "coalesce(max(CASE WHEN name = 'status' THEN value END), 'active') AS status"
    return {
        "market_settlement": _SETTLEMENT.format(**plain, time=time),
        "market_certificate": _CERTIFICATE.format(time=time),
        "market_contract": _CONTRACT.format(**plain, fields=", ".join([status, *fields])),
    }


def downgrade() -> None:
    """Take them away."""
    for name in ("market_settlement", "market_certificate", "market_contract"):
        op.execute(f"DROP VIEW {name}")
