"""What the pages tell people to type into wampc is typed, in a home of the name and devices that the pages speak of; all of it works."""

import html
import re
from pathlib import Path

from tests.stories.conftest import Live
from tests.stories.homes import CABIN
from tests.stories.living import LivingHome
from tests.stories.wampc import Wampc

PAGES = ("device", "inverter", "oven", "battery", "panel", "historian", "home")
"""The home comes last, because there one removes the oven."""


def hints(page: str) -> list[list[str]]:
    """The lines of each terminal on a page."""
    terminals = re.findall(r'<div class="terminal">(.*?)<button', page, re.DOTALL)
    return [[html.unescape(line) for line in re.findall(r"<code>(.*?)</code>", terminal)] for terminal in terminals]


ORDER = ("homes.copy", "homes.export", "homes.start", "homes.stop", "homes.delete", "whatif.start", "access.give", "access.revoke")
"""What leads to what: a home is copied before it is started, and so on; a run is there before it is asked for."""


def in_order(hint: list[str]) -> tuple[bool, int]:
    """The oven is removed last; what others need comes first."""
    call = ".".join(hint[0].split(".")[-2:])
    return call == "home.remove", ORDER.index(call) if call in ORDER else len(ORDER)


def states(house: LivingHome) -> dict[str, str]:
    """Of each home of the machine."""
    return {one["name"]: one["state"] for one in house.ask("homes", "list")["homes"]}


def test_every_hint_for_a_call_works_as_it_is_printed(live: Live, models: Path) -> None:
    house = live("house", CABIN.replace("  panel:", "  panel_south:"), "--speed", "60").up()
    found = [hint for name in PAGES for hint in hints((models / f"docs/{name}.html").read_text())]
    calls = [hint for hint in found if hint[0].startswith(".CALL ")]
    assert len(calls) > 25
    wampc = Wampc(house.link("admin"))
    for line, *typed in sorted(calls, key=in_order):
        if line.endswith((".homes.stop", ".homes.delete")):  # What was started a moment ago comes or goes first.
            wanted = "running" if line.endswith("stop") else "stopped"
            house.wait_until(lambda state=wanted: states(house).get("cottage") == state, f"the cottage is {wanted}")
        said = wampc.call_as_typed(line, *(typed or ["", ""]))
        assert "Result" in said or "{" in said, (line, typed, said)
        assert "joulebus.error" not in said and "wamp.error" not in said, (line, typed, said)
    wampc.close()
    assert {".SUB joulebus.house.inverter.settled", ".SUB joulebus.house.oven.reported"} <= {hint[0] for hint in found}
    assert house.stop() == 0
