"""The weather over the home: light through its clouds, air and wind; set by hand, generated from a seed, or from a file."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from joulebus import almanac
from joulebus.almanac import typical_sky as typical
from joulebus.almanac.typical_sky import TypicalSky
from joulebus.device import Device, DeviceContext, Inputs, Properties, State
from joulebus.physics import weather_generator
from joulebus.physics.knots import GRID_SECONDS, column, lead_and_count, sampled
from joulebus.physics.solar import cloud_cover, cloud_factor, cos_udeg, day_of_year, erbs
from joulebus_schemas.facts import PPM, ZERO_CELSIUS_MK
from joulebus_schemas.rounds import Signal
from joulebus_schemas.series import RunLengths

NIGHT_UDEG = 90_000_000

WeatherLight = tuple[int, int, int]
"""GHI, DNI and DHI in mW/m2."""
Knot = tuple[int, int, int, int, int, int]
"""GHI, DNI, DHI in mW/m2, air in mK, wind in mm/s, clouds in ppm."""
CloudShare = Annotated[float, Field(ge=0, le=20_040)]
MonthlyLight = Annotated[float, Field(ge=0, le=400)]
AirCelsius = Annotated[float, Field(ge=-90, le=70)]
DARK = (NIGHT_UDEG, 0, 0)
"""Zenith, clear-sky GHI and strength of a sun that is switched off."""


class WeatherProperties(Properties):
    """Where the weather comes from, and what it is when it is set by hand."""

    source: Annotated[
        Literal["file", "generated", "by_hand"], Field(description="a weather file, chance from the home's seed, or the values below")
    ] = "generated"
    climate: Annotated[
        Literal["of_place", "by_latitude"],
        Field(description="generated: months with the mean light and warmth of the place; by_latitude: as in 0.1, of the latitude only"),
    ] = "of_place"
    monthly_ghi_kwh_m2: Annotated[
        tuple[MonthlyLight, ...] | None,
        Field(min_length=12, max_length=12, description="generated: light on level ground from January on, where you know it better"),
    ] = None
    monthly_air_celsius: Annotated[
        tuple[AirCelsius, ...] | None,
        Field(min_length=12, max_length=12, description="generated: mean air from January on, where you know it better"),
    ] = None
    file: Annotated[
        str | None, Field(min_length=1, max_length=4096, description="path from the home file, or pvlib:12839.tm2 and such")
    ] = None
    format: Annotated[almanac.FileFormat, Field(description="of the file; auto looks into it")] = "auto"
    repeat_year: Annotated[bool, Field(description="let a file of one real year stand for every year")] = False
    place_tolerance_km: Annotated[CloudShare, Field(description="how far from the home the file's station may be")] = 200.0
    time_shift_minutes: Annotated[
        int,
        Field(
            ge=-720, le=720, multiple_of=5, description="moves the rows of a file whose stamps or time zone are wrong; later is positive"
        ),
    ] = 0
    time_check: Annotated[bool, Field(description="refuse a file whose light fits the sun only when it is moved by 45 minutes or more")] = (
        True
    )
    transparency_percent: Annotated[float, Field(ge=0, le=120, description="by hand: share of clear-sky light that haze lets through")] = (
        100.0
    )
    cloud_cover_percent: Annotated[float, Field(ge=0, le=100, description="by hand: share of the sky under clouds")] = 0.0
    air_temperature_celsius: Annotated[AirCelsius, Field(description="by hand")] = 20.0
    wind_m_s: Annotated[float, Field(ge=0, le=100, description="by hand: at 10 m above ground")] = 1.0

    @model_validator(mode="after")
    def _has_a_file(self) -> "WeatherProperties":
        if self.source == "file" and self.file is None:
            raise ValueError("a weather from a file must name it; add file: PATH, or choose source: generated")
        return self


class Weather(Device[WeatherProperties, State]):
    """The sky of each moment between the sun and the panels."""

    kind = "weather"
    summary = "light through the clouds, air temperature and wind"
    category = "sky"
    icon = "weather-partly-cloudy"
    properties = WeatherProperties
    hears = ("sun",)
    signals = {
        "ghi_mw_m2": "light on level ground, in mW/m2",
        "dni_mw_m2": "beam on what faces the sun, in mW/m2",
        "dhi_mw_m2": "diffuse light on level ground, in mW/m2",
        "air_temperature_mk": "of the air in the shade, in mK",
        "wind_mm_s": "10 m above ground, in mm/s",
        "cloud_ppm": "share of the sky under clouds; 1,000,000 is all of it",
    }

    def begin(self, context: DeviceContext, properties: WeatherProperties) -> State:
        """Nothing to remember; a file that cannot be read, or not at the time at which the home begins, is refused here."""
        if properties.source == "file":
            first = context.start_unix_seconds // GRID_SECONDS * GRID_SECONDS
            almanac.file_air(weather_file(properties), context.place, first, 1)
        return State()

    def forecast(self, inputs: Inputs[WeatherProperties]) -> dict[str, Signal]:
        """All six signals at the knots of the span."""
        context, properties = inputs.context, inputs.properties
        lead, count = lead_and_count(inputs.span)
        first = inputs.span.unix_seconds - lead
        suns = _suns(inputs.heard.get(context.heard("sun") or ""), count)
        knots = _SOURCES[properties.source](context, properties, first, suns)
        columns = zip(*knots, strict=True)
        return {name: sampled(lead, values) for name, values in zip(self.signals, columns, strict=True)}


def weather_file(p: WeatherProperties) -> almanac.WeatherFile:
    """How the properties want their file to be read."""
    assert p.file is not None, "a weather from a file names it"
    return almanac.WeatherFile(p.file, p.format, p.repeat_year, p.place_tolerance_km, p.time_shift_minutes, p.time_check)


def _suns(sun: Mapping[str, Signal] | None, count: int) -> list[tuple[int, int, int]]:
    """Zenith, clear-sky GHI and strength at each knot; nothing shines when no sun is heard."""
    if sun is None:
        return [DARK] * count
    strength = sun["strength_ppm"]
    assert isinstance(strength, RunLengths), "the strength of a sun comes in runs"
    return [
        (zenith, ghi, strength.run_lengths[0][1]) for zenith, ghi in zip(column(sun, "zenith_udeg"), column(sun, "ghi_mw_m2"), strict=True)
    ]


def _by_hand(context: DeviceContext, properties: WeatherProperties, first: int, suns: list[tuple[int, int, int]]) -> list[Knot]:
    clouds = round(properties.cloud_cover_percent * 10_000)
    passing = properties.transparency_percent / 100.0 * cloud_factor(clouds / PPM)
    air = ZERO_CELSIUS_MK + round(properties.air_temperature_celsius * 1000)
    wind = round(properties.wind_m_s * 1000)
    lights = _through(passing, first, suns)
    return [(*light, air, wind, clouds) for light in lights]


def _through(passing: float, first: int, suns: list[tuple[int, int, int]]) -> list[WeatherLight]:
    return [through_clouds(ghi, zenith, passing, day_of_year(first + i * GRID_SECONDS)) for i, (zenith, ghi, _) in enumerate(suns)]


def through_clouds(clear_ghi_mw_m2: int, zenith_udeg: int, passing: float, day: int) -> WeatherLight:
    """What is left of clear-sky light, as GHI, DNI and DHI; the beam is what closes the sum."""
    if zenith_udeg >= NIGHT_UDEG or clear_ghi_mw_m2 == 0:
        return 0, 0, 0
    ghi = clear_ghi_mw_m2 / 1000.0 * passing
    dni, dhi = erbs(ghi, zenith_udeg, day)
    return round(ghi * 1000), round(dni * 1000), round(dhi * 1000)


def typical_sky(context: DeviceContext, p: WeatherProperties) -> TypicalSky:
    """The sky that the properties want to be generated."""
    return TypicalSky(context.seed, context.name, context.place, p.monthly_ghi_kwh_m2, p.monthly_air_celsius)


def _generated(context: DeviceContext, properties: WeatherProperties, first: int, suns: list[tuple[int, int, int]]) -> list[Knot]:
    make = _of_place if properties.climate == "of_place" else _by_latitude
    return make(context, properties, first, suns)


def _of_place(context: DeviceContext, properties: WeatherProperties, first: int, suns: list[tuple[int, int, int]]) -> list[Knot]:
    of = typical_sky(context, properties)
    airs = zip(typical.light_passing(of, first, len(suns)), typical.celsius(of, first, len(suns)), strict=True)
    knots: list[Knot] = []
    for i, ((zenith, ghi, _), (passing, celsius)) in enumerate(zip(suns, airs, strict=True)):
        moment = first + i * GRID_SECONDS
        light = through_clouds(ghi, zenith, passing, day_of_year(moment))
        air = ZERO_CELSIUS_MK + round(celsius * 1000)
        wind = weather_generator.wind_mm_s(context.seed, context.name, moment)
        knots.append((*light, air, wind, round(cloud_cover(passing) * PPM)))
    return knots


def _by_latitude(context: DeviceContext, properties: WeatherProperties, first: int, suns: list[tuple[int, int, int]]) -> list[Knot]:
    knots: list[Knot] = []
    for i, (zenith, ghi, _) in enumerate(suns):
        moment = first + i * GRID_SECONDS
        air = weather_generator.generated_air(context.seed, context.name, context.place, moment)
        light = through_clouds(ghi, zenith, cloud_factor(air.cloud_ppm / PPM), day_of_year(moment))
        knots.append((*light, air.temperature_mk, air.wind_mm_s, air.cloud_ppm))
    return knots


def _from_file(context: DeviceContext, properties: WeatherProperties, first: int, suns: list[tuple[int, int, int]]) -> list[Knot]:
    air = almanac.file_air(weather_file(properties), context.place, first, len(suns))
    rows = zip(suns, *air, strict=True)
    return [(*_light(zenith, strength, dni, dhi), warm, wind, clouds) for (zenith, _, strength), dni, dhi, warm, wind, clouds in rows]


def _light(zenith_udeg: int, strength_ppm: int, dni: int, dhi: int) -> WeatherLight:
    """Beam and diffuse light of a file under the sun that is heard, with the global light that they make together."""
    if zenith_udeg >= NIGHT_UDEG:
        return 0, 0, 0
    dni, dhi = dni * strength_ppm // PPM, dhi * strength_ppm // PPM
    return round(dni * cos_udeg(zenith_udeg)) + dhi, dni, dhi


_SOURCES = {"file": _from_file, "generated": _generated, "by_hand": _by_hand}
