"""A report against its journal: every number counted again, and those named that differ."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from joulebus.audit.books import AccountPair
from joulebus.audit.recount import Quarter, Recount, sum_between, summed
from joulebus.audit.report import Finding
from joulebus.audit.sources import open_source
from joulebus.errors import ReportError
from joulebus.journal.file import parse
from joulebus.journal.frames import shaped, split
from joulebus.refusals.system import reason
from joulebus_schemas.facts import (
    BILLED_WATTS_MIN,
    CURTAILED,
    DRIVING,
    FINDINGS_MAX,
    FLOWS,
    HEAT,
    JOULES_PER_KWH,
    QUARTER_SECONDS,
    SOURCES,
    UNSERVED,
)

WITHOUT_DARKNESS, TODAY = 1, 2
"""Versions of a report: files of joulebus 0.1 say nothing about outages."""


def check_report(source: str | Path, file: Path, home: str | None = None) -> list[Finding]:
    """What of a report's JSON its transfers do not say; empty when all of it agrees. ``home`` chooses in a database with several.

    Raises:
        ReportError: The file is not a report of `joulebus report --json-file`, or not of this run; or a record cannot be counted.
    """
    said = _said(file)
    recount = recounted(Recount(said["from_unix_seconds"], said["to_unix_seconds"]), source, file, home)
    if recount.born is None or not recount.quarters:
        raise ReportError(f"{file} must be a report of {source}, but that run has no tick in its span")
    counted = recounted_json(recount, said.get("every"))
    if said["report"] == WITHOUT_DARKNESS:
        counted = _without_darkness(counted)
    found = [Finding("report", text) for text in differences("", said, counted)]
    return found[:FINDINGS_MAX]


def recounted(recount: Recount, source: str | Path, file: Path, home: str | None) -> Recount:
    """The recount after all records of a source, for what a file says of it.

    Raises:
        ReportError: A record cannot be counted.
    """
    for entry in open_source(source, home).entries():
        if shaped(entry.payload):
            _, text, posted = split(entry.payload)
            try:
                recount.add(parse(text), posted)
            except (ValueError, KeyError, IndexError, ArithmeticError) as error:
                raise ReportError(
                    f"{file} cannot be compared: record {entry.number} of {source} cannot be counted; `joulebus audit` says why"
                ) from error
    return recount


def _said(file: Path) -> dict[str, Any]:
    try:
        said = json.loads(file.read_bytes())
    except OSError as error:
        raise ReportError(f"the report {file} cannot be read: {reason(error)}") from None
    except ValueError:
        raise ReportError(f"--report needs a file that `joulebus report --json-file` wrote, but {file} is not JSON") from None
    if (
        not isinstance(said, dict)
        or said.get("report") not in (WITHOUT_DARKNESS, TODAY)
        or not isinstance(said.get("from_unix_seconds"), int)
    ):
        raise ReportError(f"--report needs a file that `joulebus report --json-file` wrote, but {file} is something else")
    if not isinstance(said.get("to_unix_seconds"), int):
        raise ReportError(f"--report must say where its span ends, but {file} does not")
    return said


def differences(path: str, said: Any, counted: Any) -> Iterator[str]:
    """Where two JSON values differ, with both numbers."""
    if isinstance(said, dict) and isinstance(counted, dict):
        for key in sorted({*said, *counted}):
            yield from differences(f"{path}.{key}" if path else key, said.get(key), counted.get(key))
    elif isinstance(said, list) and isinstance(counted, list) and len(said) == len(counted):
        for index, (one, two) in enumerate(zip(said, counted, strict=True)):
            yield from differences(f"{path}[{index}]", one, two)
    elif said != counted or type(said) is not type(counted):
        yield f"{path} is {_short(said)}, and the transfers say {_short(counted)}"


def _short(value: Any) -> str:
    return f"{len(value)} entries" if isinstance(value, dict | list) else str(value)


def recounted_json(recount: Recount, every: str | None) -> dict[str, Any]:
    """The report as it must be."""
    assert recount.born is not None, "it was followed from its birth"
    born, quarters = recount.born, recount.quarters
    zone = ZoneInfo(born.place.timezone)
    money = _money(quarters)
    months = _months(quarters, money, zone)
    found: dict[str, Any] = {
        "report": TODAY,
        "home": born.home,
        "timezone": born.place.timezone,
        "tick_seconds": born.tick_seconds,
        "from_unix_seconds": quarters[0].start,
        "to_unix_seconds": quarters[-1].end,
        "head_seal": recount.head_seal,
        "outages": [{"from_unix_seconds": begins, "to_unix_seconds": ends} for begins, ends in recount.darkness.outages],
        "totals": _totals(recount, money, months) | {name: getattr(recount.darkness, name) for name in DARK_TOTALS},
        "flows": {flow: joules for flow in FLOWS if (joules := _flow(quarters, flow))},
        "losses_joules": _losses(recount),
        "devices": {name: _device(recount, name) for name in sorted(recount.members)},
        "batteries": {name: _battery(recount, name) for name in _stores(quarters)},
        "prices": {what: _prices(joules) for what, joules in recount.joules_by_price.items()},
        "months": months,
    }
    return found if every is None else {**found, "every": every, "rows": _rows(recount, money, every, zone)}


DARK_TOTALS = ("dark_seconds", "short_seconds")


def _without_darkness(counted: dict[str, Any]) -> dict[str, Any]:
    """As the first version of a report said it."""
    totals = {name: value for name, value in counted["totals"].items() if name not in DARK_TOTALS}
    return {**{name: value for name, value in counted.items() if name != "outages"}, "report": WITHOUT_DARKNESS, "totals": totals}


Money = list[dict[str, int]]


def _money(quarters: list[Quarter]) -> Money:
    """Whole micro-euro of each quarter-hour; the remainder goes into the next."""
    carry, found = {"import": 0, "export": 0}, []
    for quarter in quarters:
        paid = {}
        for what in carry:
            paid[what], carry[what] = divmod(carry[what] + quarter.priced[what], JOULES_PER_KWH)
        found.append(paid)
    return found


def _flow(quarters: list[Quarter], flow: str) -> int:
    return sum(quarter.flows[flow] for quarter in quarters)


def _all(quarters: list[Quarter], begins: str, ends: str) -> int:
    return sum(sum_between(quarter.flows, begins, ends) for quarter in quarters)


def _share(part: int, whole: int) -> int | None:
    return part * 1_000_000 // whole if whole else None


def _totals(recount: Recount, money: Money, months: list[dict[str, Any]]) -> dict[str, int | None]:
    quarters, pairs = recount.quarters, summed(recount.quarters)
    produced = _all(quarters, "sun>", "") + _all(quarters, "producers>", "")
    consumed = _all(quarters, "", ">loads")
    cost, income = (sum(paid[what] for paid in money) for what in ("import", "export"))
    peaks = [month["peak_watts"] for month in months]
    changes = {name: _change(pairs, name, recount.busbar) for name in _stores(quarters)}
    worth = _worth(recount, changes)
    return {
        "produced_joules": produced,
        "consumed_joules": consumed,
        "import_joules": _all(quarters, "grid>", ""),
        "export_joules": _all(quarters, "", ">export"),
        "unserved_joules": sum(_unserved(recount, name) for name in recount.members),
        "served_later_joules": sum(joules for (_, taker), joules in pairs.items() if taker == UNSERVED),
        "curtailed_joules": sum(joules for (_, taker), joules in pairs.items() if taker == CURTAILED),
        "losses_joules": sum(joules for (_, taker), joules in pairs.items() if taker == HEAT),
        "self_consumption_ppm": _share(produced - _flow(quarters, "sun>export") - _flow(quarters, "producers>export"), produced),
        "self_sufficiency_ppm": _share(max(consumed - _all(quarters, "grid>", ""), 0), consumed),
        "import_cost_micro_euro": cost,
        "export_income_micro_euro": income,
        "cost_micro_euro": cost - income,
        "stored_joules": sum(changes.values()),
        "stored_micro_euro": worth,
        "cost_with_stored_micro_euro": cost - income - worth,
        "peak_watts": max(peaks),
        "month_peak_mean_watts": sum(peaks) // len(peaks),
        "month_peak_mean_billed_watts": sum(max(peak, BILLED_WATTS_MIN) for peak in peaks) // len(peaks),
        **({"fuel_joules": sum(pairs[pair] for pair in pairs if pair[0] in gases)} if (gases := _gases(recount)) else {}),
    }


def _change(pairs: Mapping[AccountPair, int], name: str, busbar: str) -> int:
    return pairs[busbar, name] - pairs[name, busbar] - pairs[name, HEAT]


def _worth(recount: Recount, changes: Mapping[str, int]) -> int:
    """At the mean price of import, less what battery and inverter would lose of it."""
    inverter = recount.members.get(recount.busbar)
    through = round((inverter.properties.get("efficiency_percent", 100.0) if inverter else 100.0) * 10_000)
    usable = 0
    for name, joules in changes.items():
        usable += joules * through * round(recount.members[name].properties.get("discharge_efficiency_percent", 100.0) * 10_000)
    seconds = sum(quarter.end - quarter.start for quarter in recount.quarters)
    return usable * recount.price_seconds // (10**12 * JOULES_PER_KWH * seconds)


def _losses(recount: Recount) -> dict[str, int]:
    converted = {f"{recount.busbar}, from {source}": _flow(recount.quarters, f"{source}>heat") for source in SOURCES}
    inside = {giver: joules for (giver, taker), joules in summed(recount.quarters).items() if taker == HEAT and giver != recount.busbar}
    return {cause: joules for cause, joules in {**converted, **inside}.items() if joules}


def _device(recount: Recount, name: str) -> dict[str, Any]:
    pairs = summed(recount.quarters)
    moved = {
        "in_joules": pairs[recount.busbar, name],
        "out_joules": pairs[name, recount.busbar],
        "curtailed_joules": pairs[name, CURTAILED],
        "unserved_joules": _unserved(recount, name),
        "served_later_joules": pairs[f"{name}.unmet", UNSERVED],
        "heat_joules": pairs[name, HEAT],
        "fuel_joules": sum(joules for (giver, taker), joules in pairs.items() if giver in _gases(recount) and name in (giver, taker)),
    }
    return {"kind": recount.members[name].kind, **{field: joules for field, joules in moved.items() if joules}}


def _gases(recount: Recount) -> list[str]:
    return sorted(name for name, member in recount.members.items() if member.kind == "gas")


def _unserved(recount: Recount, name: str) -> int:
    pairs = summed(recount.quarters)
    return max(pairs[UNSERVED, f"{name}.unmet"] - pairs[f"{name}.unmet", UNSERVED], 0)


def _stores(quarters: list[Quarter]) -> list[str]:
    return sorted({name for quarter in quarters for name in quarter.levels})


def _battery(recount: Recount, name: str) -> dict[str, int | None]:
    levels = [quarter.levels.get(name, 0) for quarter in recount.quarters]
    kwh = recount.members[name].properties.get("capacity_kwh")
    capacity = None if kwh is None else max(round(kwh * JOULES_PER_KWH), 1)
    return {
        "capacity_joules": capacity,
        "cycles_ppm": _share(summed(recount.quarters)[name, recount.busbar], capacity or 0),
        "level_end_joules": levels[-1],
        "level_least_joules": min(levels),
        "level_most_joules": max(levels),
    }


def _prices(joules_by_price: dict[int, int]) -> list[dict[str, int]]:
    priced = sorted((price, joules) for price, joules in joules_by_price.items() if joules)
    return [{"micro_euro_per_kwh": price, "joules": joules, "micro_euro": price * joules // JOULES_PER_KWH} for price, joules in priced]


def _months(quarters: list[Quarter], money: Money, zone: ZoneInfo) -> list[dict[str, Any]]:
    found = []
    for months in _grouped(quarters, "month", zone):
        imports = [sum_between(quarters[index].flows, "grid>", "") for index in months]
        peak = imports.index(max(imports))
        found.append(
            {
                "month": datetime.fromtimestamp(quarters[months[0]].start, zone).strftime("%Y-%m"),
                "import_joules": sum(imports),
                "export_joules": sum(sum_between(quarters[index].flows, "", ">export") for index in months),
                "import_cost_micro_euro": sum(money[index]["import"] for index in months),
                "export_income_micro_euro": sum(money[index]["export"] for index in months),
                "peak_watts": max(imports) // QUARTER_SECONDS,
                "peak_unix_seconds": quarters[months[peak]].start,
            }
        )
    return found


def _grouped(quarters: list[Quarter], every: str, zone: ZoneInfo) -> list[list[int]]:
    """Indexes of quarter-hours by row."""
    formats = {"quarter": "%s", "hour": "%Y-%m-%d %H %z", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
    found: dict[str, list[int]] = {}
    for index, quarter in enumerate(quarters):
        local = datetime.fromtimestamp(quarter.start, zone)
        key = str(quarter.start) if every == "quarter" else local.strftime(formats[every])
        found.setdefault(key, []).append(index)
    return list(found.values())


def _rows(recount: Recount, money: Money, every: str, zone: ZoneInfo) -> list[dict[str, int]]:
    quarters = recount.quarters
    rows = [_row(recount, money, indexes) for indexes in _grouped(quarters, every, zone)]
    kept = {name for row in rows for name, value in row.items() if value}
    return [{name: row.get(name, 0) for name in kept} for row in rows]


def _row(recount: Recount, money: Money, indexes: list[int]) -> dict[str, int]:
    quarters = [recount.quarters[index] for index in indexes]
    return {
        "unix_seconds": quarters[0].start,
        "seconds": sum(quarter.end - quarter.start for quarter in quarters),
        "import_joules": _all(quarters, "grid>", ""),
        "export_joules": _all(quarters, "", ">export"),
        "import_cost_micro_euro": sum(money[index]["import"] for index in indexes),
        "export_income_micro_euro": sum(money[index]["export"] for index in indexes),
        **{f"{flow.replace('>', '_to_')}_joules": _flow(quarters, flow) for flow in FLOWS},
        **{_column(giver, taker, recount.busbar): joules for (giver, taker), joules in summed(quarters).items()},
        **{f"{name}_level_joules": quarters[-1].levels.get(name, 0) for name in _stores(quarters)},
    }


def _column(giver: str, taker: str, busbar: str) -> str:
    if giver == UNSERVED:
        return f"{taker.removesuffix('.unmet')}_unserved_joules"
    if taker == UNSERVED:
        return f"{giver.removesuffix('.unmet')}_served_later_joules"
    if taker in (HEAT, CURTAILED, DRIVING):
        return f"{giver}_{taker}_joules"
    ends = {giver == busbar: f"{taker}_in_joules", taker == busbar: f"{giver}_out_joules"}
    return ends.get(True, f"{taker}_from_{giver}_joules")
