"""The parts of a sky that knows its climate, by published numbers."""

from statistics import fmean, pstdev

import pytest

from joulebus.almanac import sky, typical_sky
from joulebus.almanac.climate import Climate, climate_of
from joulebus.almanac.typical_sky import TypicalSky
from joulebus.device import Inputs
from joulebus.devices.weather import Weather, WeatherProperties
from joulebus.physics import day_chance as chance
from joulebus.physics.air_of_place import course
from joulebus.physics.clearness import CLEAREST, clearness_of_day, moved_to_mean, unrest
from joulebus.physics.daylight import h0_kwh_m2
from joulebus.physics.solar import cloud_cover, cloud_factor
from joulebus_schemas.roster import Place
from tests.tables.heavens import BRUSSELS, SkyRequest, compute, context, knots, span, sun, unix, weather

DAY = 288
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
OF_PLACE = WeatherProperties()
SVALBARD = Place(latitude_degrees=78.2, longitude_degrees=15.6, altitude_m=10, timezone="Arctic/Longyearbyen")
FIJI = Place(latitude_degrees=-17.8, longitude_degrees=178.0, altitude_m=50, timezone="Pacific/Fiji")


@pytest.mark.parametrize(
    ("latitude", "january", "june"), [(24.09, 6.852, 11.141), (50.85, 2.399, 11.474), (64.13, 0.435, 11.313), (-26.2, 11.819, 5.763)]
)
def test_light_above_the_air_follows_spencer(latitude: float, january: float, june: float) -> None:
    assert fmean(h0_kwh_m2(latitude, day) for day in range(1, 32)) == pytest.approx(january, abs=6e-4)
    assert fmean(h0_kwh_m2(latitude, day) for day in range(152, 182)) == pytest.approx(june, abs=6e-4)


def test_a_polar_night_has_no_light_and_a_polar_day_has_24_hours_of_it() -> None:
    assert h0_kwh_m2(80.0, 355) == 0.0
    assert h0_kwh_m2(90.0, 172) == pytest.approx(24 * 1.361 * 0.9672 * 0.3978, rel=2e-3)


@pytest.mark.parametrize(
    ("mean", "q10", "q50", "q90"),
    [(0.3, 0.0866, 0.27, 0.5721), (0.4, 0.1225, 0.4034, 0.6706), (0.5, 0.2023, 0.5408, 0.7282), (0.7, 0.5494, 0.737, 0.8058)],
)
def test_days_are_as_clear_as_bendt_says(mean: float, q10: float, q50: float, q90: float) -> None:
    assert [clearness_of_day(mean, share) for share in (0.1, 0.5, 0.9)] == pytest.approx([q10, q50, q90], abs=6e-5)
    assert fmean(clearness_of_day(mean, (number + 0.5) / 1000) for number in range(1000)) == pytest.approx(mean, abs=0.003)


def test_one_day_follows_from_another_as_in_graham() -> None:
    shares = [chance.share_below(x) for x in (0.957027, -0.200976, 0.180974, -1.383058)]
    assert shares == pytest.approx([0.830723, 0.420359, 0.571806, 0.083324], abs=2e-6)
    assert [clearness_of_day(0.5, share) for share in shares] == pytest.approx([0.701006, 0.491306, 0.580945, 0.180378], abs=2e-6)


def test_warmth_and_light_of_days_are_those_of_wgen() -> None:
    days = [chance.day_chance(3, "weather", day) for day in range(20_000)]
    columns = list(zip(*days, strict=True))
    for column, lag in zip(columns, (0.621, 0.674, 0.250), strict=True):
        assert (fmean(column), pstdev(column)) == pytest.approx((0.0, 1.0), abs=0.03)
        assert fmean(a * b for a, b in zip(column, column[1:], strict=False)) == pytest.approx(lag, abs=0.03)
    for a, b, together in ((0, 1, 0.634), (0, 2, 0.186), (1, 2, -0.193)):
        assert fmean(x * y for x, y in zip(columns[a], columns[b], strict=True)) == pytest.approx(together, abs=0.03)


@pytest.mark.parametrize(("clearness", "share"), [(0.3, 0.142828 / 0.3), (0.5, 0.124657 / 0.5), (0.7, 0.080190 / 0.7)])
def test_hours_flicker_less_than_under_the_low_sun_of_aguiar(clearness: float, share: float) -> None:
    assert 0.2 * share < unrest(clearness) < share


def test_the_course_of_a_day_is_that_of_erbs() -> None:
    factors = [course(3600 * hour) * 0.9758 for hour in (1, 6, 15, 24)]
    assert factors == pytest.approx([-0.2743, -0.4513, 0.5245, -0.2190], abs=2e-4)


@pytest.mark.parametrize("mean", [0.0, 0.31, 0.5, 0.99, 1.0])
def test_what_is_moved_has_its_mean_and_keeps_its_limits_and_its_order(mean: float) -> None:
    values = moved_to_mean((0.1, 0.9, 0.4, 2.0), (1.0, 2.0, 3.0, 4.0), mean, ((0.0,) * 4, (1.0,) * 4))
    assert sum(v * w for v, w in zip(values, (1, 2, 3, 4), strict=True)) / 10 == pytest.approx(mean)
    assert all(0.0 <= value <= 1.0 for value in values)
    assert values[0] <= values[2] <= values[1] <= values[3]


@pytest.mark.parametrize("cover", [0.0, 0.3, 0.75, 1.0])
def test_a_cover_is_found_from_what_passes(cover: float) -> None:
    assert cloud_cover(cloud_factor(cover)) == pytest.approx(cover, abs=1e-9)
    assert (cloud_cover(1.05), cloud_cover(0.1)) == (0.0, 1.0)


PLACES = [
    # place, clearness of January and July, year in kWh/m2, air of January and July
    (Place(latitude_degrees=50.85, longitude_degrees=4.35, altitude_m=20, timezone="UTC"), 0.352, 0.480, 1117, 4.0, 18.7),
    (Place(latitude_degrees=59.91, longitude_degrees=10.75, altitude_m=23, timezone="UTC"), 0.342, 0.482, 954, -2.5, 17.7),
    (Place(latitude_degrees=64.13, longitude_degrees=-21.82, altitude_m=53, timezone="UTC"), 0.265, 0.435, 799, -0.6, 12.1),
    (Place(latitude_degrees=1.35, longitude_degrees=103.82, altitude_m=5, timezone="UTC"), 0.428, 0.402, 1513, 26.4, 27.6),
]


@pytest.mark.parametrize(("place", "january", "july", "year", "cold", "warm"), PLACES)
def test_the_file_holds_what_was_baked(place: Place, january: float, july: float, year: float, cold: float, warm: float) -> None:
    found = climate_of(place)
    assert (found.clearness[0], found.clearness[6]) == pytest.approx((january, july), abs=0.003)
    assert (found.celsius[0], found.celsius[6]) == pytest.approx((cold, warm), abs=0.1)
    first = [sum(MONTH_DAYS[:month]) + 1 for month in range(12)]
    light = [h0_kwh_m2(place.latitude_degrees, day) for day in range(1, 366)]
    months = [sum(light[at - 1 : at - 1 + days]) for at, days in zip(first, MONTH_DAYS, strict=True)]
    assert sum(share * most for share, most in zip(found.clearness, months, strict=True)) == pytest.approx(year, abs=5)


def test_a_place_is_known_across_the_date_line_on_islands_and_at_sea() -> None:
    fiji = climate_of(FIJI)
    assert fiji.away_km == 0.0 and 23 < min(fiji.celsius) < max(fiji.celsius) < 28
    sea = climate_of(Place(latitude_degrees=-45.0, longitude_degrees=-130.0, timezone="UTC"))
    assert sea.away_km > 1000 and len(sea.clearness) == 12
    high = climate_of(BRUSSELS.model_copy(update={"altitude_m": 1013.0}))
    assert high.celsius[0] == pytest.approx(climate_of(BRUSSELS).celsius[0] - 5.0)


@pytest.fixture(scope="module")
def year() -> dict[str, tuple[int, ...]]:
    """Over Brussels."""
    return {name: knots(signal) for name, signal in over(BRUSSELS, "2026-01-01", 365, OF_PLACE).items()}


def over(place: Place, first: str, days: int, properties: WeatherProperties, seed: int = 7) -> dict[str, object]:
    of = span(unix(first), days * DAY)
    compute(SkyRequest.of(place), span(of.unix_seconds - 32 * 86_400, (days + 64) * DAY))
    return dict(weather(place, of, properties, seed=seed))


def test_any_moment_is_known_without_the_moments_before(year: dict[str, tuple[int, ...]]) -> None:
    for moment in (0, 1, 287, 288, 40_000, 105_000):
        of = span(unix("2026-01-01") + 300 * moment, 1)
        alone = Weather().forecast(Inputs(context("weather", BRUSSELS, ("sun",)), OF_PLACE, of, {"sun": sun(BRUSSELS, of)}))
        assert {name: knots(signal)[0] for name, signal in alone.items()} == {name: values[moment] for name, values in year.items()}


def test_months_have_the_light_of_the_climate_whatever_the_seed(year: dict[str, tuple[int, ...]]) -> None:
    june = slice(151 * DAY, 181 * DAY)
    known = climate_of(BRUSSELS).clearness[5] * sum(h0_kwh_m2(BRUSSELS.latitude_degrees, day) for day in range(152, 182))
    assert sum(year["ghi_mw_m2"][june]) / 12e6 == pytest.approx(known, rel=0.01)
    other = knots(over(BRUSSELS, "2026-06-01", 30, OF_PLACE, seed=8)["ghi_mw_m2"])  # type: ignore[arg-type]
    assert other[:-1] != year["ghi_mw_m2"][june] and sum(other) / 12e6 == pytest.approx(known, rel=0.01)


def test_days_and_hours_of_ten_junes_are_spread_as_those_of_measured_ones() -> None:
    first = unix("2026-06-01")
    compute(SkyRequest.of(BRUSSELS), span(first - 2 * 86_400, 34 * DAY))
    clear = sky(BRUSSELS, first, 30 * DAY).ghi_mw_m2
    days, unrests = [], []
    for seed in range(10):
        light = [
            share * most
            for share, most in zip(typical_sky.light_passing(TypicalSky(seed, "w", BRUSSELS), first, 30 * DAY), clear, strict=True)
        ]
        for day in range(30):
            hours = [
                sum(light[at : at + 12]) / max(sum(clear[at : at + 12]), 1) for at in range(day * DAY + 8 * 12, day * DAY + 16 * 12, 12)
            ]
            days.append(sum(light[day * DAY : (day + 1) * DAY]) / 12e6 / h0_kwh_m2(BRUSSELS.latitude_degrees, 152 + day))
            unrests.append(pstdev(hours) / fmean(hours))
    mean = fmean(days)
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        assert sorted(days)[round(share * 300)] == pytest.approx(clearness_of_day(mean, share), abs=0.06), share
    grey, broken, bright = (
        [u for u, k in zip(unrests, days, strict=True) if low < k < high] for low, high in ((0.2, 0.4), (0.4, 0.6), (0.65, 0.9))
    )
    assert fmean(bright) < fmean(broken) < fmean(grey)
    assert 0.2 < fmean(grey) < 0.5 and fmean(bright) < 0.12, "by Aguiar and Collares-Pereira 0.14/0.3 and 0.05/0.7"


def test_weather_is_plausible(year: dict[str, tuple[int, ...]]) -> None:
    clouds, warm = year["cloud_ppm"], [value / 1000 - 273.15 for value in year["air_temperature_mk"]]
    assert min(clouds) >= 0 and max(clouds) <= 1_000_000 and 0.3 < fmean(clouds) / 1e6 < 0.85
    assert min(warm) > -18 and max(warm) < 40 and 9.5 < fmean(warm) < 13
    assert max(abs(b - a) for a, b in zip(warm, warm[1:], strict=False)) < 1.5
    noon, night = (fmean(warm[at::DAY]) for at in (168, 48))
    assert 4 < noon - night < 11


def test_clear_days_are_warmer_at_noon_and_colder_at_night() -> None:
    swings, light = [], []
    for day in range(4_000):
        found = chance.day_chance(3, "weather", day)
        swings.append(found.warmest - found.coldest)
        light.append(found.light)
    assert fmean(a * b for a, b in zip(swings, light, strict=True)) > 0.25


def test_what_is_known_better_is_taken() -> None:
    better = WeatherProperties(monthly_ghi_kwh_m2=(20,) * 5 + (111.0,) + (20,) * 6, monthly_air_celsius=(12.5,) * 12)
    june = over(BRUSSELS, "2026-06-01", 30, better)
    assert sum(knots(june["ghi_mw_m2"])) / 12e6 == pytest.approx(111.0, rel=0.01)  # type: ignore[arg-type]
    assert fmean(knots(june["air_temperature_mk"])) / 1000 - 273.15 == pytest.approx(12.5, abs=2.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "days"), [("2026-01-05", 5), ("2026-06-18", 5), ("2026-02-10", 12)])
def test_polar_nights_and_days_are_lived(first: str, days: int) -> None:
    found = over(SVALBARD, first, days, OF_PLACE)
    light = knots(found["ghi_mw_m2"])  # type: ignore[arg-type]
    assert (sum(light) == 0) == (first == "2026-01-05")
    assert min(light) >= 0


def test_no_light_is_brighter_than_the_clearest_sky(year: dict[str, tuple[int, ...]]) -> None:
    clear = knots(sun(BRUSSELS, span(unix("2026-01-01"), 365 * DAY))["ghi_mw_m2"])
    assert all(found <= CLEAREST * most + 1 for found, most in zip(year["ghi_mw_m2"], clear, strict=True))


def test_twelve_months_are_asked_for() -> None:
    with pytest.raises(ValueError, match="at least 12 items"):
        WeatherProperties(monthly_ghi_kwh_m2=(100.0,) * 11)


def test_the_climate_is_read_once_for_a_place() -> None:
    assert isinstance(climate_of(BRUSSELS), Climate) and climate_of(BRUSSELS) is climate_of(BRUSSELS)
    assert typical_sky.climate(TypicalSky(1, "weather", BRUSSELS)).clearness == climate_of(BRUSSELS).clearness
