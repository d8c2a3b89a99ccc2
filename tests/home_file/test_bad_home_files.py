"""Whatever is wrong with a home file, the error says where, what was, and what to write instead."""

from pathlib import Path

import pytest

from joulebus.errors import HomeFileError
from joulebus.homefile.home_file import load_home_file
from tests.home_file.conftest import HEAD, Write

DEVICES = "devices:\n  "

SENTENCES = {
    "a misspelt property": (
        "oven: {kind: oven, wats: 2400}",
        'house.yaml:5: devices.oven.wats: unknown property of an oven; did you mean "power_watts"?',
    ),
    "an unheard-of property": (
        "sun: {kind: sun, flavour: 1}",
        "house.yaml:5: devices.sun.flavour: unknown property of a sun; known properties: irradiance_percent, position_shift_minutes",
    ),
    "another unit": (
        'oven: {kind: oven, power_watts: "2.4 kW"}',
        'house.yaml:5: devices.oven.power_watts: must be a whole number of W from 1 to 20000, but is "2.4 kW"; write 2400',
    ),
    "a unit of something else": (
        "oven: {kind: oven, power_watts: 2 kWh}",
        'house.yaml:5: devices.oven.power_watts: must be a whole number of W from 1 to 20000, but is "2 kWh"',
    ),
    "a negative capacity": (
        "battery: {kind: battery, capacity_kwh: -5}",
        "house.yaml:5: devices.battery.capacity_kwh: must be a number of kWh above 0 and at most 2500, but is -5",
    ),
    "a number with a point": (
        "oven: {kind: oven, power_watts: 2400.0}",
        "house.yaml:5: devices.oven.power_watts: must be a whole number of W from 1 to 20000, but is 2400.0; write 2400",
    ),
    "a yes": ("tv: {kind: tv, on: yes}", 'house.yaml:5: devices.tv.on: must be true or false, but is "yes"; write true'),
    "a word that is none of the choices": (
        "weather: {kind: weather, source: generatd}",
        'house.yaml:5: devices.weather.source: must be one of "file", "generated", "by_hand", but is "generatd"; did you mean "generated"?',
    ),
    "one where a list belongs": (
        "tv: {kind: tv, timers: 18:00-19:00}",
        "house.yaml:5: devices.tv.timers: must be a list, each text (local time, such as "
        '"22:00-06:30" or "Mon-Fri 07:00-09:00"), but is "18:00-19:00"; write ["18:00-19:00"]',
    ),
    "something inside of a list": (
        "geyser:\n    kind: geyser\n    draws:\n      - {at: '07:00', litres: 40}\n      - {at: '08:00', litres: 0}",
        "house.yaml:9: devices.geyser.draws.1.litres: must be a number of L above 0 and at most 1000, but is 0",
    ),
    "something left out of a list": (
        "geyser:\n    kind: geyser\n    draws:\n      - {litres: 40}",
        'house.yaml:8: devices.geyser.draws.0.at: must be given: text (local time, such as "18:30" or "Sat,Sun 10:00")',
    ),
    "an unknown kind": ("panel: {kind: pannel}", 'house.yaml:5: devices.panel.kind: unknown kind "pannel"; did you mean "panel"?'),
    "no kind": ("panel: {tilt_degrees: 30}", "house.yaml:5: devices.panel.kind: must be given: text"),
    "no device at all": ("panel: 5", "house.yaml:5: devices.panel: a device must be a mapping with its kind and properties, but is 5"),
    "two inverters": (
        "one: {kind: inverter}\n  two: {kind: inverter}",
        'house.yaml:6: devices.two: a home can have only one inverter, and "one" already is one; remove one of them',
    ),
    "two grids": (
        "one: {kind: grid}\n  two: {kind: grid}",
        'house.yaml:6: devices.two: a home can have only one grid, and "one" already is one; remove one of them',
    ),
    "a name that is taken": (
        "heat: {kind: tv}",
        'house.yaml:5: devices.heat: the name "heat" is reserved; call the device heat_1, for example',
    ),
    "a name that is none": (
        "Living-Room: {kind: tv}",
        "house.yaml:5: devices.Living-Room: a name must be a lower case letter, then at most 31 lower case letters, digits or _, "
        'but is "Living-Room"; write living_room',
    ),
    "an oven called inverter": (
        "inverter: {kind: oven}",
        'house.yaml:5: devices.inverter: only an inverter may be called "inverter"; call this device differently',
    ),
    "somebody heard who is not there": (
        "sun: {kind: sun}\n  weather: {kind: weather, hears: [son]}",
        'house.yaml:6: devices.weather.hears: there is no device "son" to hear; did you mean "sun"?',
    ),
    "a circle": (
        "a: {kind: tv, hears: [b]}\n  b: {kind: tv, hears: [c]}\n  c: {kind: tv, hears: [a]}",
        "house.yaml:5: devices.a.hears: a hears b, b hears c, c hears a: none of them could speak first; let one of them not hear the next",
    ),
    "somebody who hears itself": (
        "a: {kind: tv, hears: [a]}",
        "house.yaml:5: devices.a.hears: a hears a: none of them could speak first; let one of them not hear the next",
    ),
    "a file that is not there": (
        "weather: {kind: weather, source: file, file: sky.csv}",
        'house.yaml:5: devices.weather.file: there is no file "sky.csv", seen from the folder of the home file',
    ),
    "a key twice": (
        "tv: {kind: tv}\n  tv: {kind: oven}",
        "house.yaml:6: devices.tv: is defined twice (first on line 5); keep one",
    ),
}


@pytest.mark.parametrize(("devices", "sentence"), SENTENCES.values(), ids=SENTENCES.keys())
def test_a_bad_device_is_one_clear_sentence(devices: str, sentence: str, write: Write) -> None:
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(HEAD + DEVICES + devices + "\n"))
    assert str(error.value) == sentence


HEADS = {
    "a tick that does not divide the epoch": (
        "tick_seconds: 7",
        "house.yaml:4: tick_seconds: must divide 900 s evenly, but is 7; try 6 or 9",
    ),
    "a tick longer than an epoch": (
        "tick_seconds: 1800",
        "house.yaml:4: tick_seconds: must be a whole number of s from 1 to 900, but is 1800",
    ),
    "a misspelt word": ("sped: 1", 'house.yaml:4: sped: unknown property of a home; did you mean "speed"?'),
    "a speed of nought": ("speed: 0", 'house.yaml:4: speed: must be "flat_out" or a number above 0, but is 0'),
    "a misspelt speed": (
        "speed: flatout",
        'house.yaml:4: speed: must be "flat_out" or a number above 0, but is "flatout"; did you mean "flat_out"?',
    ),
    "a speed without end": ("speed: 1e999", 'house.yaml:4: speed: must be "flat_out" or a number above 0, but is "1e999"'),
    "a seed below nought": ("seed: -1", "house.yaml:4: seed: must be a whole number of at least 0, but is -1"),
}


@pytest.mark.parametrize(("line", "sentence"), HEADS.values(), ids=HEADS.keys())
def test_a_bad_head_is_one_clear_sentence(line: str, sentence: str, write: Write) -> None:
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(f"{HEAD}{line}\ndevices: {{tv: {{kind: tv}}}}\n"))
    assert str(error.value) == sentence


STARTS = {
    "2026-06-21T00:00:00": (
        "must say its offset from UTC, but is 2026-06-21T00:00:00; in America/New_York that is 2026-06-21T00:00:00-04:00"
    ),
    "2026-06-21T00:00:30-04:00": (
        "must lie on a whole tick of 60 s, but is 2026-06-21T00:00:30-04:00; write 2026-06-21T00:00:00-04:00"
    ),
    "tomorrow": (
        'must be "now", or a date and time with its offset from UTC such as 2026-06-21T00:00:00-04:00, but is "tomorrow"'
    ),
    "0001-01-01T00:00:00+00:00": (
        'must lie between the years 1971 and 2199, but is "0001-01-01T00:00:00+00:00"'
    ),
    "9999-06-21T00:00:00+02:00": (
        'must lie between the years 1971 and 2199, but is "9999-06-21T00:00:00+02:00"'
    ),
}  # fmt: skip


@pytest.mark.parametrize(("start", "sentence"), STARTS.items())
def test_a_bad_start_is_one_clear_sentence(start: str, sentence: str, write: Write) -> None:
    text = HEAD.replace("2026-06-21T00:00:00-04:00", start)
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(text + "tick_seconds: 60\ndevices: {tv: {kind: tv}}\n"))
    assert str(error.value) == f"house.yaml:3: start: {sentence}"


@pytest.mark.parametrize(("name", "meant"), [("My House", "my_house"), ("2nd Flat!", "nd_flat"), ("Haus-Süd", "haus_sud"), ("日本", "")])
def test_a_bad_name_of_a_home_is_told_a_good_one(name: str, meant: str, write: Write) -> None:
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(HEAD.replace("home: casa", f'home: "{name}"') + "devices: {tv: {kind: tv}}\n"))
    said = str(error.value)
    assert said.startswith("house.yaml:1: home: must be a name (lower case letters") and f'but is "{name}"' in said
    assert said.endswith(f"; write {meant}" if meant else f'"{name}"')


PLACES = {
    "latitude_degrees: 96.1, longitude_degrees: 0": (
        "place.latitude_degrees: must be a number of degrees from -90 to 90, but is 96.1"
    ),
    "latitude_degrees: 1": "place.longitude_degrees: must be given: a number of degrees from -180 to 180",
    "latitude_degrees: 1, longitude_degrees: 1, timezone: Brussels": (
        'place.timezone: must be the IANA name of a time zone, but is "Brussels"; did you mean "Europe/Brussels"?'
    ),
}  # fmt: skip


@pytest.mark.parametrize(("place", "sentence"), PLACES.items())
def test_a_bad_place_is_one_clear_sentence(place: str, sentence: str, write: Write) -> None:
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(f"home: casa\nplace: {{{place}}}\ndevices: {{tv: {{kind: tv}}}}\n"))
    assert str(error.value) == f"house.yaml:2: {sentence}"


TEXTS = {
    "": "house.yaml:1: a home file must be a mapping with home, place and devices, but is null",
    "- a\n- b\n": 'house.yaml:1: a home file must be a mapping with home, place and devices, but is ["a", "b"]',
    "home: casa\n  place: 1\n": "house.yaml:2: this is not YAML: "
    'there can be no ":" here; indent the line less, or put the value in quotes',
    "home: !!python/object:os.system casa\n": "house.yaml:1: a home file has no tags; remove tag:yaml.org,2002:python/object:os.system",
    "home: casa\n---\nhome: casa\n": "house.yaml:2: a home file must hold one document; remove the second ---",
    "[" * 1000 + "]" * 1000: "house.yaml:1: must not be nested deeper than 16 levels",
    "? {a: 1}\n: 2\n": "house.yaml:1: a key must be a plain word",
    "a: *b\n": "house.yaml:1: the alias *b refers to nothing defined before it; write the value out",
    "a: &a [*a]\n": "house.yaml:1: the alias *a refers to nothing defined before it; write the value out",
    "home: \x01\n": "house.yaml:1: this is not text: it holds a control character; remove it",
    "a: " + "x" * 2**20: "house.yaml: a home file must have at most 1048576 bytes, but has more",
}


@pytest.mark.parametrize(("text", "sentence"), TEXTS.items(), ids=range(len(TEXTS)))
def test_what_is_not_a_home_file_is_one_clear_sentence(text: str, sentence: str, write: Write) -> None:
    with pytest.raises(HomeFileError) as error:
        load_home_file(write(text))
    assert str(error.value) == sentence


def test_aliases_cannot_explode(write: Write) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
    )
    with pytest.raises(HomeFileError, match="house.yaml:5: a home file must hold at most 50000 values"):
        load_home_file(write(bomb))


def test_text_in_another_code_is_one_clear_sentence(write: Write) -> None:
    path = write("")
    path.write_bytes(b"home: casa\nplace: \xe9\n")
    with pytest.raises(HomeFileError) as error:
        load_home_file(path)
    assert str(error.value) == "house.yaml:2: must be text in UTF-8, but byte 18 is not; save it as UTF-8"


def test_a_file_that_is_not_there_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HomeFileError) as error:
        load_home_file("nowhere.yaml")
    assert str(error.value) == "nowhere.yaml cannot be read: it does not exist"


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_lines(write: Write) -> None:
    devices = (
        "devices:\n  oven: {kind: oven, wats: 1}\n  a: {kind: inverter, hears: [nobody]}\n  b: {kind: inverter, x: 1}\n  Tv: {kind: vt}\n"
    )
    with pytest.raises(HomeFileError) as error:
        load_home_file(write("tick_seconds: 7\nhome: 5\n" + devices + "place: here\nstart: never\n"))
    starts = [line.split(": ")[0:2] for line in str(error.value).splitlines()]
    assert [f"{where.split(':')[1]} {path}" for where, path in starts] == [
        "1 tick_seconds", "2 home", "4 devices.oven.wats", "5 devices.a.hears", "6 devices.b.x", "6 devices.b", "7 devices.Tv",
        "7 devices.Tv.kind", "8 place", "9 start",
    ]  # fmt: skip


def test_of_very_many_errors_the_first_are_said_and_the_rest_is_counted(tmp_path: Path) -> None:
    prices = "".join(f'      - {{since: "2026-01-01 00:{minute:02}", euro_per_kwh: x}}\n' for minute in range(60)) * 50
    file = tmp_path / "many.yaml"
    place = "place: {latitude_degrees: 50.85, longitude_degrees: 4.35}"
    file.write_text(f"home: many\n{place}\ndevices:\n  grid:\n    kind: grid\n    import_prices_from:\n{prices}")
    with pytest.raises(HomeFileError) as refused:
        load_home_file(file)
    lines = str(refused.value).splitlines()
    assert len(lines) == 21 and "3000 things are wrong; these are the first 20" in str(refused.value)
    file.write_text(f"home: many\n{place}\ndevices:\n  grid: {{kind: grid, import_prices_from: prices.csv}}\n")
    with pytest.raises(HomeFileError, match='is "prices.csv"$'):
        load_home_file(file)
