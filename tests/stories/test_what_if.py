"""What-if runs beside a living home: it goes on, its seals stay what they are, and nobody can drown it."""

import os
import signal
from typing import Any

import pytest

from tests.stories.conftest import Live
from tests.stories.homes import CABIN, replayed
from tests.stories.living import LivingHome, Refusal, children
from tests.stories.wampc import Wampc

BIGGER = {"label": "<img src=x onerror=alert(1)>", "changes": {"battery.capacity_kwh": 20}}
LONG = {"days": 366.0, "variants": [{"label": f"v{number}", "changes": {"battery.capacity_kwh": number + 1}} for number in range(7)]}


def over(home: LivingHome, run: str) -> Any:
    """The run, once it is over."""
    home.wait_until(lambda: home.ask("whatif", "get", run=run)["state"]["state"] not in ("queued", "running"), f"{run} is over")
    return home.ask("whatif", "get", run=run)


def errands(home: LivingHome) -> list[int]:
    """The processes of its runs."""
    return [pid for pid in children(home.running["pid"]) if b"joulebus.services.errand" in _command(pid)]


def _command(pid: int) -> bytes:
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()


def test_a_what_if_beside_a_living_home_leaves_its_seals_as_they_are(live: Live) -> None:
    cabin = live("cabin", CABIN, "--speed", "600").up()
    heard = cabin.listen("whatif", "changed")
    session = Wampc(str(cabin.running["operator_url"]))
    try:
        assert "state: 'running'" in session.call("joulebus.cabin.whatif.start", variants=[BIGGER], days=3.0)
        found = over(cabin, "w1")
        assert "label: '<img src=x onerror=alert(1)>'" in session.call("joulebus.cabin.whatif.get", run="w1")
        assert "there is no run w7; there are w1" in session.call("joulebus.cabin.whatif.get", run="w7")
        assert "may name no files" in session.call(
            "joulebus.cabin.whatif.start", variants=[{"label": "x", "changes": {"grid.import_prices_file": "/etc/passwd"}}]
        )
    finally:
        session.close()
    assert found["state"]["state"] == "done" and [one["error"] for one in found["variants"]] == [None, None]
    cabin.hear(lambda: heard and heard[-1][0][0]["state"] == "done", "its progress was told")
    tick = cabin.tick()
    cabin.wait_for_tick(tick + 1_800)
    cabin.ask("clock", "pause")
    assert cabin.changes() == [] and cabin.seals() and cabin.seals() == replayed(cabin)


def test_runs_are_few_and_a_cancelled_one_ends_at_once(live: Live) -> None:
    cabin = live("cabin", CABIN, "--speed", "60").up()
    names = [cabin.ask("whatif", "start", **LONG)["run"] for _ in range(4)]
    with pytest.raises(Refusal, match="at most 3 runs may wait in cabin"):
        cabin.ask("whatif", "start", **LONG)
    cabin.wait_until(lambda: len(errands(cabin)) == 1, "one of them is lived")
    tick = cabin.tick()
    cabin.wait_until(lambda: cabin.tick() > tick + 60, "the home goes on beside it")
    for name in reversed(names):
        assert cabin.ask("whatif", "cancel", run=name)["state"] == "cancelled"
    cabin.wait_until(lambda: errands(cabin) == [], "nothing of them is left")
    assert {one["state"] for one in cabin.ask("whatif", "list")["runs"]} == {"cancelled"}
    cabin.ask("whatif", "start", **LONG)
    cabin.wait_until(lambda: len(errands(cabin)) == 1, "another one is lived")
    last = errands(cabin)
    os.kill(cabin.running["pid"], signal.SIGKILL)
    cabin.wait_until(lambda: not any(_is_errand(pid) for pid in last), "it ends with the home")


def _is_errand(pid: int) -> bool:
    try:
        return b"joulebus.services.errand" in _command(pid)
    except OSError:
        return False
