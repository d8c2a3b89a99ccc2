"""Suns, weathers and panels over some places, for tables about them."""

from datetime import UTC, datetime

from joulebus.almanac.compute import write_months
from joulebus.almanac.months import month_number
from joulebus.almanac.requests import AirRequest, Request, SkyRequest, digest_of_file
from joulebus.device import DeviceContext, Inputs, Signals, Span
from joulebus.devices.panel import Panel, PanelProperties, PanelState
from joulebus.devices.sun import Sun, SunProperties
from joulebus.devices.weather import Weather, WeatherProperties, weather_file
from joulebus_schemas.offers import Flow
from joulebus_schemas.roster import Place
from joulebus_schemas.rounds import Signal
from joulebus_schemas.series import Knots, Sampled

BRUSSELS = Place(latitude_degrees=50.8503, longitude_degrees=4.3517, altitude_m=13, timezone="Europe/Brussels")
JOHANNESBURG = Place(latitude_degrees=-26.2041, longitude_degrees=28.0473, altitude_m=1753, timezone="Africa/Johannesburg")
REYKJAVIK = Place(latitude_degrees=64.1466, longitude_degrees=-21.9426, altitude_m=15, timezone="Atlantic/Reykjavik")
SINGAPORE = Place(latitude_degrees=1.3521, longitude_degrees=103.8198, altitude_m=15, timezone="Asia/Singapore")
SYDNEY = Place(latitude_degrees=-33.8688, longitude_degrees=151.2093, altitude_m=58, timezone="Australia/Sydney")
MIAMI = Place(latitude_degrees=25.8, longitude_degrees=-80.2667, altitude_m=2, timezone="America/New_York")
GREENSBORO = Place(latitude_degrees=36.1, longitude_degrees=-79.95, altitude_m=273, timezone="America/New_York")

KINDS = {"sun": "sun", "weather": "weather"}
CLEAR = SunProperties()
BY_HAND = WeatherProperties(source="by_hand")


def unix(moment: str) -> int:
    """Of a moment in UTC."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


def span(begins: int, ticks: int, tick_seconds: int = 300) -> Span:
    """Ticks from a unix second on."""
    return Span(0, ticks, tick_seconds, begins)


def context(name: str, place: Place, hears: tuple[str, ...] = (), seed: int = 7) -> DeviceContext:
    """Of a device in a home at a place."""
    return DeviceContext(name, place, 0, 300, seed, hears, KINDS)


def compute(request: Request, of: Span) -> None:
    """Compute the months of a span in this process: a process each would take longer than all tests together."""
    write_months(request, range(month_number(of.unix_seconds - 43_200), month_number(of.unix_seconds + of.seconds + 43_200) + 1))


def sun(place: Place, of: Span, properties: SunProperties = CLEAR) -> dict[str, Signal]:
    """What a sun tells."""
    compute(SkyRequest.of(place), of)
    return Sun().forecast(Inputs(context("sun", place), properties, of))


def weather(place: Place, of: Span, properties: WeatherProperties, shining: SunProperties = CLEAR, seed: int = 7) -> dict[str, Signal]:
    """What a weather under a sun tells."""
    if properties.file is not None:
        how = weather_file(properties)[1:]
        compute(AirRequest.of(place, *digest_of_file(properties.file), how), of)
    return Weather().forecast(Inputs(context("weather", place, ("sun",), seed), properties, of, {"sun": sun(place, of, shining)}))


def knots(signal: Signal) -> tuple[int, ...]:
    """The values of a signal that stands at knots."""
    assert isinstance(signal, Sampled)
    return signal.values


def told(values: dict[str, tuple[int, ...]]) -> dict[str, Signal]:
    """Signals that nobody computed."""
    return {name: Sampled(grid_seconds=300, lead_seconds=0, values=column) for name, column in values.items()}


def offered(place: Place, of: Span, properties: PanelProperties, heard: Signals, carry: int = 0) -> Knots:
    """What a panel wants, under what it hears."""
    flow = Panel().offer(Inputs(context("panel", place, tuple(heard)), properties, of, heard), PanelState(carry=carry))
    assert isinstance(flow, Flow) and isinstance(flow.want, Knots)
    return flow.want
