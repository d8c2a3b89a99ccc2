"""The last seal of a week of every example home: written down at 0.1.0, before the house was rebuilt, and never to change."""

import json
from pathlib import Path

from joulebus.homefile.home_file import load_home_file

HOMES = Path(__file__).resolve().parents[2] / "examples/homes"
WEEK_TICKS = 7 * 86_400
SEALS = 7 * 96
HEADS: dict[str, str] = json.loads(Path(__file__).with_name("weeks.json").read_text())
"""By name of the home; a seal names the one before it, so the last one stands for all of them."""


def week_file(name: str, folder: Path) -> Path:
    """The file of an example home; nobody of the outside comes to this test, so foreign devices are switched off."""
    text = (HOMES / f"{name}.yaml").read_text()
    home = load_home_file(HOMES / f"{name}.yaml").name  # A story looks for its books under the name of its file.
    path = folder / f"{home}.yaml"
    path.write_text(text.replace("    kind: foreign\n", "    kind: foreign\n    on: false\n"))
    return path
