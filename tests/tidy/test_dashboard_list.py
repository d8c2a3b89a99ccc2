"""The list of what a dashboard must do, A-01 to A-50: each has a check in a browser, under its number (``make ui-test``).

``pytest -s tests/tidy/test_dashboard_list.py`` prints which check is where. The words of the list are those of our bus: a device is
created by ``home.add``, placed by ``layout.set``, set by its own ``set``, scaled by ``home.switch``, connected by whom it hears; a tick
is a summary.
"""

import re
from collections.abc import Iterator
from pathlib import Path

STORIES = Path(__file__).resolve().parents[2] / "ui/story"

LIST = {
    1: "each kind is dropped, asked for once, starts where it was dropped, and runs",
    2: "a drop outside of the canvas, and Escape, ask nothing",
    3: "Enter on a kind adds it at a free place",
    4: "one device is connected with another; with itself, or twice, it is not",
    5: "what is moved is asked for once, stays, and is seen by others",
    6: "what is removed is gone with its edges; undo and redo",
    7: "three are removed and come back together",
    8: "what the home refuses is said, and the canvas is as the home",
    9: "an empty home says how to begin; an example lives",
    10: "exported, deleted and imported, a home is the same",
    11: "sixty devices can be moved, and do not lie over each other",
    12: "a property that is set changes what flows",
    13: "what is out of range is said at its field",
    14: "a form has each property of its kind",
    15: "what is off takes nothing, and is on again",
    16: "two write the same property",
    17: "pause, step, resume",
    18: "time goes as fast as it says",
    19: "data that is old is called so",
    20: "what is given is what is taken and lost, in every tick",
    21: "night, a full battery, an empty one: flows and sentences",
    22: "directions are those of the signs",
    23: "the Sankey has every flow, in a fixed order",
    24: "now is power, a span is energy",
    25: "costs are those of the bill",
    26: "the mean of a quarter-hour",
    27: "a new peak of the month",
    28: "the mean of twelve months",
    29: "the reserve holds",
    30: "a car is charged by its departure",
    31: "a group and a contract are made, and seen by others",
    32: "the merit order",
    33: "sealing asks first, and only those who may seal",
    34: "a transformer over its limit",
    35: "a span is in the address, as a file, and compared",
    36: "what is said on the bus is shown, filtered, held, copied",
    37: "a thousand messages a second",
    38: "a message leads to its device; calls are asked and answered",
    39: "what is not as specified is marked, and breaks nothing",
    40: "the router dies",
    41: "the home's service dies",
    42: "two tabs for long",
    43: "a new page is asked for after an upgrade",
    44: "axe finds nothing",
    45: "all of the composition by keyboard alone",
    46: "nothing moves for who wants that",
    47: "numbers have units",
    48: "a telephone is wide enough",
    49: "the policy forbids nothing that is needed",
    50: "the first view is small and soon there",
}
WITHOUT_PART = {34}
"""The street has no page yet."""
ELSEWHERE = {43: "tests/bus/test_dashboard.py"}
"""What needs no browser."""


def covered() -> Iterator[tuple[int, str]]:
    """Numbers, and the file that has a check of it; a check that is named by a number is one of this list."""
    for story in sorted(STORIES.glob("*.mjs")):
        for number in re.findall(r"check\(\s*['`]A-(\d\d) ", story.read_text()):
            yield int(number), story.name


def test_each_number_of_the_list_has_a_check() -> None:
    found: dict[int, set[str]] = {number: {place} for number, place in ELSEWHERE.items()}
    for number, place in covered():
        found.setdefault(number, set()).add(place)
    for number, what in LIST.items():
        print(f"A-{number:02} {what}: {', '.join(sorted(found.get(number, ()))) or 'no part of it yet'}")
    assert found.keys() == LIST.keys() - WITHOUT_PART, "each number is checked in ui/story, or its part is not there yet"
