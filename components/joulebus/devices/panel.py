"""A field of solar panels: light on its plane, the warmth of its cells, direct current for the inverter.

It hears where the sun stands from the sun, and what light comes through from the weather. The formulas are in physics/field.py.
"""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.errors import RosterError
from joulebus.physics import field
from joulebus.physics.knots import GRID_SECONDS, column, lead_and_count
from joulebus_schemas.base import Natural, SheddingPriority
from joulebus_schemas.offers import Flow, Outcome
from joulebus_schemas.roster import Place
from joulebus_schemas.series import Knots

STILL_AIR = (293_150, 1000)
"""20 degrees Celsius and 1 m/s, when no weather is heard."""

PanelWatts = Annotated[float, Field(gt=0, le=100_000_000)]


class PanelProperties(Properties):
    """What people know of their panels. Say the capacity in the way you know it; ways that contradict each other are refused."""

    peak_watts: Annotated[
        PanelWatts | None, Field(description="maximum capacity in standard test conditions; 5000 when nothing else says it")
    ] = None
    volts: Annotated[float | None, Field(gt=0, le=10_000, description="of the field at maximum power; volts x amps is the capacity")] = None
    amps: Annotated[float | None, Field(gt=0, le=100_000, description="of the field at maximum power")] = None
    module_count: Annotated[int | None, Field(ge=1, le=1_000_000, description="with module_watts another way to say the capacity")] = None
    module_watts: Annotated[float | None, Field(gt=0, le=2000, description="capacity of one module")] = None
    area_m2: Annotated[
        float | None, Field(gt=0, le=1_000_000, description="of all modules; with efficiency_percent a way to say the capacity")
    ] = None
    efficiency_percent: Annotated[float | None, Field(gt=1, le=50, description="of the modules; 20 when only the area is known")] = None
    tilt_degrees: Annotated[float, Field(ge=0, le=90, description="0 is flat, 90 a wall")] = 35.0
    azimuth_degrees: Annotated[
        float | None,
        Field(ge=0, le=360, description="where they look: 0 north, 90 east, 180 south, 270 west; to the equator when it is not said"),
    ] = None
    temperature_coefficient_percent_per_kelvin: Annotated[
        float, Field(ge=-1, le=0, description="of power, above 25 degrees Celsius")
    ] = -0.35
    losses_percent: Annotated[
        float, Field(ge=0, le=99, description="dirt, shade, mismatch, cables, age; the default is that of PVWatts")
    ] = 14.0757
    albedo: Annotated[float, Field(ge=0, le=1, description="share of light that the ground throws back")] = 0.2
    mounting: Annotated[Literal["open_rack", "roof", "insulated"], Field(description="how wind reaches their back")] = "open_rack"
    model: Annotated[
        field.Model,
        Field(description="of sky, glass and cells; pvwatts_8: as PVWatts version 8 of NREL, within 1 % a year; hay_davies: as in 0.1"),
    ] = "pvwatts_8"
    shedding_priority: Annotated[SheddingPriority, Field(description="0 is curtailed first, 9 last")] = 5

    @model_validator(mode="after")
    def _capacity_is_said_once(self) -> "PanelProperties":
        capacity(self)
        return self


class PanelState(State):
    """What is left below a joule."""

    carry: Annotated[Natural, Field(description="in the unit of the core's knots")] = 0


class Panel(Device[PanelProperties, PanelState]):
    """A producer on the DC side, whose joules come from the sun that it hears."""

    kind = "panel"
    summary = "solar panels on the DC side of the inverter"
    label = "Solar panels"
    category = "solar"
    icon = "solar-panel"
    properties = PanelProperties
    state = PanelState
    reading_names = {
        "produced_joules": "made in the last window",
        "curtailed_joules": "that nobody could take in the last window",
        "capacity_watts": "of its panels under standard light",
    }
    moment_names = {
        "irradiance_mw_m2": "light that enters its cells, in mW/m2",
        "cell_temperature_mk": "of its cells, in mK",
    }
    hears = ("sun", "weather")

    def begin(self, context: DeviceContext, properties: PanelProperties) -> PanelState:
        """A panel needs a sun to take its joules from.

        Raises:
            RosterError: The panel hears no sun.
        """
        if context.heard("sun") is None:
            raise RosterError(f"a panel must hear a sun, but {context.name} hears none; add a device of kind sun to the home")
        return PanelState()

    def offer(self, inputs: Inputs[PanelProperties], state: PanelState) -> Flow:
        """What it could make; no watt while its sun is switched off, but what is left below a joule is kept."""
        sun = inputs.context.heard("sun") or ""
        lead, count = lead_and_count(inputs.span)
        power = conditions(inputs).power_milliwatts if sun in inputs.heard else (0,) * count
        want = Knots.model_construct(
            form="knots", grid_seconds=GRID_SECONDS, lead_seconds=lead, milliwatts=tuple(-value for value in power), carry=state.carry
        )
        return Flow.model_construct(role="flow", side="dc", want=want, shedding_priority=inputs.properties.shedding_priority, origin=sun)

    def advance(self, inputs: Inputs[PanelProperties], state: PanelState, outcome: Outcome) -> PanelState:
        """Keep what is left below a joule."""
        return PanelState(carry=outcome.carry)

    def readings(self, context: DeviceContext, properties: PanelProperties, state: PanelState, outcome: Outcome) -> dict[str, int]:
        """What it made in the last window, and what nobody could take."""
        return {
            "produced_joules": outcome.joules_out,
            "curtailed_joules": outcome.curtailed_joules,
            "capacity_watts": round(capacity(properties)),
        }

    def moment(self, inputs: Inputs[PanelProperties]) -> dict[str, int]:
        """How its cells fare at the last knot, at most five minutes ago; nothing while its sun is switched off."""
        if (inputs.context.heard("sun") or "") not in inputs.heard:
            return {}
        now = conditions(inputs)
        return {"irradiance_mw_m2": now.irradiance_mw_m2[0], "cell_temperature_mk": now.cell_temperature_mk[0]}


def conditions(inputs: Inputs[PanelProperties]) -> field.Conditions:
    """How a panel fares at the knots of a span, under the weather or, when it hears none, under a clear sky."""
    sun = inputs.heard[inputs.context.heard("sun") or ""]
    weather = inputs.heard.get(inputs.context.heard("weather") or "")
    lead, _ = lead_and_count(inputs.span)
    sky = sun if weather is None else weather
    zenith = column(sun, "zenith_udeg")
    light = field.FieldLight(
        zenith, column(sun, "azimuth_udeg"), column(sky, "ghi_mw_m2"), column(sky, "dni_mw_m2"), column(sky, "dhi_mw_m2")
    )
    if weather is None:
        air = field.CoolingAir(*((value,) * len(zenith) for value in STILL_AIR))
    else:
        air = field.CoolingAir(column(weather, "air_temperature_mk"), column(weather, "wind_mm_s"))
    return field.along(_design(inputs.properties, inputs.context.place), inputs.span.unix_seconds - lead, light, air)


def capacity(properties: PanelProperties) -> float:
    """Watts in standard test conditions, of all the ways in which they are said."""
    said = _ways(properties)
    if not said:
        return 5000.0
    for way, watts in said.items():
        first, first_watts = next(iter(said.items()))
        if abs(watts - first_watts) > 0.01 * first_watts:
            raise ValueError(
                "the capacity of a panel must be the same however it is given, "
                f"but {first} makes {first_watts:g} W and {way} {watts:g} W; leave one out"
            )
    return next(iter(said.values()))


def _ways(p: PanelProperties) -> dict[str, float]:
    """Each way that is given completely. Half of a way is refused, unless another way gives the other half."""
    ways: dict[str, float] = {}
    if p.peak_watts is not None:
        ways["peak_watts"] = p.peak_watts
    if p.volts is not None and p.amps is not None:
        ways["volts x amps"] = p.volts * p.amps
    if p.module_count is not None and p.module_watts is not None:
        ways["module_count x module_watts"] = p.module_count * p.module_watts
    if p.area_m2 is not None and (p.efficiency_percent is not None or not ways):
        ways["area_m2 x efficiency_percent"] = p.area_m2 * 10.0 * (20.0 if p.efficiency_percent is None else p.efficiency_percent)
    half = next(
        (name for name in ("volts", "amps", "module_count", "module_watts", "efficiency_percent") if getattr(p, name) is not None), None
    )
    if half is not None and not ways:
        raise ValueError(f"the capacity of a panel must be known, but {half} alone does not tell it; add its other half, or peak_watts")
    return ways


@lru_cache(maxsize=64)
def _design(p: PanelProperties, place: Place) -> field.Design:
    equator = 180.0 if place.latitude_degrees >= 0 else 0.0
    azimuth = equator if p.azimuth_degrees is None else p.azimuth_degrees
    return field.design(
        field.Yield(capacity(p), p.temperature_coefficient_percent_per_kelvin / 100.0, 1.0 - p.losses_percent / 100.0),
        mounting=p.mounting,
        model=p.model,
        plane=field.Plane(round(p.tilt_degrees * 1000), round(azimuth * 1000), round(p.albedo * 1_000_000), place.altitude_m),
    )
