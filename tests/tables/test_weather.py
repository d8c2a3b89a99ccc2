"""The weather: by hand, generated, and from files whose hours stay what they were."""

from itertools import pairwise
from math import cos, radians
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

import pytest
from pydantic import ValidationError

from joulebus.device import Inputs
from joulebus.devices.sun import SunProperties
from joulebus.devices.weather import Weather, WeatherProperties, through_clouds
from joulebus.errors import WeatherError
from joulebus.physics.solar import cloud_factor, erbs, extraterrestrial_w_m2
from joulebus_schemas.roster import Place
from joulebus_schemas.rounds import Signal
from tests.tables import weather_files
from tests.tables.heavens import BRUSSELS, BY_HAND, JOHANNESBURG, MIAMI, REYKJAVIK, context, knots, span, sun, unix, weather
from tests.tables.weather_files import PLACE, Hour, Writer

MIAMI_FILE = WeatherProperties(source="file", file="pvlib:12839.tm2")
GENERATED = WeatherProperties(climate="by_latitude")
"""As in 0.1; the sky that knows its climate is in test_climate.py."""
DAY = 288


@pytest.mark.parametrize(("oktas", "factor"), [(0, 1.0), (1, 0.999362), (2, 0.993269346), (4, 0.928950786), (6, 0.717986721), (8, 0.25)])
def test_clouds_dim_as_kasten_and_czeplak_say(oktas: int, factor: float) -> None:
    assert cloud_factor(oktas / 8) == pytest.approx(factor, abs=1e-6)


@pytest.mark.parametrize(
    ("ghi", "zenith", "day", "dni", "dhi"),
    [
        (800, 30, 172, 696.88513, 196.47977),
        (400, 60, 80, 414.68333, 192.65834),
        (100, 70, 355, 5.44611, 98.13732),
        (50, 80, 10, 5.27827, 49.08344),
    ],
)
def test_light_is_split_as_erbs_says(ghi: float, zenith: int, day: int, dni: float, dhi: float) -> None:
    assert erbs(ghi, zenith * 1_000_000, day) == pytest.approx((dni, dhi), abs=1e-3)


@pytest.mark.parametrize(("day", "watts"), [(1, 1413.98), (100, 1360.79), (172, 1321.62), (287, 1373.39), (355, 1412.71)])
def test_sunlight_above_the_air_follows_spencer(day: int, watts: float) -> None:
    assert extraterrestrial_w_m2(day) == pytest.approx(watts, abs=0.01)


@pytest.mark.parametrize(
    ("zenith", "expected"),
    [(89_999_999, (1000, 0, 1000)), (90_000_000, (0, 0, 0)), (120_000_000, (0, 0, 0)), (88_000_000, (1000, 0, 1000))],
)
def test_the_last_light_of_a_day_is_diffuse_and_a_night_has_none(zenith: int, expected: tuple[int, int, int]) -> None:
    assert through_clouds(1000, zenith, 1.0, 80) == expected


@pytest.mark.parametrize("cover", [0.0, 30.0, 75.0, 100.0])
def test_a_sky_set_by_hand_is_the_clear_sky_through_its_clouds(cover: float) -> None:
    day = span(unix("2026-06-21"), DAY)
    forecast = weather(BRUSSELS, day, BY_HAND.model_copy(update={"cloud_cover_percent": cover, "transparency_percent": 90.0}))
    clear = sun(BRUSSELS, day)
    for ghi, clear_ghi in zip(knots(forecast["ghi_mw_m2"]), knots(clear["ghi_mw_m2"]), strict=True):
        assert ghi == pytest.approx(clear_ghi * 0.9 * cloud_factor(cover / 100), abs=1)
    assert_closed(forecast, clear)


def assert_closed(forecast: dict[str, Signal], shining: dict[str, Signal]) -> None:
    """GHI = DNI cos z + DHI, and nothing at night."""
    for zenith, ghi, dni, dhi in zip(
        knots(shining["zenith_udeg"]), *(knots(forecast[name]) for name in ("ghi_mw_m2", "dni_mw_m2", "dhi_mw_m2")), strict=True
    ):
        assert (ghi, dni, dhi) == (0, 0, 0) if zenith >= 90_000_000 else ghi == pytest.approx(dni * cos(radians(zenith / 1e6)) + dhi, abs=3)
        assert min(ghi, dni, dhi) >= 0


def test_air_and_wind_set_by_hand_are_told_as_they_are() -> None:
    forecast = weather(
        BRUSSELS, span(unix("2026-06-21"), 1), WeatherProperties(source="by_hand", air_temperature_celsius=-3.25, wind_m_s=2.5)
    )
    assert (knots(forecast["air_temperature_mk"]), knots(forecast["wind_mm_s"])) == ((269_900, 269_900), (2500, 2500))


def test_a_weather_without_a_sun_is_dark_but_not_airless() -> None:
    forecast = Weather().forecast(Inputs(context("weather", BRUSSELS), BY_HAND, span(unix("2026-06-21 12:00"), 1)))
    assert (knots(forecast["ghi_mw_m2"]), knots(forecast["air_temperature_mk"])) == ((0, 0), (293_150, 293_150))


# Generated


@pytest.fixture(scope="module")
def generated() -> dict[str, tuple[int, ...]]:
    """A year over Brussels."""
    forecast = weather(BRUSSELS, span(unix("2026-01-01"), 365 * DAY), GENERATED)
    return {name: knots(signal) for name, signal in forecast.items()}


def test_the_same_seed_dreams_the_same_weather_at_any_moment(generated: dict[str, tuple[int, ...]]) -> None:
    for moment in (0, 1, 287, 40_000, 105_000):
        alone = weather(BRUSSELS, span(unix("2026-01-01") + 300 * moment, 1), GENERATED)
        assert {name: knots(signal)[0] for name, signal in alone.items()} == {name: values[moment] for name, values in generated.items()}


def test_another_seed_or_name_dreams_another() -> None:
    of = span(unix("2026-06-21"), DAY)
    assert weather(BRUSSELS, of, GENERATED) != weather(BRUSSELS, of, GENERATED, seed=8)
    other = Weather().forecast(Inputs(context("other", BRUSSELS, ("sun",)), GENERATED, of, {"sun": sun(BRUSSELS, of)}))
    assert other != weather(BRUSSELS, of, GENERATED)


@pytest.mark.parametrize(("name", "unit"), [("cloud_ppm", 1e6), ("air_temperature_mk", 1e3), ("wind_mm_s", 1e3)])
def test_weather_changes_little_in_minutes_and_much_in_days(generated: dict[str, tuple[int, ...]], name: str, unit: float) -> None:
    values = generated[name]
    minutes, hours, days = (pstdev(b - a for a, b in zip(values, values[ahead:], strict=False)) / unit for ahead in (1, 24, 3 * DAY))
    assert 0 < minutes < 0.7 * hours < 0.7 * days


def test_generated_weather_is_plausible(generated: dict[str, tuple[int, ...]]) -> None:
    clouds, warm, wind = (generated[name] for name in ("cloud_ppm", "air_temperature_mk", "wind_mm_s"))
    assert min(clouds) >= 0 and max(clouds) <= 1_000_000 and 0.4 < mean(clouds) / 1e6 < 0.7
    assert mean(cloud < 100_000 for cloud in clouds) > 0.08 and mean(cloud > 900_000 for cloud in clouds) > 0.1
    assert min(warm) / 1000 > 253 and max(warm) / 1000 < 313 and 281 < mean(warm) / 1000 < 286
    assert min(wind) > 0 and max(wind) < 30_000 and 2000 < mean(wind) < 6000
    assert 900 < sum(generated["ghi_mw_m2"]) / 12e6 < 1250, "kWh/m2 a year; Brussels has 1050"
    assert max(abs(b - a) for a, b in pairwise(warm)) < 1500


@pytest.mark.parametrize(("place", "warmer", "colder"), [(BRUSSELS, "07", "01"), (JOHANNESBURG, "01", "07"), (REYKJAVIK, "07", "01")])
def test_summers_are_warm_on_both_halves_of_the_earth(place: Place, warmer: str, colder: str) -> None:
    means = [
        mean(knots(weather(place, span(unix(f"2026-{month}-01"), 28 * DAY), GENERATED)["air_temperature_mk"])) for month in (warmer, colder)
    ]
    assert means[0] > means[1] + 5000


# Files


def hourly(values: tuple[int, ...]) -> list[float]:
    """Means of hours of a line between knots."""
    return [(sum(values[at : at + 13]) - (values[at] + values[at + 12]) / 2) / 12_000 for at in range(0, len(values) - 1, 12)]


def miami_hours() -> list[tuple[int, int]]:
    """DNI and DHI of the file, by the columns of its format."""
    import pvlib

    lines = (Path(pvlib.__file__).parent / "data" / "12839.tm2").read_text().splitlines()[1:]
    return [(int(line[23:27]), int(line[29:33])) for line in lines]


def test_hours_of_a_file_keep_their_means() -> None:
    forecast = weather(MIAMI, span(unix("2026-01-01 05:00"), 365 * DAY), MIAMI_FILE)
    shining = sun(MIAMI, span(unix("2026-01-01 05:00"), 365 * DAY))
    up = [max(knots(shining["zenith_udeg"])[at : at + 13]) < 89_000_000 for at in range(0, 365 * DAY, 12)]
    for name, expected in zip(("dni_mw_m2", "dhi_mw_m2"), zip(*miami_hours(), strict=True), strict=True):
        found = hourly(knots(forecast[name]))
        errors = [abs(kept - value) - 1e-3 * value for kept, value, full in zip(found, expected, up, strict=True) if full]
        assert len(errors) > 3800 and max(errors) < 0.05
        assert sum(found) == pytest.approx(sum(expected), rel=2e-3)
    assert_closed(forecast, shining)


def test_no_beam_of_a_file_is_stronger_than_the_sun() -> None:
    forecast = weather(MIAMI, span(unix("2026-01-01 05:00"), 365 * DAY), MIAMI_FILE)
    beyond = [extraterrestrial_w_m2(day) for day in range(1, 366) for _ in range(DAY)]
    assert all(beam <= 1000 * most * 1.001 for beam, most in zip(knots(forecast["dni_mw_m2"])[:-1], beyond, strict=True))
    assert all(0 <= cloud <= 1_000_000 for cloud in knots(forecast["cloud_ppm"]))


def test_a_typical_year_comes_every_year_and_its_29_february_is_the_28th() -> None:
    days = {
        day: weather(MIAMI, span(unix(f"{day} 05:00"), DAY), MIAMI_FILE) for day in ("2023-02-28", "2024-02-28", "2024-02-29", "2024-03-01")
    }
    hours = {day: hourly(knots(forecast["dni_mw_m2"])) for day, forecast in days.items()}
    assert hours["2024-02-29"] == pytest.approx(hours["2024-02-28"], rel=1e-3, abs=0.5)
    assert hours["2023-02-28"] == pytest.approx(hours["2024-02-28"], rel=1e-3, abs=0.5)
    assert hours["2024-03-01"] != pytest.approx(hours["2024-02-29"], rel=0.01)


def test_a_file_is_the_same_however_time_is_cut() -> None:
    first = unix("2026-03-31 12:00")
    whole = knots(weather(MIAMI, span(first, 2 * DAY), MIAMI_FILE)["dni_mw_m2"])
    parts = [knots(weather(MIAMI, span(first + 300 * at, 7), MIAMI_FILE)["dni_mw_m2"]) for at in range(0, 2 * DAY - 7, 7)]
    assert all(part == whole[7 * i : 7 * i + 8] for i, part in enumerate(parts))


def test_a_sun_that_fades_takes_the_light_of_a_file_along() -> None:
    noon = span(unix("2026-06-21 17:00"), 12)
    full, half = (weather(MIAMI, noon, MIAMI_FILE, SunProperties(irradiance_percent=percent)) for percent in (100, 50))
    assert sum(knots(half["dni_mw_m2"])) == pytest.approx(sum(knots(full["dni_mw_m2"])) / 2, abs=13)


FORMATS: list[Writer] = [weather_files.tmy3, weather_files.epw, weather_files.nsrdb, weather_files.pvgis, weather_files.pvgis_hourly]


def of_file(path: Path, **how: Any) -> WeatherProperties:
    return WeatherProperties(source="file", file=str(path), **how)


@pytest.mark.parametrize("write", FORMATS)
def test_every_format_puts_its_hours_where_they_belong(write: Writer, tmp_path: Path) -> None:
    path = write(tmp_path, list(weather_files.hours()))
    forecast = weather(PLACE, span(unix("2023-05-10"), 2 * DAY), of_file(path))
    expected = [hour for hour in weather_files.hours() if (hour.begins.month, hour.begins.day) in ((5, 10), (5, 11))]
    bright = [i for i, hour in enumerate(expected) if 6 <= hour.begins.hour < 18]
    for name, field in (("dni_mw_m2", "dni"), ("dhi_mw_m2", "dhi")):
        found = hourly(knots(forecast[name]))
        assert [found[i] for i in bright] == pytest.approx([getattr(expected[i], field) for i in bright], rel=1e-3)
    assert [knots(forecast["air_temperature_mk"])[12 * i + 6] for i in range(48)] == [
        round(hour.celsius * 1000) + 273_150 for hour in expected
    ]
    assert [knots(forecast["wind_mm_s"])[12 * i + 6] for i in range(48)] == [hour.wind * 1000 for hour in expected]


def without(of: list[Hour], *numbers: int) -> list[Hour]:
    return [hour for i, hour in enumerate(of) if i not in numbers]


def silent(of: list[Hour], number: int) -> list[Hour]:
    return [hour._replace(celsius=99.9) if i == number else hour for i, hour in enumerate(of)]


HOURS = list(weather_files.hours())
NOON = unix("2023-05-10 12:00")
REFUSED: list[tuple[Writer, list[Hour], Place, dict[str, Any], int, str]] = [
    (weather_files.epw, without(HOURS, 3000, 3001, 5000), PLACE, {}, NOON, r"lacks 3 of 8760 rows; the first is 05-06 00:00 standard time"),
    (weather_files.epw, silent(HOURS, 4000), PLACE, {}, NOON, r"lacks 1 of 8760 rows; the first is 06-16 16:00 standard time \(temp_air\)"),
    (weather_files.nsrdb, without(HOURS, 3000), PLACE, {}, NOON, r"the first is 2023-05-06 00:00"),
    (weather_files.nsrdb, HOURS, PLACE, {}, unix("2024-05-10"), r"holds another time than 2024-05-10 00:00 UTC; .* repeat_year: true"),
    (weather_files.epw, HOURS, BRUSSELS, {}, NOON, r"made.epw is of 10, 0: 4560 km away, and place_tolerance_km is 200"),
    (weather_files.epw, HOURS[7:] + HOURS[:7], PLACE, {"format": "tmy2"}, NOON, r"made.epw must be readable as tmy2"),
    (
        weather_files.tmy3,
        HOURS,
        Place(latitude_degrees=10, longitude_degrees=60),
        {"place_tolerance_km": 9000.0},
        NOON,
        r"falls while it is down",
    ),
    (weather_files.epw, [hour._replace(dni=0, dhi=0) for hour in HOURS], PLACE, {}, NOON, r"must fall while the sun is up"),
]
"""Writer, hours, place of the home, how it is read, moment, what is said."""


@pytest.mark.parametrize(("write", "hours", "place", "how", "moment", "sentence"), REFUSED)
def test_a_file_that_does_not_fit_is_refused_in_a_sentence(
    write: Writer, hours: list[Hour], place: Place, how: dict[str, Any], moment: int, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(WeatherError, match=sentence):
        weather(place, span(moment, 1), of_file(write(tmp_path, hours), **how))


def test_a_real_year_may_be_repeated(tmp_path: Path) -> None:
    properties = of_file(weather_files.nsrdb(tmp_path, HOURS), repeat_year=True)
    first, later = (knots(weather(PLACE, span(unix(f"{year}-05-10 12:00"), 12), properties)["air_temperature_mk"]) for year in (2023, 2031))
    assert first == later


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("/nowhere/such.epw", "it does not exist"),
        ("pvlib:nothing.tm2", "it does not exist"),
        ("pvlib:../ASTMG173.csv", "without folders"),
        (str(Path(__file__)), "looks like none"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(name: str, sentence: str) -> None:
    with pytest.raises(WeatherError, match=sentence):
        weather(PLACE, span(NOON, 1), of_file(Path(name)) if not name.startswith("pvlib") else WeatherProperties(source="file", file=name))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"source": "file"}, "a weather from a file must name it"),
        ({"cloud_cover_percent": 101}, "less than or equal to 100"),
        ({"clouds": 3}, "Extra inputs"),
    ],
)
def test_a_weather_refuses_what_cannot_be(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        WeatherProperties(**wrong)


def test_the_process_that_reads_files_says_why_it_cannot(tmp_path: Path) -> None:
    """All other tables read them in this process."""
    path = weather_files.epw(tmp_path, without(HOURS, 3000))
    shining = {"sun": sun(PLACE, span(NOON, 1))}
    with pytest.raises(WeatherError, match="lacks 1 of 8760 rows; the first is 05-06 00:00"):
        Weather().forecast(Inputs(context("weather", PLACE, ("sun",)), of_file(path), span(NOON, 1), shining))
