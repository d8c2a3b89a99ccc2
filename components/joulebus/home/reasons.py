"""Why the inverter did what it did: of each flow the setting or the state that decided it, as far as one did."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from joulebus.device import Span
from joulebus.devices.battery import BatteryProperties
from joulebus.devices.inverter import InverterProperties, policy
from joulebus.home.sentences import watts
from joulebus_schemas.facts import PPM_PER_PERCENT
from joulebus_schemas.journal import Committed
from joulebus_schemas.offers import PolicyRun
from joulebus_schemas.roster import Member
from joulebus_schemas.rounds import Settled
from joulebus_schemas.screen import REASONS_MAX, PricesNow

NEARLY_PPM = 1_000
"""So close to a limit, a battery is at it."""


@dataclass(frozen=True)
class Decided:
    """A settled window, and what was known when it was decided."""

    settled: Settled | Committed
    roster: Mapping[str, Member]
    span: Span
    timezone: str
    prices: PricesNow | None
    charges_ppm: Mapping[str, int]
    """State of charge by battery."""


def reasons(of: Decided) -> tuple[str, ...]:
    """The most telling ones first."""
    inverter = next((one for one in of.roster.values() if one.kind == "inverter"), None)
    if inverter is None or not inverter.properties:
        return ()
    settings = InverterProperties.model_validate_json(json.dumps(inverter.properties))
    last = Span(of.span.end - 1, 1, of.span.tick_seconds, of.span.unix_seconds + (of.span.ticks - 1) * of.span.tick_seconds)
    why = WindowReasons(of, settings, policy(settings, last, of.timezone)[0])
    found = [*why.unserved(), *why.charged_by_grid(), *why.not_discharged(), *why.curtailed(), *why.of_sun()]
    return tuple(dict.fromkeys(found))[:REASONS_MAX]


class WindowReasons:
    """The reasons of one window, flow by flow."""

    def __init__(self, of: Decided, settings: InverterProperties, run: PolicyRun) -> None:
        self._of, self._settings, self._run = of, settings, run
        seconds = of.span.seconds
        self._flows = frozenset(pair for pair, joules in of.settled.flows.items() if joules >= seconds)
        batteries = {name: one for name, one in of.roster.items() if one.kind == "battery" and one.on}
        self._batteries = {name: BatteryProperties.model_validate_json(json.dumps(one.properties)) for name, one in batteries.items()}

    def unserved(self) -> Iterator[str]:
        """Why somebody did not get what was wanted."""
        if not any(one.unserved_joules for one in self._of.settled.outcomes.values()):
            return
        if self._is_out:
            yield "the grid is out"
        elif self._settings.import_cap_watts is not None:
            yield f"import_cap_watts is {watts(self._settings.import_cap_watts)}"
        if self._batteries and self._are_low:
            yield self._low()

    def charged_by_grid(self) -> Iterator[str]:
        """Why the grid fills a battery."""
        if "grid>battery" not in self._flows:
            return
        run, price = self._run, self._price("import")
        if run.charge_from_grid:
            yield "charge_from_grid is on at this time"
        elif run.charge_below_price is not None and price is not None and price < run.charge_below_price:
            yield f"the grid costs {self._money(price)}, below charge_below_euro_per_kwh ({self._money(run.charge_below_price)})"
        elif run.charge_cheapest_seconds:
            yield f"this is one of the {self._settings.charge_cheapest_hours} cheapest hours of the day (charge_cheapest_hours)"
        elif run.restore_reserve:
            yield f"the battery is brought back to its reserve of {self._settings.reserve_percent:g} %"

    def not_discharged(self) -> Iterator[str]:
        """Why the grid serves the loads and a battery does not, or not alone; why a battery is sold."""
        run, price, pays = self._run, self._price("import"), self._price("export")
        if "battery>export" in self._flows and run.sell_from_price is not None and pays is not None:
            yield f"the grid pays {self._money(pays)}, at least sell_from_euro_per_kwh ({self._money(run.sell_from_price)})"
        if "grid>loads" not in self._flows or not self._batteries or "grid>battery" in self._flows:
            return
        if "battery>loads" in self._flows:
            yield "the battery gives what it can, the grid the rest"
        elif run.backup_only:
            yield "the battery is kept for outages (backup_only)"
        elif not run.discharge:
            yield "discharge is off at this time"
        elif run.discharge_from_price is not None and price is not None and price < run.discharge_from_price:
            yield f"the battery waits until the grid costs {self._money(run.discharge_from_price)} (discharge_from_euro_per_kwh)"
        elif self._are_low:
            yield self._low()

    def curtailed(self) -> Iterator[str]:
        """Why somebody could have produced more."""
        if not any(one.curtailed_joules >= self._of.span.seconds for one in self._of.settled.outcomes.values()):
            return
        if self._batteries and self._are_full:
            yield "the battery is full"
        pays, run = self._price("export"), self._run
        if self._is_out:
            yield "the grid is out"
        elif run.export_from_price is not None and pays is not None and pays < run.export_from_price:
            yield f"the grid pays {self._money(pays)}, below export_from_euro_per_kwh ({self._money(run.export_from_price)})"
        elif self._settings.export_limit_watts is not None:
            yield f"export_limit_watts is {watts(self._settings.export_limit_watts)}"

    def of_sun(self) -> Iterator[str]:
        """Where the sun goes once the loads have enough."""
        if "sun>battery" in self._flows or "sun>export" in self._flows:
            if not self._batteries or "sun>battery" in self._flows:
                yield f"the sun is for {', then '.join(self._settings.priority)} (priority)"
            elif not self._run.charge_from_sun:
                yield "charge_from_sun is off at this time"
            elif self._are_full:
                yield "the battery is full"

    @property
    def _is_out(self) -> bool:
        return self._of.prices is not None and not self._of.prices.available

    @property
    def _are_low(self) -> bool:
        """Whether no battery has anything that it may give."""
        floor = {name: max(one.minimum_percent * PPM_PER_PERCENT, self._run.reserve_ppm) for name, one in self._batteries.items()}
        return all(self._of.charges_ppm.get(name, 0) <= least + NEARLY_PPM for name, least in floor.items())

    @property
    def _are_full(self) -> bool:
        most = {name: one.maximum_percent * PPM_PER_PERCENT for name, one in self._batteries.items()}
        return all(self._of.charges_ppm.get(name, 0) >= full - NEARLY_PPM for name, full in most.items())

    def _low(self) -> str:
        least = min(one.minimum_percent for one in self._batteries.values())
        reserve = self._run.reserve_ppm / PPM_PER_PERCENT
        return f"the battery is at its reserve of {reserve:g} %" if reserve > least else f"the battery is at its minimum of {least:g} %"

    def _price(self, way: str) -> int | None:
        prices = self._of.prices
        return None if prices is None else prices.import_micro_euro_per_kwh if way == "import" else prices.export_micro_euro_per_kwh

    def _money(self, micro_euro: int) -> str:
        currency = self._of.prices.currency if self._of.prices is not None else ""
        return f"{micro_euro / 1e6:.4g} {currency}/kWh"
