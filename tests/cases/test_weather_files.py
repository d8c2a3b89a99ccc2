"""Weather files as they come: of all encodings, with quoted places, wrong zones, rows that stand twice, light of one kind only."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from joulebus.almanac.formats import read_file
from joulebus.almanac.lambert import degrees_of_try
from joulebus.almanac.light import completed
from joulebus.almanac.look import look
from joulebus.almanac.rows import WeatherRows
from joulebus.almanac.skies import sun
from joulebus.errors import WeatherError
from tests.cases import CASES, lived
from tests.planning.conftest import Command

EPW = (CASES / "files/epw/alba.epw").read_text()
HOME = (CASES / "files/epw/home.yaml").read_text()
KWH = 3_600_000


def day_of(folder: Path, content: bytes, words: str = HOME) -> tuple[int, int]:
    """East and west of a day in June, in joules."""
    folder = folder / hashlib.sha256(content).hexdigest()[:8]  # A file that changes under a home is refused.
    folder.mkdir()
    (folder / "alba.epw").write_bytes(content)
    (folder / "home.yaml").write_text(words)
    made = lived(folder / "home.yaml").totals.joules_out
    return made["east"], made["west"]


READ = [
    # what the file is like, its bytes
    ("latin-1", EPW.replace("Alba", "Bad Dürkheim").replace("own numbers", "Werte für Prüfung").encode("latin-1")),
    ("with three bytes before its text, and ends of lines of Windows", b"\xef\xbb\xbf" + EPW.replace("\n", "\r\n").encode()),
    ("of a place with a comma", EPW.replace("Alba", '"Alba, Piemonte"').encode()),
    ("of a place with a comma and no quotes", EPW.replace("Alba", "Alba, Piemonte").encode()),
]


@pytest.mark.parametrize("content", [content for _, content in READ], ids=[name for name, _ in READ])
def test_names_and_comments_are_no_numbers(content: bytes, tmp_path: Path) -> None:
    assert day_of(tmp_path, content) == day_of(tmp_path, EPW.encode())


def test_a_zone_that_is_wrong_by_an_hour_is_refused_with_the_shift_that_fits(tmp_path: Path) -> None:
    wrong = EPW.replace("45.00,8.00,1.0", "45.00,8.00,2.0")
    with pytest.raises(
        WeatherError, match=r"fits it best when moved by \+60 min.*check its time zone, \+2 h, or say time_shift_minutes: 60"
    ):
        day_of(tmp_path, wrong.encode())
    east, west = day_of(tmp_path, EPW.encode())
    assert east / west == pytest.approx(202 / 199, rel=0.02)


def test_without_time_check_a_wrong_zone_is_taken_as_it_is(tmp_path: Path) -> None:
    wrong = EPW.replace("45.00,8.00,1.0", "45.00,8.00,2.0").encode()
    east, west = day_of(tmp_path, wrong, HOME.replace("source: file", "source: file, time_check: false"))
    assert east / west > 1.1, "an hour earlier, as the wrong file has it"


def test_a_row_that_stands_twice_is_refused_with_its_lines(tmp_path: Path) -> None:
    lines = EPW.split("\n")
    twice = "\n".join([*lines[:92], lines[91].replace(",816,", ",1,"), *lines[92:]])
    with pytest.raises(WeatherError, match=r"the one of 2026-06-04 11:00 standard time stands in lines 92 and 93; leave one out"):
        day_of(tmp_path, twice.encode())


def test_the_zone_may_stand_in_either_field() -> None:
    assert lived(CASES / "files/nsrdb_empty_local_zone/home.yaml").totals.joules_out["east"] > 10 * KWH


def test_what_a_file_lacks_is_named() -> None:
    with pytest.raises(WeatherError, match=r"polar.csv must have columns for temp_air, wind_speed, .*dni and dhi could be split from ghi"):
        lived(CASES / "files/nsrdb_ghi_only/home.yaml")
    with pytest.raises(WeatherError, match="must have columns for dni, dhi, temp_air, wind_speed"):
        read(nsrdb("Snow", lambda hour: "0"))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_heading_of_a_vendor_is_read_with_its_bracket_too_many(encoding: str, tmp_path: Path) -> None:
    folder = CASES / "files/tmy3_vendor_heading"
    (tmp_path / "vendor_utf8.csv").write_bytes((folder / "vendor_utf8.csv").read_text().encode(encoding))
    (tmp_path / "home.yaml").write_text((folder / "vendor_utf8.yaml").read_text())
    assert lived(tmp_path / "home.yaml").totals.joules_out["east"] > 10 * KWH
    (tmp_path / "other").mkdir()
    (tmp_path / "other/home.yaml").write_text((folder / "vendor_utf8.yaml").read_text())
    (tmp_path / "other/vendor_utf8.csv").write_text((folder / "vendor_utf8.csv").read_text().replace("DNI (W/m^2))", "DNY (W/m^2)"))
    with pytest.raises(WeatherError, match="must have a column 'dni'; the nearest that is there is 'DNY"):
        lived(tmp_path / "other/home.yaml")


class At:
    """Where the made-up files are of."""

    latitude, longitude, altitude = 45.0, 8.0, 250.0


HOURS = [datetime(2026, 6, 1) + timedelta(hours=number) for number in range(14 * 24)]


def read(content: str, name: str = "made.csv") -> WeatherRows:
    return read_file(Path(name), content.encode())


def nsrdb(headings: str, cells: object) -> str:
    """Two weeks of hours, stamped in their middle."""
    head = f"Source,Latitude,Longitude,Time Zone,Elevation\nNSRDB,45.0,8.0,1,250\nYear,Month,Day,Hour,Minute,{headings}\n"
    return head + "".join(f"{hour:%Y,%-m,%-d,%-H},30,{cells(hour)}\n" for hour in HOURS)  # type: ignore[operator]


def zenith(hour: datetime) -> float:
    middle = int((hour - datetime(1970, 1, 1)).total_seconds()) - 3_600 + 1_800
    return float(sun(At(), np.array([middle]))[0][0])


def test_global_light_alone_is_split_and_said() -> None:
    def cells(hour: datetime) -> str:
        return f"{800 * max(0.0, np.cos(np.radians(zenith(hour)))):.1f},20,3"

    found = read(nsrdb("GHI,Temperature,Wind Speed", cells))
    (dni, dhi, *_), notes = completed(found, At())
    heights = np.maximum([np.cos(np.radians(zenith(hour))) for hour in HOURS], 0.0)
    assert np.abs(dni * heights + dhi - found.columns["ghi"]).max() < 1.0
    assert 0.2 < dhi.sum() / found.columns["ghi"].sum() < 0.5
    assert notes == ["global light alone was split into beam and diffuse light by the model of Erbs, which may be some percent off"]


@pytest.mark.parametrize("missing", ["9999", "0"])
def test_global_light_of_an_epw_is_split_where_beam_and_diffuse_light_are_not_filled_in(missing: str) -> None:
    lines = [line.split(",") for line in EPW.splitlines()]
    only = "\n".join(",".join([*row[:14], missing, missing, *row[16:]] if len(row) == 35 else row) for row in lines)
    whole, split = read(EPW, "alba.epw"), read(only, "alba.epw")
    (dni, dhi, *_), notes = completed(split, At())
    assert "split into beam and diffuse light" in notes[0]
    assert dni.sum() == pytest.approx(whole.columns["dni"].sum(), rel=0.25)
    assert not np.isnan(dni).any() and not np.isnan(dhi).any()


def test_global_and_diffuse_light_make_the_beam() -> None:
    found = read(
        nsrdb("GHI,DHI,Temperature,Wind Speed", lambda hour: f"{500 if zenith(hour) < 60 else 0},{100 if zenith(hour) < 60 else 0},20,3")
    )
    (dni, *_), notes = completed(found, At())
    noon = HOURS.index(datetime(2026, 6, 3, 12))
    assert dni[noon] == pytest.approx(400 / np.cos(np.radians(zenith(HOURS[noon]))), rel=1e-3)
    assert "turned to the sun" in notes[0]


def test_pvgis_speaks_json_too() -> None:
    hourly = [{"time(UTC)": f"{hour:%Y%m%d:%H%M}", "T2m": 10.0, "G(h)": 0.0, "Gb(n)": 100.0, "Gd(h)": 50.0, "WS10m": 2.0} for hour in HOURS]
    location = {"latitude": 45.0, "longitude": 8.0, "elevation": 250.0, "irradiance_time_offset": 0.5}
    found = read(json.dumps({"inputs": {"location": location}, "outputs": {"tmy_hourly": hourly}, "meta": {}}), "made.json")
    assert (found.latitude, found.longitude, found.altitude, found.zone_seconds, found.typical) == (45.0, 8.0, 250.0, 0, True)
    assert (found.begins[0], float(found.columns["dni"][5])) == (int(np.datetime64("2026-06-01T00:00", "s").astype(int)), 100.0)
    with pytest.raises(WeatherError, match="a PVGIS JSON must hold inputs.location and outputs"):
        read("{}", "made.json")


def test_a_test_reference_year_of_germany_is_read() -> None:
    head = "Rechtswert        : 4201500 Meter\nHochwert          : 2848500 Meter\nHoehenlage        : 36 Meter ueber NN\n\n"
    head += "     RW      HW MM DD HH     t    p  WR   WG N    x  RF    B    D   A    E IL\n*** \n"
    rows = "".join(f"4201500 2848500 {h:%m %d} {h.hour + 1:2d}  12.5 1010 180  2.1 5  4.9  85  200  100 300 -320  1\n" for h in HOURS)
    found = read(head + rows, "TRY2015_524123130664_Jahr.dat")
    assert (found.latitude, found.longitude) == pytest.approx((52.412353, 13.066407), abs=1e-5)
    assert (found.altitude, found.zone_seconds, found.typical) == (36.0, 3_600, True)
    (dni, dhi, warm, wind), _ = completed(found, At())
    assert (dhi[12], warm[12], wind[12]) == (100.0, 12.5, 2.1)
    assert dni[12] == pytest.approx(200 / np.cos(np.radians(51.5 - 22)), rel=0.2)


def test_the_grid_of_the_test_reference_years_has_its_origin_where_it_should() -> None:
    assert degrees_of_try(4_000_000, 2_800_000) == pytest.approx((52.0, 10.0), abs=1e-9)


def test_solar_anywhere_is_read_though_its_place_has_commas() -> None:
    head = '723170,"Greensboro, North Carolina, United States",NC,-5.5,36.1,-79.95,273,Data Version: 3.4 / Type: Actual\n'
    head += "ObservationTime(LST),Global Horizontal Irradiance (GHI) W/m2,Direct Normal Irradiance (DNI) W/m2,"
    head += "Diffuse Horizontal Irradiance (DHI) W/m2,AmbientTemperature (deg C),WindSpeed (m/s)\n"
    found = read(head + "".join(f"{hour:%m/%d/%Y %H}:30,300,400,100,20,2\n" for hour in HOURS))
    assert (found.latitude, found.zone_seconds, found.typical) == (36.1, -5.5 * 3_600, False)
    assert found.begins[0] == int(np.datetime64("2026-06-01T00:00", "s").astype(int))
    assert float(found.columns["dni"][0]) == 400.0


def test_rows_of_minutes_are_taken_together() -> None:
    head = "Source,Latitude,Longitude,Time Zone\nx,45.0,8.0,5.75\nYear,Month,Day,Hour,Minute,DNI,DHI,Temperature,Wind Speed\n"
    found = read(head + "".join(f"2026,6,1,{n // 12},{n % 12 * 5},{n % 3},50,20,3\n" for n in range(288)))
    assert (found.step_seconds, found.zone_seconds, set(found.columns["dni"][1:-1])) == (900, 5.75 * 3_600, {1.0})
    assert "taken together" in found.notes[0]


BROKEN = [
    # content, what is said
    ("LOCATION,a,b,c,d,e,north,8,1,250\n" + "x\n" * 9, r"must be readable as epw, but it is not \(ValueError"),
    (EPW.replace("45.00,8.00,1.0", "45.00,8.00,99"), "the time zone of made.csv must be hours ahead of UTC"),
    ("LOCATION,Alba,-,ITA,OWN,000000,45.00,8.00,1.0,250.0\n" * 8, "must have rows, and made.csv has 0"),
    ("", "looks like none"),
    ("Source,a\nNSRDB,b\nYear\n", "must name latitude, longitude and time zone"),
]


@pytest.mark.parametrize(("content", "said"), BROKEN)
def test_errors_are_ours(content: str, said: str) -> None:
    with pytest.raises(WeatherError, match=said):
        read(content)


@pytest.mark.parametrize(
    ("name", "place", "most"), [("pvlib:12839.tm2", "25.8, -80.2667", 35), ("pvlib:723170TYA.CSV", "36.1, -79.95", 25)]
)
def test_the_time_of_good_files_is_found_good(name: str, place: str, most: int) -> None:
    found = look(name)
    assert found.best is not None and abs(found.best.minutes) <= most
    assert found.gaps == 0
    assert place in found.lines()[0]


def test_a_weather_file_can_be_looked_at(joulebus: Command) -> None:
    said = joulebus("weather", "check", str(CASES / "files/epw/alba.epw"))
    lines = said.stdout.splitlines()
    assert lines[0] == "alba.epw: 45, 8, 250 m, +1 h of UTC"
    assert lines[1] == "336 rows of 60 min, 14 days: 2026-06-01 00:00 to 2026-06-14 23:00"
    assert lines[4:6][0] == "gaps: none"
    assert "time: its light fits the sun best when moved by" in said.stdout and "█" in lines[-1]
    assert joulebus("weather", "check", "nowhere.epw").returncode == 2
