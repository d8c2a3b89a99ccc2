"""Telegrams of a run: a parser that others wrote reads each line, and the registers are those that the transfers say."""

import re
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dsmr_parser import telegram_specifications
from dsmr_parser.objects import Telegram
from dsmr_parser.parsers import TelegramParser

from joulebus.audit.recount import Quarter, Recount
from joulebus.devices.meter import MeterProperties
from joulebus.errors import ReportError
from joulebus.journal.file import Journal
from joulebus.meter.reader import ReadTelegram, TelegramReader
from joulebus.meter.reading import meter_at
from joulebus.meter.registers import PastMonth, QuarterPeak, Registers
from joulebus.meter.telegram import MeterFace, telegram, time_stamp
from tests.meter.homes import FLAT_WITH_METER, flat, planned
from tests.planning.conftest import JOULEBUS

BRUSSELS = "Europe/Brussels"
ZONE = ZoneInfo(BRUSSELS)
HOME = Path(__file__).resolve().parents[2] / "examples/homes/house.yaml"
FLUVIUS = telegram_specifications.BELGIUM_FLUVIUS
PATTERNS = [re.compile(line["obis_reference"], re.DOTALL | re.MULTILINE) for line in FLUVIUS["objects"]]
PARSER = TelegramParser(FLUVIUS)
WH = 3_600


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four days of the flat, over the end of winter time and the end of March."""
    return flat(tmp_path_factory.mktemp("flat"), 4 * 1_440 + 8)


def quarters(journal: Path) -> list[Quarter]:
    """What the audit counts, without a line of the meter."""
    recount = Recount(0, 2**40)
    with Journal.view(journal) as view:
        for _, record, columns in view.read():
            recount.add(record, columns)
    return recount.quarters


def expected(found: list[Quarter], until: float = float("inf")) -> Counter[tuple[str, str]]:
    """Joules by direction and tariff: weekdays from 7 to 22 are day."""
    sums: Counter[tuple[str, str]] = Counter()
    for quarter in found:
        local = datetime.fromtimestamp(quarter.start, ZONE)
        tariff = "1" if local.weekday() < 5 and 7 <= local.hour < 22 else "2"
        if quarter.start < until:
            sums["1", tariff] += sum(joules for (giver, _), joules in quarter.pairs.items() if giver == "grid")
            sums["2", tariff] += sum(joules for (_, taker), joules in quarter.pairs.items() if taker == "grid")
    return sums


def understood(data: bytes) -> Telegram:
    """As dsmr-parser reads it; a line that it does not know is an error."""
    lines = data.decode().splitlines(keepends=True)
    assert [line for line in lines[2:-1] if not any(pattern.match(line) for pattern in PATTERNS)] == []
    return PARSER.parse(data.decode(), throw_ex=True)


def own(data: bytes) -> ReadTelegram:
    (found,) = TelegramReader().feed(data)
    return found


def of(journal: Path, at: str | None = None, count: int = 1) -> list[bytes]:
    moment = None if at is None else int(datetime.fromisoformat(at).timestamp())
    return [telegram(shown.state, shown.face) for shown in meter_at(journal, moment, count)]


def test_the_house_prints_a_telegram_that_others_read(tmp_path: Path) -> None:
    run = planned(tmp_path, HOME.read_text().replace("T00:00:00-04:00", "T14:00:00-04:00"), 3_600).parent
    said = subprocess.run([JOULEBUS, "meter", "telegram", run], capture_output=True, check=True, timeout=60)
    read = understood(said.stdout)
    assert read.P1_MESSAGE_TIMESTAMP.value == datetime(2026, 6, 21, 13, 0, tzinfo=UTC)  # It takes every clock for one of Amsterdam.
    shown = [int(read_value.value * 1_000) for read_value in (read.ELECTRICITY_USED_TARIFF_2, read.ELECTRICITY_DELIVERED_TARIFF_2)]
    pairs = [quarter.pairs for quarter in quarters(run / "journal.bin")]
    assert shown == [sum(one[pair] for one in pairs) // WH for pair in (("grid", "inverter"), ("inverter", "grid"))]


def test_registers_are_the_transfers_of_the_grid_connection(journal: Path) -> None:
    read, sums = understood(of(journal)[0]), expected(quarters(journal))
    assert min(sums.values()) > 0
    for (direction, tariff), joules in sums.items():
        name = {"1": "USED", "2": "DELIVERED"}[direction]
        shown = int(getattr(read, f"ELECTRICITY_{name}_TARIFF_{tariff}").value * 1_000)
        assert shown == joules // WH, (direction, tariff)


def test_a_day_of_telegrams_counts_what_passed_and_never_runs_back(journal: Path) -> None:
    day = of(journal, "2026-03-30T06:30:00+02:00", 1_440)
    assert all(understood(data).ELECTRICITY_USED_TARIFF_1.value >= 0 for data in day)
    found = [own(data) for data in day]
    sums = expected(quarters(journal), datetime(2026, 3, 31, 6, 15, tzinfo=ZONE).timestamp())
    before = ("", "", "", "")
    for one in found:
        shown = tuple(one.values(f"1-0:{register}")[0] for register in ("1.8.1", "1.8.2", "2.8.1", "2.8.2"))
        assert all(new >= old for new, old in zip(shown, before, strict=True))
        before = shown
    last = next(one for one in found if one.values("0-0:1.0.0") == ("260331061500S",))
    assert last.values("1-0:1.8.1") == (f"{sums['1', '1'] // WH / 1_000:010.3f}*kWh",)
    assert found[-1].values("0-0:1.0.0") == ("260331062900S",)


def test_flag_and_register_change_with_the_tariff(journal: Path) -> None:
    begin, after = (own(data) for data in of(journal, "2026-03-30T07:00:00+02:00", 2))
    assert begin.values("0-0:96.14.0") == ("0001",) and begin.values("1-0:1.8.1") <= after.values("1-0:1.8.1")
    assert begin.values("1-0:1.8.2") == after.values("1-0:1.8.2")
    assert own(of(journal, "2026-03-30T06:59:00+02:00")[0]).values("0-0:96.14.0") == ("0002",)


def test_the_running_mean_ramps_and_the_peak_is_that_of_a_whole_quarter(journal: Path) -> None:
    ramp = [own(data) for data in of(journal, "2026-03-30T10:15:00+02:00", 16)]
    means = [int(one.values("1-0:1.4.0")[0].replace(".", "")[:5]) for one in ramp]
    assert means[0] == means[15] == 0 and sorted(means[:15]) == means[:15] and means[14] > 0
    peaks = [(sum(joules for (giver, _), joules in one.pairs.items() if giver == "grid") // 900, -one.end) for one in quarters(journal)]
    month = [peak for peak in peaks if -peak[1] <= datetime(2026, 4, 1, tzinfo=ZONE).timestamp()]
    watts, ends = max(month)
    local = datetime.fromtimestamp(-ends, ZONE).strftime("%y%m%d%H%M%S")
    shown = own(of(journal, "2026-03-31T22:59:00+02:00")[0])
    assert shown.values("1-0:1.6.0") == (f"{local}S" if local > "260329" else f"{local}W", f"{watts // 1000:02d}.{watts % 1000:03d}*kW")


def test_a_month_that_is_over_is_history(tmp_path: Path) -> None:
    journal = flat(tmp_path, 5 * 1_440)
    read = own(of(journal)[0])
    values = read.values("0-0:98.1.0")
    assert values[:4] == ("1", "1-0:1.6.0", "1-0:1.6.0", "260401000000S") and len(values) == 6
    assert own(of(journal, "2026-04-01T00:00:00+02:00")[0]).values("1-0:1.6.0") == ("260401000000S", "00.000*kW")
    history = understood(of(journal)[0]).BELGIUM_MAXIMUM_DEMAND_13_MONTHS
    assert len(history) == 1 and str(history[0].value) in values[5]


def test_clock_changes_are_marked(journal: Path) -> None:
    before, after = (own(data).values("0-0:1.0.0")[0] for data in of(journal, "2026-03-29T01:59:00+01:00", 2))
    assert (before, after) == ("260329015900W", "260329030000S")
    autumn = datetime(2026, 10, 25, 2, 59, 59, tzinfo=ZONE)
    assert time_stamp(int(autumn.timestamp()), BRUSSELS) == "261025025959S"
    assert time_stamp(int((autumn.astimezone(UTC) + timedelta(seconds=1)).timestamp()), BRUSSELS) == "261025020000W"


def test_windows_and_ends_of_files_change_nothing(tmp_path: Path, journal: Path) -> None:
    (tmp_path / "one").mkdir()
    other = planned(tmp_path / "one", FLAT_WITH_METER, 4 * 1_440 + 8, 7)
    assert of(other, "2026-03-30T10:15:00+02:00", 20) == of(journal, "2026-03-30T10:15:00+02:00", 20)


def test_thirteen_months_and_their_order_are_read_by_others() -> None:
    months = tuple(PastMonth(ends, QuarterPeak(1_000 + number, ends - 900)) for number, ends in enumerate(_months(13)))
    state = Registers(_months(14)[-1] + 5, (10**9, 2 * 10**9, 3, 4), 0, None, months, 0, 0)
    read = understood(telegram(state, MeterFace(MeterProperties(), BRUSSELS, False)))
    assert [int(one.value * 1_000) for one in read.BELGIUM_MAXIMUM_DEMAND_13_MONTHS] == [1_000 + number for number in range(13)]


def _months(count: int) -> list[int]:
    return [int(datetime(2025 + number // 12, number % 12 + 1, 1, tzinfo=ZONE).timestamp()) for number in range(count)]


@pytest.mark.parametrize(
    ("properties", "line"),
    [
        ({"serial_number": "1SAG1100000292"}, "0-0:96.1.1(3153414731313030303030323932)"),
        ({"ean": "541448860000000001"}, "0-0:96.1.2(353431343438383630303030303030303031)"),
        ({"message": "power cut at noon"}, "0-0:96.13.0(706F77657220637574206174206E6F6F6E)"),
        ({"nominal_volts": 400}, "1-0:32.7.0(400.0*V)"),
    ],
)
def test_what_the_operator_sets_is_shown(properties: dict[str, str], line: str) -> None:
    """serial_number, ean, message, nominal_volts."""
    face = MeterFace(MeterProperties.model_validate(properties), BRUSSELS, True, False, 9_200)
    said = telegram(Registers(_months(1)[0], import_watts=2_300), face).decode().split("\r\n")
    assert line in said and "0-0:96.3.10(0)" in said and "0-0:17.0.0(09.200*kW)" in said


@pytest.mark.parametrize(
    ("at", "why"), [("2026-03-27T21:52:00+01:00", "before its first tick"), ("2027-01-01T00:00+01:00", "behind its last")]
)
def test_what_has_not_passed_is_refused(journal: Path, at: str, why: str) -> None:
    with pytest.raises(ReportError, match=why):
        of(journal, at)
