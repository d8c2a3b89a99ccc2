"""The water meter: litres of geysers and washing machines, exact for any cutting, in telegrams and bills, and in the audit."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from joulebus.audit.billed import check_bill
from joulebus.cli.billing import bill_json
from joulebus.meter.quarters import metered_run
from joulebus.meter.reader import TelegramReader
from joulebus.meter.reading import meter_at
from joulebus.meter.telegram import telegram
from joulebus.meter.water import water_users
from joulebus.rates.file import load_rates
from joulebus_schemas.roster import Member
from tests.meter.homes import FLAT_WITH_METER, planned

DAYS = 3
WET = (
    FLAT_WITH_METER.replace('message: "hello"', "water_serial_number: W4711")
    + '  geyser: {kind: geyser, draws: [{at: "06:45", litres: 40}, {at: "23:58", litres: 33.3, litres_per_minute: 7}]}\n'
    + '  washer: {kind: washing_machine, starts: ["10:00", "21:00"], water_litres: 47}\n'
)
RATES = """\
rates: 1
name: water only
periods:
  - {since: 2026-01-01, imported: {euro_per_kwh: 0.3}, water: {euro_per_m3: 6.2}}
"""


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [planned(tmp_path_factory.mktemp("wet"), WET, DAYS * 1_440, window) for window in (None, 7)]


def test_litres_are_exact_for_any_cutting(journals: list[Path]) -> None:
    ends = [next(meter_at(journal)).state for journal in journals]
    assert ends[0].water_litres == ends[1].water_litres
    draws = 3 * 40 + 3 * Fraction(33_300 * 3_600 // 285 * 285, 3_600_000)
    assert ends[0].water_litres == draws + 6 * 47, "three days of two draws, and of two programs"


def test_a_telegram_says_the_litres_and_others_read_them(journals: list[Path]) -> None:
    shown = next(meter_at(journals[0]))
    (read,) = TelegramReader().feed(telegram(shown.state, shown.face))
    litres = int(shown.state.water_litres)
    assert read.values("0-1:24.1.0") == ("007",)
    assert read.values("0-1:24.2.1")[1] == f"00000.{litres:03d}*m3" and bytes.fromhex(read.values("0-1:96.1.1")[0]) == b"W4711"


def test_a_bill_has_its_water_and_the_audit_counts_it_again(journals: list[Path], tmp_path: Path) -> None:
    (tmp_path / "rates.yaml").write_text(RATES)
    run, file = metered_run(journals[0]), tmp_path / "bill.json"
    book = load_rates(tmp_path / "rates.yaml", run.born.place.timezone)
    said = bill_json(run, book, run.bill(book, run.begins, run.ends))
    litres = int(next(meter_at(journals[0])).state.water_litres)
    assert [line["quantity"] for line in said["lines"] if line["what"] == "water"] == [litres]
    file.write_text(json.dumps(said))
    assert check_bill(journals[0], file) == check_bill(journals[1], file) == []
    next(line for line in said["lines"] if line["what"] == "water")["quantity"] += 1
    file.write_text(json.dumps(said))
    assert [finding.text.partition(" is ")[0] for finding in check_bill(journals[0], file)] != []


def test_who_is_off_draws_nothing() -> None:
    wet = Member(kind="geyser", properties={})
    assert water_users({"geyser": wet}).litres("UTC", 0, 86_400, {}) == 70
    assert water_users({"geyser": wet.model_copy(update={"on": False})}).litres("UTC", 0, 86_400, {}) == 0
