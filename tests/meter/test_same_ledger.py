"""A meter moves nothing: with it, a home has the seals that it has without it; set live or cut into windows, it shows the same."""

from pathlib import Path

from tests.meter.homes import FLAT_WITH_METER, planned
from tests.planning.homes import seals

METER_LINE = '  meter: {kind: meter, message: "hello"}\n'


def test_a_home_with_a_meter_has_the_seals_of_one_without(tmp_path: Path) -> None:
    assert METER_LINE in FLAT_WITH_METER
    for folder, text in (("with", FLAT_WITH_METER), ("without", FLAT_WITH_METER.replace(METER_LINE, ""))):
        (tmp_path / folder).mkdir()
        planned(tmp_path / folder, text, 2 * 1_440, 7 if folder == "with" else None)
    assert seals(tmp_path / "with/run") == seals(tmp_path / "without/run") and len(seals(tmp_path / "with/run")) > 190
