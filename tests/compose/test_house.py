"""A day of the house in containers has the seals of the house in memory; starting and stopping a container is a switch, a crash is none."""

import json
import subprocess

from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from tests.compose.conftest import ROOT, ComposeHome, until

HOUSE = ROOT / "examples/homes/house.yaml"
DAY_TICKS = 86_400
EPOCHS = 96
SEALS = """
from pathlib import Path
from joulebus.journal.file import Journal
from joulebus_schemas.journal import Committed
with Journal.view(Path("/var/lib/joulebus/journal.bin")) as journal:
    for _, record, _ in journal.read():
        if isinstance(record, Committed):
            for seal in record.seals:
                print(seal.hash)
"""


def seals_of(house: ComposeHome) -> list[str]:
    return house.compose("exec", "-T", "inverter", "python", "-c", SEALS).split()


def test_a_day_has_the_same_seals_with_a_device_and_the_router_killed(house: ComposeHome) -> None:
    house.compose("kill", "tv")
    house.compose("up", "--detach", "--no-deps", "tv")
    house.compose("restart", "--no-deps", "crossbar")
    until(lambda: len(seals_of(house)) >= EPOCHS)
    house.joulebus("clock", "pause")
    in_memory = [seal.hash for settled in Home.from_file(load_home_file(HOUSE)).live(DAY_TICKS) for seal in settled.seals]
    print(f"head of the day: {in_memory[EPOCHS - 1][:16]}")
    assert seals_of(house)[:EPOCHS] == in_memory


def test_stopping_a_container_switches_a_device_off_and_starting_it_on(house: ComposeHome) -> None:
    house.joulebus("clock", "speed", "60")
    house.joulebus("clock", "resume")
    house.compose("stop", "oven")
    off = until(lambda: not house.is_on("oven"))
    house.compose("up", "--detach", "--no-deps", "oven")
    on = until(lambda: house.is_on("oven"))
    print(f"the oven was off {off:.1f} s after its container was, and on {on:.1f} s after it")


def test_a_device_is_switched_on_the_bus_while_its_container_runs(house: ComposeHome) -> None:
    house.joulebus("device", "off", "computer")
    until(lambda: not house.is_on("computer"))
    house.joulebus("device", "on", "computer")
    assert house.is_on("computer")


def test_a_guest_of_the_machine_is_a_viewer(house: ComposeHome) -> None:
    house.joulebus("call", "joulebus.house.clock.get")
    assert house.joulebus("device", "list")


def test_no_secret_is_seen_from_outside(house: ComposeHome) -> None:
    secrets = house.compose("exec", "-T", "historian", "cat", "/run/joulebus/database/password", "/run/joulebus/ticket/ticket")
    containers = house.compose("ps", "--all", "--quiet").split()
    inspected = subprocess.run(["docker", "inspect", *containers], env=house.environment, capture_output=True, text=True, check=True).stdout
    logs = house.compose("logs", "--no-color")
    ticket = (house.folder / "ticket").read_text()
    assert len(json.loads(inspected)) == len(containers) > 20
    assert ticket not in inspected + logs and secrets[:43] not in inspected + logs and secrets[43:] not in inspected + logs


def test_the_audit_misses_nothing(house: ComposeHome) -> None:
    said = house.compose("exec", "-T", "inverter", "joulebus", "audit", "/var/lib/joulebus")
    assert "0 J" in said


def test_the_memory_of_all_is_bounded(house: ComposeHome) -> None:
    containers = house.compose("ps", "--quiet").split()
    words = ["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", *containers]
    lines = subprocess.run(words, env=house.environment, capture_output=True, text=True, check=True).stdout.splitlines()
    total = sum(float(line.split("MiB")[0]) for line in lines)
    print(f"memory of {len(lines)} containers: {total:.0f} MiB")
    assert total < 2_000
