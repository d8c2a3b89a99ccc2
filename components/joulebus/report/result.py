"""A report: whole numbers with their units in their names, each of which the audit can count again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from joulebus.devices.grid import currency_of
from joulebus.report.calendar import Integers, month_name
from joulebus.report.darkness import Outages
from joulebus.report.table import LEVEL_SUFFIX, ReportTable
from joulebus_schemas.facts import BILLED_WATTS_MIN, FLOWS, JOULES_PER_KWH, QUARTER_SECONDS
from joulebus_schemas.journal import Born
from joulebus_schemas.roster import Member, of_kind

REPORT_VERSION = 2
DEVICE_FIELDS = ("in_joules", "out_joules", "curtailed_joules", "served_later_joules", "heat_joules")


def shown_joules(device: dict[str, Any], field: str) -> int | None:
    """What a device of a report takes or gives, as people see it: with the fuel that it burns, or that is burnt of it."""
    burns = {"gas": "out_joules"}.get(device["kind"], "in_joules")
    return device.get("fuel_joules") if field == burns and "fuel_joules" in device else device.get(field)


@dataclass(frozen=True)
class Report:
    """What a run moved in a span; :meth:`as_json` is what is published."""

    born: Born
    members: dict[str, Member]
    """Everybody who took part."""
    busbar: str
    quarters: ReportTable
    joules_by_price: dict[str, dict[int, int]]
    head_seal: str
    outages: Outages = ()
    dark_seconds: int = 0
    """Something wanted energy, and nothing got any."""
    short_seconds: int = 0
    """Something got less than it wanted."""
    price_seconds: int = 0
    """Sum over all seconds of the price of import in micro-euro per kWh."""

    @property
    def timezone(self) -> str:
        """Time zone of the place."""
        return self.born.place.timezone

    @property
    def currency(self) -> str:
        """Currency of all money, as the home's grid says it."""
        return currency_of(self.members)

    def outages_text(self) -> str:
        """What a home with outages is about; nothing of one without."""
        if not self.outages:
            return ""
        hours = sum(ends - begins for begins, ends in self.outages) / 3_600
        times = "once" if len(self.outages) == 1 else f"{len(self.outages):,} times"
        return f"The grid was out {times}, {hours:,.1f} hours in all (shaded); {self.darkness_text()}. "

    def darkness_text(self) -> str:
        """How long loads went without energy."""
        return f"dark for {self.dark_seconds // 60:,} min, short for {self.short_seconds // 60:,} min"

    def rows(self, every: str) -> ReportTable:
        """The table at a resolution of a quarter-hour or coarser."""
        return self.quarters if every == "quarter" else self.quarters.every(every, self.timezone)

    def total(self, column: str) -> int:
        """The sum of a column; 0 when nothing ever moved there."""
        return int(self.quarters.columns[column].sum()) if column in self.quarters.columns else 0

    def as_json(self) -> dict[str, Any]:
        """Plain JSON: joules, watts, micro-euro, parts per million."""
        starts, seconds = self.quarters.columns["unix_seconds"], self.quarters.columns["seconds"]
        return {
            "report": REPORT_VERSION,
            "home": self.born.home,
            "timezone": self.timezone,
            "tick_seconds": self.born.tick_seconds,
            "from_unix_seconds": int(starts[0]),
            "to_unix_seconds": int(starts[-1] + seconds[-1]),
            "head_seal": self.head_seal,
            "outages": [{"from_unix_seconds": begins, "to_unix_seconds": ends} for begins, ends in self.outages],
            "totals": self.totals(),
            "flows": {flow: joules for flow in FLOWS if (joules := self.flow(flow))},
            "losses_joules": self.losses(),
            "devices": {name: self._device(name, member) for name, member in sorted(self.members.items())},
            "batteries": {name: self._battery(name) for name in self.stores},
            "prices": {what: self._prices(joules) for what, joules in self.joules_by_price.items()},
            "months": self.months(),
        }

    def flow(self, flow: str) -> int:
        """Joules of a flow pair."""
        return self.total(f"{flow.replace('>', '_to_')}_joules")

    def _flows(self, source: str = "", sink: str = "") -> int:
        pairs = [flow.split(">") for flow in FLOWS]
        return sum(self.flow(f"{giver}>{taker}") for giver, taker in pairs if source in ("", giver) and sink in ("", taker))

    def totals(self) -> dict[str, int | None]:
        """Totals of the whole span; docs/report.md defines each."""
        produced = self._flows("sun") + self._flows("producers")
        exported_at_once = self.flow("sun>export") + self.flow("producers>export")
        consumed, imported = self._flows(sink="loads"), self._flows("grid")
        cost, income = self.total("import_cost_micro_euro"), self.total("export_income_micro_euro")
        peaks = [month["peak_watts"] for month in self.months()]
        return {
            "produced_joules": produced,
            "consumed_joules": consumed,
            "import_joules": imported,
            "export_joules": self._flows(sink="export"),
            "unserved_joules": sum(self.unserved(name) for name in self.members),
            "served_later_joules": self._sum("served_later_joules"),
            "curtailed_joules": self._sum("curtailed_joules"),
            "losses_joules": self._sum("heat_joules"),
            "self_consumption_ppm": share(produced - exported_at_once, produced),
            "self_sufficiency_ppm": share(max(consumed - imported, 0), consumed),
            "import_cost_micro_euro": cost,
            "export_income_micro_euro": income,
            "cost_micro_euro": cost - income,
            "stored_joules": self.stored_joules(),
            "stored_micro_euro": self._stored_worth(),
            "cost_with_stored_micro_euro": cost - income - self._stored_worth(),
            "peak_watts": max(peaks),
            "month_peak_mean_watts": sum(peaks) // len(peaks),
            "month_peak_mean_billed_watts": sum(max(peak, BILLED_WATTS_MIN) for peak in peaks) // len(peaks),
            "dark_seconds": self.dark_seconds,
            "short_seconds": self.short_seconds,
            **({"fuel_joules": self.fuel_joules} if of_kind(self.members, "gas") else {}),
        }

    def unserved(self, name: str) -> int:
        """What a device wanted and has not got by the end of the span; the rows say what it lacked at the time."""
        return max(self.total(f"{name}_unserved_joules") - self.total(f"{name}_served_later_joules"), 0)

    def _stored_worth(self) -> int:
        """What that would be worth to the loads, through battery and inverter, at the mean price of import: one number for all."""
        seconds = self.total("seconds")
        ppm = percent_ppm(self.members.get(self.busbar), "efficiency_percent")
        usable = sum(
            self.stored_change(name) * percent_ppm(self.members[name], "discharge_efficiency_percent") * ppm for name in self.stores
        )
        return usable * self.price_seconds // (10**12 * JOULES_PER_KWH * seconds)

    def _sum(self, field: str) -> int:
        return sum(self.total(f"{name}_{field}") for name in self.members)

    def losses(self) -> dict[str, int]:
        """Losses by cause: conversion of what came from each source, and what each device lost inside."""
        sources = {f"{self.busbar}, from {flow.removesuffix('>heat')}": self.flow(flow) for flow in FLOWS if flow.endswith(">heat")}
        inside = {name: self.total(f"{name}_heat_joules") for name in sorted(self.members) if name != self.busbar}
        return {cause: joules for cause, joules in {**sources, **inside}.items() if joules}

    def _device(self, name: str, member: Member) -> dict[str, Any]:
        moved = {field: self.total(f"{name}_{field}") for field in DEVICE_FIELDS}
        moved |= {"unserved_joules": self.unserved(name), "fuel_joules": self._burnt(name)}
        return {"kind": member.kind, **{field: joules for field, joules in moved.items() if joules}}

    def _burnt(self, name: str) -> int:
        """What a device burnt; of a gas connection, what was burnt of its gas."""
        gases = of_kind(self.members, "gas")
        pairs = [(gas, other) for gas in gases for other in self.members if name in (gas, other)]
        return sum(self.total(f"{other}_from_{gas}_joules") for gas, other in pairs)

    @property
    def fuel_joules(self) -> int:
        """What was burnt in all."""
        return sum(self._burnt(gas) for gas in of_kind(self.members, "gas"))

    @property
    def stores(self) -> list[str]:
        """Names of batteries."""
        return [name.removesuffix(LEVEL_SUFFIX) for name in self.quarters.columns if name.endswith(LEVEL_SUFFIX)]

    def level_begin_joules(self, name: str) -> int:
        """What was in a battery at the beginning: what is in it at the end, and all that has moved since."""
        return int(self.quarters.columns[f"{name}{LEVEL_SUFFIX}"][-1]) - self.stored_change(name)

    def stored_change(self, name: str) -> int:
        """How much more is in a battery at the end than at the beginning; negative: less."""
        return self.total(f"{name}_in_joules") - self.total(f"{name}_out_joules") - self.total(f"{name}_heat_joules")

    def stored_joules(self) -> int:
        """How much more is in all batteries at the end than at the beginning; negative: less."""
        return sum(self.stored_change(name) for name in self.stores)

    def _battery(self, name: str) -> dict[str, int | None]:
        levels = self.quarters.columns[f"{name}{LEVEL_SUFFIX}"]
        capacity = capacity_joules(self.members[name])
        return {
            "capacity_joules": capacity,
            "cycles_ppm": share(self.total(f"{name}_out_joules"), capacity or 0),
            "level_end_joules": int(levels[-1]),
            "level_least_joules": int(levels.min()),
            "level_most_joules": int(levels.max()),
        }

    def _prices(self, joules_by_price: dict[int, int]) -> list[dict[str, int]]:
        return [
            {"micro_euro_per_kwh": price, "joules": joules, "micro_euro": price * joules // JOULES_PER_KWH}
            for price, joules in sorted(joules_by_price.items())
            if joules
        ]

    def months(self) -> list[dict[str, Any]]:
        """Energy, money and the highest quarter-hour of each month at the place."""
        months = self.rows("month")
        edges = [*months.columns["unix_seconds"], self.quarters.columns["unix_seconds"][-1] + 1]
        starts = self.quarters.columns["unix_seconds"]
        fields = ("import_joules", "export_joules", "import_cost_micro_euro", "export_income_micro_euro")
        found = []
        for index in range(len(months)):
            inside = (starts >= edges[index]) & (starts < edges[index + 1])
            imported = self.quarters.columns["import_joules"][inside]
            found.append(
                {
                    "month": month_name(int(edges[index]), self.timezone),
                    **{field: int(months.columns[field][index]) for field in fields},
                    "peak_watts": int(imported.max()) // QUARTER_SECONDS,
                    "peak_unix_seconds": int(starts[inside][imported.argmax()]),
                }
            )
        return found


def lines(columns: dict[str, Integers], names: list[str]) -> Iterable[dict[str, int]]:
    """A table row by row."""
    lists = [columns[name].tolist() for name in names]
    return (dict(zip(names, values, strict=True)) for values in zip(*lists, strict=True))


def percent_ppm(member: Member | None, name: str) -> int:
    """A property in percent as parts per million; all of it where there is none."""
    return round((member.properties.get(name, 100.0) if member else 100.0) * 10_000)


def share(part: int, whole: int) -> int | None:
    """Parts per million, rounded down; nothing of nothing is not a share."""
    return part * 1_000_000 // whole if whole else None


def capacity_joules(member: Member) -> int | None:
    """Capacity of a battery in joules; None if its properties do not state one."""
    capacity = member.properties.get("capacity_kwh")
    return None if capacity is None else max(round(capacity * JOULES_PER_KWH), 1)
