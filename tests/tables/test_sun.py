"""The sun: where it stands, what a clear sky lets through, and that neither depends on who asks for how much."""

import hashlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from joulebus import almanac
from joulebus.almanac import cache, months, skies
from joulebus.almanac.requests import SkyRequest
from joulebus.devices.sun import Sun, SunProperties
from joulebus_schemas.roster import Place
from tests.tables.heavens import BRUSSELS, JOHANNESBURG, REYKJAVIK, SINGAPORE, SYDNEY, knots, span, sun, unix

POSITIONS = [
    (BRUSSELS, "2026-03-20 12:00", 50.94172, 183.21078),
    (BRUSSELS, "2026-06-21 09:00", 41.84301, 115.300389),
    (BRUSSELS, "2026-12-21 12:00", 74.41229, 184.605598),
    (JOHANNESBURG, "2026-06-21 09:00", 52.420308, 20.25598),
    (JOHANNESBURG, "2026-06-21 15:30", 91.94458, 295.26954),
    (JOHANNESBURG, "2026-12-21 12:00", 25.992232, 269.879209),
    (REYKJAVIK, "2026-12-21 12:00", 89.175726, 160.385857),
    (SINGAPORE, "2026-06-21 09:00", 60.636411, 296.311162),
    (SYDNEY, "2026-12-21 12:00", 116.685558, 209.138875),
]
"""NREL SPA, reference vectors: true zenith and azimuth."""


@pytest.mark.parametrize(("place", "moment", "zenith", "azimuth"), POSITIONS)
def test_the_sun_stands_where_the_algorithm_of_nrel_puts_it(place: Place, moment: str, zenith: float, azimuth: float) -> None:
    forecast = sun(place, span(unix(moment), 1))
    assert knots(forecast["zenith_udeg"])[0] == pytest.approx(zenith * 1e6, abs=10)
    assert knots(forecast["azimuth_udeg"])[0] == pytest.approx(azimuth * 1e6, abs=10)


def test_the_case_of_nrels_report_holds() -> None:
    golden = SkyRequest(39.742476, -105.1786, 1830.14)
    zenith, azimuth = skies.sun(golden, np.array([unix("2003-10-17 19:30:30")]))
    assert (zenith[0], azimuth[0]) == (pytest.approx(50.127954, abs=1e-6), pytest.approx(194.340241, abs=1e-6))


@pytest.mark.parametrize("place", [BRUSSELS, JOHANNESBURG, REYKJAVIK, SINGAPORE])
def test_nights_are_exactly_dark_and_days_are_not(place: Place) -> None:
    sun(place, span(unix("2026-01-01"), 365 * 288))
    year = almanac.sky(place, unix("2026-01-01"), 365 * 288)
    lights = list(zip(year.zenith_udeg, year.ghi_mw_m2, year.dni_mw_m2, year.dhi_mw_m2, strict=True))
    assert {light[1:] for light in lights if light[0] >= 90_000_000} == {(0, 0, 0)}
    assert min(light[1] for light in lights if light[0] < 89_000_000) > 0
    assert max(light[1] for light in lights) < 1_250_000
    assert all(0 <= value < 360_000_000 for value in year.azimuth_udeg)


def test_global_light_is_beam_and_diffuse_together() -> None:
    forecast = sun(JOHANNESBURG, span(unix("2026-12-21 10:00"), 1))
    zenith, ghi, dni, dhi = (knots(forecast[name])[0] for name in ("zenith_udeg", "ghi_mw_m2", "dni_mw_m2", "dhi_mw_m2"))
    assert dni * np.cos(np.radians(zenith / 1e6)) + dhi == pytest.approx(ghi, abs=2)


@given(begins=st.integers(0, 4000), ticks=st.integers(1, 400), tick=st.sampled_from([1, 7, 60, 300, 900]), share=st.floats(0, 1))
def test_no_knot_depends_on_how_time_is_cut(begins: int, ticks: int, tick: int, share: float) -> None:
    first = unix("2026-01-31 20:00") + begins
    cut = min(max(int(ticks * share), 1), ticks)
    whole, part, rest = (placed(span(first + skip * tick, count, tick)) for skip, count in ((0, ticks), (0, cut), (cut, ticks - cut or 1)))
    assert whole | part == whole or ticks == cut
    assert all(whole[moment] == value for moment, value in rest.items() if moment in whole)


def placed(of: object) -> dict[int, int]:
    """Zeniths of a span by the moment of their knot."""
    signal = sun(BRUSSELS, of)["zenith_udeg"]  # type: ignore[arg-type]
    first = of.unix_seconds - signal.lead_seconds  # type: ignore[attr-defined,union-attr]
    return {first + 300 * i: value for i, value in enumerate(knots(signal))}


def test_knots_go_on_over_the_end_of_a_month() -> None:
    sun(BRUSSELS, span(unix("2026-01-31 12:00"), 288))
    over = almanac.sky(BRUSSELS, unix("2026-01-31 12:00"), 288)
    assert over.zenith_udeg[144:] == almanac.sky(BRUSSELS, unix("2026-02-01"), 144).zenith_udeg
    assert over.azimuth_udeg[:144] == almanac.sky(BRUSSELS, unix("2026-01-31 12:00"), 144).azimuth_udeg


def test_a_weaker_sun_shines_in_proportion() -> None:
    noon = span(unix("2026-06-21 11:00"), 1)
    full, half = sun(BRUSSELS, noon), sun(BRUSSELS, noon, SunProperties(irradiance_percent=50))
    assert [knots(half[name])[0] for name in ("ghi_mw_m2", "dni_mw_m2")] == [
        knots(full[name])[0] // 2 for name in ("ghi_mw_m2", "dni_mw_m2")
    ]
    assert half["zenith_udeg"] == full["zenith_udeg"]


def test_a_shifted_sun_stands_where_it_will_stand_later() -> None:
    early = sun(BRUSSELS, span(unix("2026-06-21 08:00"), 12), SunProperties(position_shift_minutes=60))
    assert early == sun(BRUSSELS, span(unix("2026-06-21 09:00"), 12))


@pytest.mark.parametrize("wrong", [{"irradiance_percent": 201}, {"irradiance_percent": -1}, {"position_shift_minutes": 7}, {"watts": 1}])
def test_a_sun_refuses_what_it_cannot_do(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SunProperties.model_validate(wrong)


def test_a_sun_tells_what_it_promises() -> None:
    assert set(sun(BRUSSELS, span(unix("2026-06-21"), 3))) == set(Sun.signals)


def test_a_truncated_month_is_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache.save("whole", bytes(80))
    cache.save("torn", bytes(80))
    torn = cache.folder() / "torn"
    torn.write_bytes(torn.read_bytes()[:-8])
    assert (cache.cached("torn"), cache.cached("absent"), list(cache.cached("whole") or [])) == (None, None, [0] * 10)


def test_two_processes_may_compute_the_same_sky_at_once(tmp_path: Path) -> None:
    question = (
        "from joulebus.almanac import sky; from joulebus_schemas.roster import Place\n"
        f"print(sky(Place(latitude_degrees=1, longitude_degrees=2), {unix('2026-05-01')}, 3))"
    )
    environment = months._environment() | {"XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", question]
    with ThreadPoolExecutor(2) as pool:
        said = list(
            pool.map(lambda _: subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout, range(2))
        )
    assert said[0] == said[1] == f"{almanac.sky(Place(latitude_degrees=1, longitude_degrees=2), unix('2026-05-01'), 3)}\n"
    files = list((tmp_path / "joulebus" / "almanac").iterdir())
    assert len(files) == 12
    assert all(hashlib.sha256(file.read_bytes()[32:]).digest() == file.read_bytes()[:32] for file in files)


def test_a_device_process_carries_neither_numpy_nor_pandas() -> None:
    sun(BRUSSELS, span(unix("2026-06-21"), 288))
    script = (
        "import sys; from joulebus.devices import KINDS; from joulebus.device import DeviceContext, Inputs, Span\n"
        "from joulebus_schemas.roster import Place\n"
        f"place = Place.model_validate_json({BRUSSELS.model_dump_json()!r})\n"
        f"sun, panel, span = KINDS['sun'], KINDS['panel'], Span(0, 288, 300, {unix('2026-06-21')})\n"
        "heard = {'sun': sun.forecast(Inputs(DeviceContext('sun', place, 0, 300, 7), sun.properties(), span))}\n"
        "its = DeviceContext('panel', place, 0, 300, 7, ('sun',), {'sun': 'sun'})\n"
        "panel.offer(Inputs(its, panel.properties(), span, heard), panel.begin(its, panel.properties()))\n"
        "print(sorted({'numpy', 'pandas', 'pvlib', 'scipy', 'h5py'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], env=months._environment(), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
