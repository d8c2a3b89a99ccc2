"""A home is changed while it lives, with wampc and with the command line: each answer names its tick, and the joules agree."""

import json
import re
from pathlib import Path

import pytest

from joulebus.homefile.home_file import HomeFile, load_home_file
from tests.stories.conftest import Live
from tests.stories.homes import CABIN, ROOM, TV, replayed, taken
from tests.stories.living import LivingHome, Refusal
from tests.stories.wampc import Wampc

ANSWERS = {
    # procedure           arguments                                  what the screen says
    "oven.describe": ({}, "kind: 'oven',.*summary: 'an oven with thermostat and timers'.*'joulebus.cabin.oven.state'"),
    "oven.get": ({}, "power_watts: 2400,.*setpoint_celsius: 200,"),
    "oven.state": ({}, "tick: \\d+,.*heat_microjoules: \\d+.*temperature_millicelsius: \\d+"),
    "oven.set": ({"setpoint_celsius": 180}, "device: 'oven',.*from_tick: \\d+,.*setpoint_celsius: 180,"),
    "inverter.describe": ({}, "kind: 'inverter'.*'joulebus.cabin.inverter.set'"),
    "inverter.get": ({}, "rating_watts: 3000"),
    "inverter.set": ({"reserve_percent": 30}, "device: 'inverter',.*from_tick: \\d+,"),
    "inverter.state": ({}, "tick: \\d+,.*readings: "),
    "inverter.balance": ({}, "balances: {.*battery: \\d+"),
    "home.list": ({}, "home: 'cabin',.*tick: \\d+,.*oven: { kind: 'oven', on: true"),
    "home.kinds": ({}, "battery: 'a battery with limits"),
    "home.kind": ({"kind": "battery"}, "label: 'Battery',.*category: 'battery',.*icon: 'battery-high'"),
    "screen.snapshot": ({}, "sky: {.*elevation_udeg: -?\\d+.*import_micro_euro_per_kwh: 300000"),
    "home.add": (
        {"name": "heater", "kind": "appliance", "properties": {"power_watts": 700}},
        "device: 'heater', from_tick: \\d+,.* on: true",
    ),
    "heater.get": ({}, "power_watts: 700"),
    "home.hear": ({"name": "heater", "hears": ["sun"]}, "device: 'heater', from_tick: \\d+,.* on: true"),
    "heater.describe": ({}, "hears: \\[ 'sun' \\]"),
    "home.switch": ({"name": "heater", "on": False}, "device: 'heater', from_tick: \\d+,.* on: false"),
    "home.remove": ({"name": "heater"}, "device: 'heater', from_tick: \\d+"),
    "home.export": ({}, "yaml: 'home: cabin.*setpoint_celsius: 180"),
    "clock.get": ({}, "tick: \\d+,.*speed: 60,.*paused: false"),
    "clock.pause": ({}, "paused: true"),
    "clock.step": ({"ticks": 10}, "paused: true"),
    "clock.speed": ({"speed": 120}, "speed: 120,.*paused: true"),
    "clock.resume": ({}, "paused: false"),
}

REFUSED = {
    # procedure, arguments                                        what the screen says
    ("oven.set", '{"setpoint_celsius": "hot"}'): 'oven.setpoint_celsius: must be a number of °C from 30 to 320, but is "hot"',
    ("oven.set", '{"setpoint_celsius": 4000}'): "oven.setpoint_celsius: must be ",
    ("oven.set", '{"setpoint_celcius": 100}'): "setpoint_celsius",
    ("inverter.set", '{"reserve_percent": 101}'): "inverter.reserve_percent: must be ",
    ("oven.get", '{"all": true}'): "all: unknown property of a message; known properties: none",
    ("home.kind", '{"kind": "kettle"}'): "there is no kind kettle; the kinds are",
    ("home.add", '{"name": "heater"}'): "kind: must be given: a name",
    ("home.add", '{"name": "oven", "kind": "oven"}'): "the name oven is taken",
    ("home.add", '{"name": "guest", "kind": "oven"}'): 'the name "guest" is reserved; choose another',
    ("home.add", '{"name": "market", "kind": "appliance"}'): 'the name "market" is reserved; choose another',
    ("home.add", '{"name": "Über", "kind": "oven"}'): 'name: must be a name (a name that is free in this home), but is "Über"; write uber',
    ("home.add", '{"name": "kettle", "kind": "kettle"}'): 'unknown kind "kettle"; known kinds: appliance, baseload,',
    ("home.add", '{"name": "other", "kind": "grid"}'): "a home can have only one grid, and cabin already has one",
    ("home.add", '{"name": "lamp", "kind": "lights", "hears": ["nobody"]}'): "there is no device nobody in cabin; its devices: sun, panel,",
    ("home.add", '{"name": "lamp", "kind": "lights", "properties": {"power_watts": -1}}'): "lamp.power_watts: must be ",
    ("home.hear", '{"name": "oven", "hears": ["nobody"]}'): "there is no device nobody in cabin",
    ("home.hear", '{"name": "oven", "hears": ["oven"]}'): "oven hears oven: none of them could speak first",
    ("home.hear", '{"name": "panel", "hears": []}'): "panel",
    ("home.hear", '{"name": "sun", "hears": []}'): "sun is heard by panel: remove them first",
    ("home.hear", '{"name": "inverter", "hears": ["sun"]}'): "the inverter keeps the balance of the home",
    ("home.remove", '{"name": "sun"}'): "sun is heard by panel: remove them first, or switch sun off",
    ("home.remove", '{"name": "inverter"}'): "the inverter keeps the balance of the home: it cannot be switched off or removed",
    ("home.switch", '{"name": "nobody", "on": false}'): "there is no device nobody in cabin",
    ("home.switch", '{"name": "oven", "on": true}'): "oven is switched on already",
    ("clock.speed", '{"speed": 0}'): "speed",
    ("clock.step", '{"ticks": 0}'): "ticks: must be a whole number",
}


def test_everything_works_from_wampc_with_keyword_arguments(live: Live) -> None:
    cabin = live("cabin", CABIN, "--speed", "60").up()
    wampc = Wampc(cabin.link("admin"))
    for (procedure, words), sentence in REFUSED.items():
        said = wampc.call(f"joulebus.cabin.{procedure}", **json.loads(words))
        assert re.search(r"Error: joulebus\.error\.(invalid|refused): ", said) and sentence in said, (procedure, words, said)
    assert cabin.changes() == []
    for procedure, (arguments, answer) in ANSWERS.items():
        said = wampc.call(f"joulebus.cabin.{procedure}", **arguments)  # type: ignore[arg-type]
        assert re.search("RES> .*" + answer, said, re.DOTALL), (procedure, said)
    wampc.close()
    assert {change.device for change in cabin.changes()} == {"oven", "inverter", "heater"}


def from_tick(said: str) -> int:
    """Of the answer, in the words of whoever printed it."""
    found = re.search(r'"?from_tick"?: (\d+)', said)
    assert found, said
    return int(found[1])


@pytest.mark.slow
def test_at_real_time_joules_begin_and_end_at_the_ticks_of_the_answers(live: Live) -> None:
    room = live("room", ROOM, "--speed", "1").up()
    wampc = Wampc(room.link("admin"))
    begins = from_tick(wampc.call("joulebus.room.home.add", name="kettle", kind="appliance", properties={"power_watts": 2000}))
    room.wait_for_tick(begins + 2)
    sets = from_tick(wampc.call("joulebus.room.kettle.set", power_watts=1500))
    room.wait_for_tick(sets + 2)
    off = from_tick(wampc.call("joulebus.room.home.switch", name="kettle", on=False))
    room.wait_for_tick(off + 2)
    assert "kettle" not in room.pids()
    on = from_tick(wampc.call("joulebus.room.home.switch", name="kettle", on=True))
    room.wait_for_tick(on + 2)
    ends = from_tick(wampc.call("joulebus.room.home.remove", name="kettle"))
    room.wait_for_tick(ends + 2)
    wampc.close()
    assert begins < sets < off < on < ends
    spans = {range(begins, sets): 2000, range(sets, off): 1500, range(on, ends): 1500}
    assert taken(room, "kettle") == {tick: joules for span, joules in spans.items() for tick in span}
    assert room.stop() == 0
    assert room.seals() == replayed(room)


def test_whom_a_device_hears_is_answered_listed_and_exported_and_the_joules_agree(live: Live, tmp_path: Path) -> None:
    cabin = live("cabin", CABIN, "--speed", "300").up()
    admin, guest = Wampc(cabin.link("admin")), Wampc(cabin.running["guest_url"])
    assert "wamp.error.not_authorized" in guest.call("joulebus.cabin.home.hear", name="oven", hears=["sun"])
    said = admin.call("joulebus.cabin.home.hear", name="oven", hears=["sun"])
    hears = from_tick(said)
    assert re.search("RES> .*device: 'oven', from_tick: \\d+,.* on: true", said, re.DOTALL), said
    assert "hears: [ 'sun' ]" in admin.call("joulebus.cabin.oven.describe")
    assert as_file(cabin, tmp_path).members["oven"].hears == ("sun",)
    cabin.wait_for_tick(hears + 120)
    hears_nobody = from_tick(admin.call("joulebus.cabin.home.hear", name="oven", hears=[]))
    assert hears_nobody > hears and as_file(cabin, tmp_path).members["oven"].hears == ()
    cabin.wait_for_tick(hears_nobody + 900)
    admin.close()
    guest.close()
    assert cabin.stop() == 0
    assert cabin.seals() and cabin.seals() == replayed(cabin)


def as_file(home: LivingHome, folder: Path) -> HomeFile:
    """What ``joulebus export`` prints, read as a home file."""
    path = folder / "exported.yaml"
    path.write_text(home.joulebus("export").stdout)
    return load_home_file(path)


@pytest.mark.slow
def test_flat_out_the_command_line_changes_and_exports_a_home(live: Live, tmp_path: Path) -> None:
    room = live("room", ROOM + TV, "--speed", "flat_out", "--window-seconds", "60").up()
    assert as_file(room, tmp_path).members == load_home_file(room.file).members

    def answer(*words: str) -> int:
        done = room.joulebus(*words)
        assert done.returncode == 0, done.stderr
        return from_tick(done.stdout)

    begins = answer("device", "add", "kettle", "appliance", "power_watts=2000")
    sets = answer("device", "set", "kettle", "power_watts=1500")
    off = answer("device", "off", "kettle")
    on = answer("device", "on", "kettle")
    exported = as_file(room, tmp_path)
    assert exported.members["kettle"].properties["power_watts"] == 1500
    assert {name: member for name, member in exported.members.items() if name != "kettle"} == load_home_file(room.file).members
    ends = answer("device", "remove", "kettle")
    assert as_file(room, tmp_path).members == load_home_file(room.file).members
    assert room.joulebus("clock", "pause").returncode == 0
    spans = {range(begins, sets): 2000, range(sets, off): 1500, range(on, ends): 1500}
    assert taken(room, "kettle") == {tick: joules for span, joules in spans.items() for tick in span}
    assert room.stop() == 0
    assert room.seals() == replayed(room)


@pytest.mark.slow
def test_a_paused_home_takes_any_number_of_changes_and_forgets_none(live: Live) -> None:
    room = live("room", ROOM, "--speed", "60").up()
    room.ask("clock", "pause")
    for percent in range(1, 21):
        room.ask("inverter", "set", reserve_percent=percent)
    room.ask("heater", "set", power_watts=1234)
    room.ask("heater", "set", shedding_priority=7)
    off = room.ask("home", "switch", name="heater", on=False)
    on = room.ask("home", "switch", name="heater", on=True)
    assert off["from_tick"] == on["from_tick"]
    room.ask("home", "add", name="kettle", kind="appliance", properties={"power_watts": 500})
    assert room.ask("home", "list")["devices"]["kettle"]["on"]
    room.ask("home", "remove", name="kettle")
    with pytest.raises(Refusal, match="there is no device kettle in room"):
        room.ask("home", "switch", name="kettle", on=True)
    room.ask("clock", "speed", speed=600)
    room.ask("clock", "resume")
    room.wait_for_tick(on["from_tick"] + 1_000)
    properties = room.ask("heater", "get")
    assert (properties["power_watts"], properties["shedding_priority"]) == (1234, 7)
    assert room.ask("inverter", "get")["reserve_percent"] == 20
    assert set(taken(room, "heater").values()) == {1000, 1234}
    assert room.stop() == 0
    assert room.seals() == replayed(room)


def test_the_command_line_says_what_is_wrong_in_one_sentence(room: LivingHome) -> None:
    for words, code, sentence in (
        (("device", "set", "heater", "power_watts=much"), 2, "heater.power_watts: must be a number of W"),
        (("device", "get", "nobody"), 2, "there is no device nobody in room; its devices are"),
        (("device", "add", "x", "kettle"), 2, 'unknown kind "kettle"'),
        (("device", "set", "heater", "power_watts"), 2, 'an argument must be key=value, but "power_watts" is not'),
        (("clock", "get", "--home", "palace"), 3, "the home palace must be running, but none is in"),
    ):
        done = room.joulebus(*words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1)
        assert done.stderr.startswith(f"joulebus: {sentence}"), done.stderr
