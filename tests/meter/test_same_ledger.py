"""Neither a meter nor a reader of a real one moves anything: with it, a home has the seals that it has without it, however it is cut."""

from pathlib import Path

from tests.meter.homes import FLAT_WITH_METER, planned
from tests.meter.test_reader import WHOLE
from tests.planning.homes import seals

METER_LINE = '  meter: {kind: meter, message: "hello"}\n'


def test_a_home_with_a_meter_has_the_seals_of_one_without(tmp_path: Path) -> None:
    assert METER_LINE in FLAT_WITH_METER
    for folder, text in (("with", FLAT_WITH_METER), ("without", FLAT_WITH_METER.replace(METER_LINE, ""))):
        (tmp_path / folder).mkdir()
        planned(tmp_path / folder, text, 2 * 1_440, 7 if folder == "with" else None)
    assert seals(tmp_path / "with/run") == seals(tmp_path / "without/run") and len(seals(tmp_path / "with/run")) > 190


def test_a_home_with_a_reader_has_the_seals_of_one_without_whether_there_is_a_meter_or_not(tmp_path: Path) -> None:
    (tmp_path / "p1.txt").write_bytes(WHOLE)
    sources = {"telegrams": f"source: {tmp_path / 'p1.txt'}", "nobody": "source: 'tcp://127.0.0.1:1'", "none": "source: ''"}
    readers = {name: f"  p1: {{kind: meter_reader, {source}}}\n" for name, source in sources.items()}
    for folder, line in {**readers, "without": ""}.items():
        (tmp_path / folder).mkdir()
        planned(tmp_path / folder, FLAT_WITH_METER + line, 240, 7 if line else None)
    chains = [seals(tmp_path / folder / "run") for folder in (*readers, "without")]
    assert len(chains[0]) > 10 and all(chain == chains[0] for chain in chains)
