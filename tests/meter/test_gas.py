"""The gas meter: litres of what boilers and geysers burn, exact for any cutting, in telegrams and bills, and in the audit."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from joulebus.audit import audit
from joulebus.audit.billed import check_bill
from joulebus.cli.billing import bill_json
from joulebus.journal.file import Journal
from joulebus.meter.quarters import metered_run
from joulebus.meter.reader import TelegramReader
from joulebus.meter.reading import meter_at
from joulebus.meter.telegram import telegram
from joulebus.rates.file import load_rates
from joulebus_core import decode_columns
from joulebus_schemas.journal import Committed
from tests.meter.homes import FLAT_WITH_METER, planned

DAYS = 3
GAS = (
    FLAT_WITH_METER.replace('message: "hello"', "gas_serial_number: G4711, water_serial_number: W1")
    + "  gas: {kind: gas, kwh_per_m3: 10.26}\n"
    + "  boiler: {kind: boiler, power_watts: 9000, initial_celsius: 17}\n"
    + '  geyser: {kind: geyser, supply: gas, power_watts: 18000, efficiency_percent: 90, draws: [{at: "06:45", litres: 80}]}\n'
)
RATES = """\
rates: 1
name: gas only
periods:
  - {since: 2026-01-01, imported: {euro_per_kwh: 0.3}, gas: {euro_per_m3: 0.8}}
"""


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [planned(tmp_path_factory.mktemp("warm"), GAS, DAYS * 1_440, window) for window in (None, 7)]


def burnt(journal: Path) -> int:
    """Joules out of the account of the gas, as the transfers have them."""
    with Journal.view(journal) as records:
        windows = [columns for _, record, columns in records.read() if isinstance(record, Committed)]
    pieces = [(giver, runs) for columns in windows for giver, _, runs in decode_columns(columns)]
    return sum(count * joules for giver, runs in pieces if giver == "gas" for count, joules in runs)


def test_litres_are_the_joules_over_the_calorific_value_for_any_cutting(journals: list[Path]) -> None:
    litres = [next(meter_at(journal)).state.gas_litres for journal in journals]
    assert burnt(journals[0]) > 100 * 3_600_000, "three days of spring"
    assert litres == [Fraction(burnt(journals[0]) * 1_000, 10_260 * 3_600)] * 2


def test_a_telegram_says_the_volume_beside_the_water_and_others_read_it(journals: list[Path]) -> None:
    shown = next(meter_at(journals[0]))
    (read,) = TelegramReader().feed(telegram(shown.state, shown.face))
    litres = int(shown.state.gas_litres)
    assert read.values("0-1:24.1.0") == ("007",) and read.values("0-2:24.1.0") == ("003",)
    assert read.values("0-2:24.2.3")[1] == f"{litres // 1_000:05d}.{litres % 1_000:03d}*m3"
    assert bytes.fromhex(read.values("0-2:96.1.1")[0]) == b"G4711" and read.values("0-2:24.4.0") == ("1",)


def test_a_bill_has_its_gas_and_the_audit_counts_it_again(journals: list[Path], tmp_path: Path) -> None:
    (tmp_path / "rates.yaml").write_text(RATES)
    run, file = metered_run(journals[0]), tmp_path / "bill.json"
    book = load_rates(tmp_path / "rates.yaml", run.born.place.timezone)
    said = bill_json(run, book, run.bill(book, run.begins, run.ends))
    litres = int(next(meter_at(journals[0])).state.gas_litres)
    (line,) = [line for line in said["lines"] if line["what"] == "gas"]
    assert (line["quantity"], line["micro_euro"]) == (litres, litres * 800)
    file.write_text(json.dumps(said))
    assert check_bill(journals[0], file) == check_bill(journals[1], file) == []
    line["quantity"] += 1
    file.write_text(json.dumps(said))
    assert [finding.text.partition(" is ")[0] for finding in check_bill(journals[0], file)] != []


def test_the_audit_misses_nothing(journals: list[Path]) -> None:
    for journal in journals:
        assert audit(journal).findings == ()
