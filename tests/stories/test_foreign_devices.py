"""Devices that are not ours, in Python and in JavaScript: they have the specification and a ticket, and are balanced like any other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.nginx import Nginx
from tests.real.raw import Raw
from tests.real.router import ROOT
from tests.stories.conftest import LiveFile
from tests.stories.homes import seals_in_memory, taken
from tests.stories.living import LivingHome, Refusal
from tests.stories.outsider import JAVASCRIPT, PYTHON, Outsider

EXAMPLE = ROOT / "examples/homes/foreign.yaml"
TICKS = 7_200


def native(folder: Path) -> Path:
    """The same home, where appliances of ours draw the same joules with the same priorities."""
    head, kettle = EXAMPLE.read_text().split("  kettle:\n")
    assert "power_watts: 1200, on_seconds: 600, period_seconds: 1800" in kettle
    assert "power_watts: 900, on_seconds: 300, period_seconds: 900" in kettle
    boils = [f'"{hour}:{minute:02}-{hour}:{minute + 10}"' for hour in (10, 11) for minute in (0, 30)]
    pumps = [f'"{hour}:{minute:02}-{hour}:{minute + 5:02}"' for hour in (10, 11) for minute in (0, 15, 30, 45)]
    path = folder / "native.yaml"
    path.write_text(
        f"{head}  kettle: {{kind: appliance, power_watts: 1200, shedding_priority: 2, timers: [{', '.join(boils)}]}}\n"
        f"  pump: {{kind: appliance, power_watts: 900, shedding_priority: 5, timers: [{', '.join(pumps)}]}}\n"
    )
    return path


@pytest.fixture
def foreign(live_file: LiveFile, store: Nginx) -> Iterator[LivingHome]:
    """The example, with nobody there yet."""
    home = live_file(EXAMPLE, "--speed", "600", "--for", "2h", "--models", store.url)
    home.start()
    home.wait_until(lambda: "waiting for kettle, pump" in home.said, "the home says for whom it waits", 120)
    yield home


@pytest.mark.slow
def test_two_foreign_devices_are_balanced_like_any_other(foreign: LivingHome, tmp_path: Path) -> None:
    assert "`joulebus device ticket kettle` prints what it needs to connect" in foreign.said
    outsiders = {name: Outsider(foreign, name, command) for name, command in (("kettle", PYTHON), ("pump", JAVASCRIPT))}
    try:
        foreign.wait_for_tick(1_500)
        for name, told in (("kettle", "a kettle in plain Python"), ("pump", "a pump in JavaScript")):
            assert foreign.ask(name, "describe")["summary"] == told
            assert foreign.ask(name, "state")["readings"]["taken_joules"] > 0
            assert foreign.ask(name, "get")["take_watts_max"] == 1_500
        for victim, command in (("kettle", PYTHON), ("pump", JAVASCRIPT)):
            outsiders[victim].kill()
            foreign.wait_until(lambda one=victim: foreign.ask("clock", "get")["waits_for"] == [one], f"time waits for {victim}")
            stood = foreign.ask("clock", "pause")["tick"]  # Else it would make up for the wait, and be over too soon.
            outsiders[victim] = Outsider(foreign, victim, command)
            foreign.wait_for_tick(stood + 1)
            foreign.ask("clock", "resume")
            foreign.wait_for_tick(stood + 600)
        foreign.ask("clock", "pause")
        impostor(foreign)
        foreign.kill9("crossbar")  # Both come back to the next one.
        foreign.wait_until(lambda: foreign.joulebus("clock", "resume").returncode == 0, "the home can be asked again")
        assert foreign.ended() == 0
    finally:
        for outsider in outsiders.values():
            outsider.kill()
    twin = native(tmp_path)
    assert foreign.seals() == seals_in_memory(twin, TICKS)
    assert len(foreign.seals()) == TICKS // 900
    joules = taken(foreign, "kettle")
    assert set(joules.values()) == {600, 1_200}, "the kettle is shed while the pump runs: 2500 W are not enough for all"
    assert {tick % 1_800 // 600 for tick in joules} == {0}


def impostor(home: LivingHome) -> None:
    """With the ticket of the kettle one speaks for the kettle only."""
    ticket = Path(home.running["tickets"]["kettle"]).read_text()
    stranger = Raw(home.running["guest_url"], f"{home.name}/kettle", ticket, serializer="json")
    for topic in ("pump.offered", "heater.offered", "inverter.settled", "home.list"):
        assert "not_authorized" in str(stranger.publish(f"joulebus.{home.name}.{topic}", {}))
    assert "not_authorized" in str(stranger.register(f"joulebus.{home.name}.pump.more"))
    assert "not_authorized" in str(stranger.call(f"joulebus.{home.name}.pump.set", power_watts=1))
    refused = stranger.call(f"joulebus.{home.name}.inverter.change", device="kettle", properties={"take_watts_max": 9_999})
    assert "kettle may only change its own settings; take_watts_max is set in the home file" in str(refused)
    for whose in ("pump", "home", "inverter"):
        assert not Raw(home.running["guest_url"], f"{home.name}/{whose}", ticket, serializer="json").present
    stranger.close()


@pytest.mark.slow
def test_a_person_sets_and_switches_a_foreign_device(live_file: LiveFile, store: Nginx) -> None:
    home = live_file(EXAMPLE, "--speed", "3600", "--models", store.url).start()
    home.wait_until(lambda: "waiting for kettle, pump" in home.said, "the home says for whom it waits", 120)
    outsiders = [Outsider(home, "kettle", PYTHON), Outsider(home, "pump", JAVASCRIPT)]
    try:
        home.wait_for_tick(300)
        for name, watts in (("kettle", 700), ("pump", 500)):
            home.joulebus("device", "set", name, f"power_watts={watts}").check_returncode()
        home.wait_for_tick(home.tick() + 2_400)
        assert {700, 500} <= {*taken(home, "kettle").values(), *taken(home, "pump").values()}
        off = home.ask("home", "switch", name="pump", on=False)["from_tick"]
        home.wait_for_tick(off + 1_800)
        on = home.ask("home", "switch", name="pump", on=True)["from_tick"]
        home.wait_for_tick(on + 1_800)
        assert not [tick for tick in taken(home, "pump") if off <= tick < on]
        assert [tick for tick in taken(home, "pump") if tick >= on]
        outsiders[1].kill()
        home.wait_until(lambda: home.ask("clock", "get")["waits_for"] == ["pump"], "time waits for the pump")
        stands = home.tick()
        assert home.ask("home", "switch", name="pump", on=False)["from_tick"] == stands, "nobody could start it again"
        home.wait_for_tick(stands + 1_800)
        with pytest.raises(Refusal, match="there is no device toaster"):
            home.ask("home", "remove", name="toaster")
        assert home.stop() == 0
    finally:
        for outsider in outsiders:
            outsider.kill()
