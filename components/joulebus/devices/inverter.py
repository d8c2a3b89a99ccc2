"""The inverter: how much of the direct current arrives, and by which rules the home is served."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Inputs, Properties, Span, State
from joulebus.devices._quantities import Efficiency, Percent
from joulebus.physics import power_curve
from joulebus.physics.prices import EuroPerKwh, micro_euro
from joulebus.physics.schedule import DailyWindows, ticks_in_windows
from joulebus_schemas.base import INTEGER_MAX, Natural, Word
from joulebus_schemas.offers import Goal, Outcome, PolicyRun
from joulebus_schemas.offers import Inverter as InverterOffer

InverterWatts = Annotated[int, Field(ge=0, le=100_000_000)]
Times = Literal["always", "never"] | DailyWindows
PriceOrNone = EuroPerKwh | None
SwitchRuns = list[tuple[int, bool]]
GridCode = Literal["none", "belgium_one_phase", "belgium_three_phases"]
CODE_WATTS_MAX: dict[GridCode, int] = {"none": INTEGER_MAX, "belgium_one_phase": 5_000, "belgium_three_phases": 10_000}
"""AC power that may be given beside the public grid without asking first: Synergrid C10/11, whose kVA are kW here."""


class SandiaCurve(Word):
    """The parameters of an inverter in the CEC library of SAM, under the names they have there."""

    paco: Annotated[float, Field(gt=0, le=1e8, description="W AC at most")]
    pdco: Annotated[float, Field(gt=0, le=1e8, description="W DC at which it gives paco")]
    pso: Annotated[float, Field(ge=0, le=1e6, description="W DC at which it wakes up")]
    pnt: Annotated[float, Field(ge=0, le=1e5, description="W AC that it draws at night")]
    vdco: Annotated[float, Field(gt=0, le=1e4, description="V DC of the parameters; joulebus runs it at this voltage")] = 400.0
    c0: Annotated[float, Field(ge=-1, le=1, description="1/W, the curvature")] = 0.0
    c1: Annotated[float, Field(ge=-1, le=1, description="1/V, has no effect at vdco")] = 0.0
    c2: Annotated[float, Field(ge=-1, le=1, description="1/V, has no effect at vdco")] = 0.0
    c3: Annotated[float, Field(ge=-1, le=1, description="1/V, has no effect at vdco")] = 0.0


class InverterProperties(Properties):
    """The settings of a hybrid inverter."""

    rating_watts: Annotated[InverterWatts, Field(description="AC power at most; 0 is a plain switchboard")] = 5000
    grid_code: Annotated[
        GridCode,
        Field(description="what AC power is allowed at most, whatever its rating: in Belgium 5 kVA on one phase, 10 kVA on three"),
    ] = "none"
    curve: Annotated[Literal["pvwatts", "sandia", "constant"], Field(description="how its efficiency depends on its load")] = "pvwatts"
    pvwatts_version: Annotated[
        Literal[5, 8],
        Field(description="of the curve pvwatts: 8 is a line that wakes at half a percent of its rating, 5 the parabola of 0.1"),
    ] = 8
    efficiency_percent: Annotated[Efficiency, Field(description="at its rating (pvwatts), or always (constant)")] = 96.0
    sandia: Annotated[SandiaCurve | None, Field(description="parameters of the curve sandia")] = None
    night_watts: Annotated[
        float | None, Field(ge=0, le=10_000, description="drawn from the grid while nothing is converted; 1, or pnt of sandia")
    ] = None
    charge_watts_max: Annotated[InverterWatts | None, Field(description="AC power it turns into charge; the rating when left out")] = None
    charge_efficiency_percent: Annotated[Efficiency, Field(description="of turning AC into charge")] = 96.0
    priority: Annotated[tuple[Goal, Goal, Goal], Field(strict=False, description="what the sun is for, in this order")] = (
        "loads",
        "battery",
        "export",
    )
    charge_from_sun: Annotated[
        Times, Field(description='when the sun may charge the battery: always, never, or times such as ["10:00-16:00"]')
    ] = "always"
    charge_from_grid: Annotated[Times, Field(description="when the grid charges the battery up to its target")] = "never"
    discharge: Annotated[Times, Field(description="when the battery may serve the home")] = "always"
    reserve_percent: Annotated[Percent, Field(description="of the battery, kept for outages")] = 0.0
    reserve_during: Annotated[
        Times,
        Field(description='when the reserve is kept: always, never, or times such as ["16:00-22:00"]; at others the battery serves on'),
    ] = "always"
    restore_reserve: Annotated[bool, Field(description="whether the grid charges the battery up to the reserve when it is below")] = False
    charge_target_percent: Annotated[
        Percent, Field(description="of the battery, where the grid's charge ends; the sun's ends at its maximum_percent")
    ] = 100.0
    charge_below_euro_per_kwh: Annotated[
        PriceOrNone, Field(description="the grid charges the battery up to its target while its price is below this")
    ] = None
    charge_cheapest_hours: Annotated[
        int, Field(ge=0, le=24, description="the grid charges the battery up to its target in so many of the cheapest hours of each day")
    ] = 0
    discharge_from_euro_per_kwh: Annotated[
        PriceOrNone, Field(description="the battery serves the home only while the grid's price is not below this")
    ] = None
    export_from_euro_per_kwh: Annotated[
        PriceOrNone, Field(description="nothing goes to the grid while it pays less than this; 0: never at a loss")
    ] = None
    sell_from_euro_per_kwh: Annotated[
        PriceOrNone, Field(description="the battery feeds the grid, down to the reserve, while it pays this or more")
    ] = None
    export_limit_watts: Annotated[InverterWatts | None, Field(description="to the grid at most; 0 is zero export, nothing is no limit")] = (
        None
    )
    import_cap_watts: Annotated[
        InverterWatts | None, Field(description="from the grid at most; above it the battery helps, then loads are shed")
    ] = None
    shed_above_import_cap: Annotated[
        bool, Field(description="whether loads above import_cap_watts are shed; no: the grid serves what the battery cannot")
    ] = True
    backup_only: Annotated[bool, Field(description="keep the battery for outages alone")] = False
    island_operation: Annotated[bool, Field(description="serve the home while the grid is out; without a battery only with an outlet")] = (
        True
    )
    outlet: Annotated[bool, Field(description="an outlet of its own: the panels alone serve the home while the grid is out")] = False
    idle_from_battery: Annotated[bool, Field(description="while the grid is out, night_watts come from the panels or the battery")] = False

    @property
    def ac_watts_max(self) -> int:
        """The AC power that it gives at most: its rating, or what the code allows."""
        return min(self.rating_watts, CODE_WATTS_MAX[self.grid_code])

    @model_validator(mode="after")
    def _fits_together(self) -> "InverterProperties":
        if set(self.priority) != {"loads", "battery", "export"}:
            raise ValueError(f"priority must name loads, battery and export once each; it was {', '.join(self.priority)}")
        if self.reserve_percent > self.charge_target_percent:
            raise ValueError(
                f"reserve_percent must not be above charge_target_percent; "
                f"they were {self.reserve_percent:g} and {self.charge_target_percent:g}"
            )
        if self.curve == "sandia":
            _check_sandia(self.sandia, self)
        return self


class InverterState(State):
    """What is left below a joule, converted and drawn at night."""

    carry_microjoules: Annotated[Natural, Field(description="converted and not yet a whole joule")] = 0
    night_carry_microjoules: Annotated[Natural, Field(description="drawn at night and not yet a whole joule")] = 0


class InverterDevice(Device[InverterProperties, InverterState]):
    """The busbar of a home: the core dispatches by what it says here."""

    kind = "inverter"
    summary = "turns direct into alternating current and decides who is served first"
    category = "inverter"
    icon = "sine-wave"
    is_only_one = True
    properties = InverterProperties
    state = InverterState
    reading_names = {
        "heat_joules": "lost in the last window",
        "rating_watts": "what it can give at most",
    }

    def offer(self, inputs: Inputs[InverterProperties], state: InverterState) -> InverterOffer:
        """Its curve and the policy of each tick."""
        properties = inputs.properties
        table = _table(properties)
        return InverterOffer(
            rating_watts=properties.ac_watts_max,
            curve_dc_milliwatts=table.dc_milliwatts,
            curve_ac_milliwatts=table.ac_milliwatts,
            charge_watts_max=_or_else(properties.charge_watts_max, properties.rating_watts),
            charge_efficiency_ppm=round(properties.charge_efficiency_percent * 10_000),
            night_milliwatts=_night_milliwatts(properties),
            night_carry_microjoules=state.night_carry_microjoules,
            idles_on_battery=properties.idle_from_battery,
            carry_microjoules=state.carry_microjoules,
            policy=policy(properties, inputs.span, inputs.context.place.timezone),
        )

    def advance(self, inputs: Inputs[InverterProperties], state: InverterState, outcome: Outcome) -> InverterState:
        """Keep what is left below a joule."""
        return InverterState(carry_microjoules=outcome.carry_microjoules, night_carry_microjoules=outcome.night_carry_microjoules)

    def readings(self, context: DeviceContext, properties: InverterProperties, state: InverterState, outcome: Outcome) -> dict[str, int]:
        """What the conversion cost in the last window."""
        return {"heat_joules": outcome.heat_joules, "rating_watts": properties.ac_watts_max}


def policy(properties: InverterProperties, span: Span, timezone: str) -> tuple[PolicyRun, ...]:
    """The settings along the ticks: a new run begins where a time window opens or closes."""
    times = (properties.charge_from_sun, properties.charge_from_grid, properties.discharge, properties.reserve_during)
    merged = _merge([_runs(when, span, timezone) for when in times])
    return tuple(_policy_run(properties, ticks, flags) for ticks, flags in merged)


def _policy_run(p: InverterProperties, ticks: int, flags: tuple[bool, ...]) -> PolicyRun:
    charge_from_sun, charge_from_grid, discharge, has_reserve = flags
    return PolicyRun(
        ticks=ticks,
        priority=p.priority,
        charge_from_sun=charge_from_sun,
        charge_from_grid=charge_from_grid,
        discharge=discharge,
        reserve_ppm=round(p.reserve_percent * 10_000) if has_reserve else 0,
        target_ppm=round(p.charge_target_percent * 10_000),
        export_watts_max=_or_else(p.export_limit_watts, INTEGER_MAX),
        import_watts_max=_or_else(p.import_cap_watts, INTEGER_MAX),
        sheds_above_import_max=p.shed_above_import_cap,
        backup_only=p.backup_only,
        island=p.island_operation,
        outlet=p.outlet,
        restore_reserve=p.restore_reserve,
        charge_below_price=_price(p.charge_below_euro_per_kwh),
        charge_cheapest_seconds=p.charge_cheapest_hours * 3_600,
        discharge_from_price=_price(p.discharge_from_euro_per_kwh),
        export_from_price=_price(p.export_from_euro_per_kwh),
        sell_from_price=_price(p.sell_from_euro_per_kwh),
    )


def _price(euro_per_kwh: float | None) -> int | None:
    return None if euro_per_kwh is None else micro_euro(euro_per_kwh)


def _runs(when: Times, span: Span, timezone: str) -> SwitchRuns:
    if isinstance(when, str):
        return [(span.ticks, when == "always")]
    return ticks_in_windows(when, span, timezone)


def _merge(lines: list[SwitchRuns]) -> list[tuple[int, tuple[bool, ...]]]:
    """Several lines of runs as one, cut wherever any of them changes."""
    edges: dict[int, list[bool]] = {}
    for number, line in enumerate(lines):
        tick = 0
        for count, flag in line:
            edges.setdefault(tick, [None] * len(lines))[number] = flag  # type: ignore[list-item]
            tick += count
    ticks = sum(count for count, _ in lines[0])
    return _runs_between(edges, ticks)


def _runs_between(edges: dict[int, list[bool]], ticks: int) -> list[tuple[int, tuple[bool, ...]]]:
    starts = sorted(edges)
    flags: tuple[bool, ...] = tuple(edges[0])
    merged = []
    for start, end in zip(starts, [*starts[1:], ticks], strict=True):
        flags = tuple(old if new is None else new for old, new in zip(flags, edges[start], strict=True))
        merged.append((end - start, flags))
    return merged


@lru_cache(maxsize=64)
def _table(p: InverterProperties) -> power_curve.CurveTable:
    efficiency = p.efficiency_percent / 100.0
    if p.rating_watts == 0:
        return power_curve.CurveTable((0, 1), (0, 0))
    if p.curve == "sandia" and p.sandia is not None:
        of = power_curve.SandiaParameters(p.sandia.paco, p.sandia.pdco, p.sandia.pso, p.sandia.c0)
        return power_curve.curve_table(lambda dc: power_curve.sandia_watts(dc, of), of.pdco)
    rating = float(p.rating_watts)
    if p.curve == "constant":
        return power_curve.curve_table(lambda dc: power_curve.constant_watts(dc, efficiency), rating / efficiency)
    line = power_curve.pvwatts_8_watts if p.pvwatts_version == 8 else power_curve.pvwatts_watts
    return power_curve.curve_table(lambda dc: line(dc, rating, efficiency), rating / efficiency)


def _check_sandia(sandia: SandiaCurve | None, p: InverterProperties) -> None:
    if sandia is None:
        raise ValueError("the curve sandia must have parameters; add sandia: {paco: ..., pdco: ..., pso: ..., pnt: ...}")
    if not sandia.pso < sandia.paco <= sandia.pdco:
        raise ValueError(f"a sandia curve must have pso < paco <= pdco; they were {sandia.pso:g}, {sandia.paco:g} and {sandia.pdco:g}")
    if abs(sandia.paco - p.rating_watts) > 1.0:
        raise ValueError(
            f"rating_watts must be the paco of sandia; they were {p.rating_watts} and {sandia.paco:g}; set rating_watts: {sandia.paco:.0f}"
        )


def _night_milliwatts(p: InverterProperties) -> int:
    of_curve = p.sandia.pnt if p.curve == "sandia" and p.sandia is not None else 1.0
    return round(1000 * (of_curve if p.night_watts is None else p.night_watts))


def _or_else(value: int | None, default: int) -> int:
    return default if value is None else value
