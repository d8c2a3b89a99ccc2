"""A day of the house in containers has the seals of the house in memory; starting and stopping a container is a switch, a crash is none."""

import json

from joulebus.home.round import Home
from joulebus.homefile.home_file import load_home_file
from tests.compose.living import AUDIT_AT_REST, NOT_HERE, ComposeHome, until
from tests.real.router import ROOT

HOUSE = ROOT / "examples/homes/house.yaml"
DAY_TICKS = 86_400
EPOCHS = 96
ONCE = {"tickets", "books"}
MEBIBYTE = 1 << 20
PLAIN_DEVICES = ("battery", "computer", "dishwasher", "fridge", "geyser", "grid", "oven", "tv", "washing_machine")
"""Without a sky to compute."""


def test_a_day_has_the_same_seals_with_a_device_and_the_router_killed(house: ComposeHome) -> None:
    house.compose("kill", "tv")
    house.compose("up", "--detach", "--no-deps", "tv")
    house.compose("restart", "--no-deps", "crossbar")
    until(lambda: len(house.seals()) >= EPOCHS)
    house.joulebus("clock", "pause")
    in_memory = [seal.hash for settled in Home.from_file(load_home_file(HOUSE)).live(DAY_TICKS) for seal in settled.seals]
    print(f"head of the day: {in_memory[EPOCHS - 1][:16]}")
    assert house.seals()[:EPOCHS] == in_memory


def test_stopping_a_container_switches_a_device_off_and_starting_it_on(house: ComposeHome) -> None:
    house.joulebus("clock", "speed", "60")
    house.joulebus("clock", "resume")
    house.compose("stop", "oven")
    off = until(lambda: not house.is_on("oven"))
    house.compose("start", "oven")
    on = until(lambda: house.is_on("oven"))
    print(f"the oven was off {off:.1f} s after its container was, and on {on:.1f} s after it")


def test_scaling_a_service_is_the_same_switch(house: ComposeHome) -> None:
    house.compose("up", "--detach", "--no-recreate", "--scale", "oven=0", *house.services())
    until(lambda: not house.is_on("oven"))
    house.compose("up", "--detach", "--no-recreate", "--scale", "oven=1", *house.services())
    until(lambda: house.is_on("oven"))


def test_a_device_is_switched_on_the_bus_while_its_container_runs(house: ComposeHome) -> None:
    house.joulebus("device", "off", "computer")
    until(lambda: not house.is_on("computer"))
    house.joulebus("device", "on", "computer")
    assert house.is_on("computer")


def test_after_a_restart_of_all_containers_everybody_is_on_who_was(house: ComposeHome) -> None:
    before = house.tick()
    roster = {name: one["on"] for name, one in house.balance()["roster"].items()}
    house.compose("restart", "--timeout", "20", *set(house.services()) - ONCE)
    again = house.goes_on(before)
    print(f"time went on {again:.0f} s after all containers were restarted")
    # Compose ends a device before the home, which it therefore asks: it is off until it is back.
    until(lambda: {name: one["on"] for name, one in house.balance()["roster"].items()} == roster)


def test_the_whole_house_stops_and_starts_again(house: ComposeHome) -> None:
    before = house.tick()
    roster = {name: one["on"] for name, one in house.balance()["roster"].items()}
    house.compose("stop", "--timeout", "25")
    assert "0 J missing" in house.compose(*AUDIT_AT_REST)
    house.compose("start", *set(house.services()) - ONCE)
    again = house.goes_on(before)
    print(f"time went on {again:.0f} s after all containers were started")
    assert {name: one["on"] for name, one in house.balance()["roster"].items()} == roster


def test_every_container_is_confined_watched_and_restarted(house: ComposeHome) -> None:
    found = {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in house.inspected()}
    assert found.keys() == set(house.services())
    until(lambda: all(one["State"].get("Health", {}).get("Status", "healthy") == "healthy" for one in house.inspected()))
    for name, one in found.items():
        limits, state = one["HostConfig"], one["State"]
        assert 0 < limits["Memory"] <= 512 * MEBIBYTE and limits["PidsLimit"] == 128, name
        assert limits["ReadonlyRootfs"] and limits["CapDrop"] == ["ALL"] and not limits["Privileged"], name
        assert limits["RestartPolicy"]["Name"] == ("no" if name in ONCE else "unless-stopped"), name
        assert ("Health" in state) == (name not in ONCE) and state["ExitCode"] == 0, name
        assert limits["LogConfig"]["Config"]["max-size"] == "1m", name


def test_nothing_listens_beyond_loopback(house: ComposeHome) -> None:
    published = [place for one in house.inspected() for places in one["NetworkSettings"]["Ports"].values() for place in places or ()]
    ports = {str(port) for port in range(house.first_port, house.first_port + 3)}
    assert {place["HostPort"] for place in published} == ports
    assert {place["HostIp"] for place in published} == {"127.0.0.1"}


def test_no_secret_is_seen_from_outside(house: ComposeHome) -> None:
    files = ("/run/joulebus/database/password", "/run/joulebus/ticket/ticket")
    secrets = [house.compose("exec", "-T", "historian", "cat", file) for file in files]
    secrets += [house.compose("exec", "-T", "web", "cat", "/run/joulebus/proxy/secret"), (house.folder / "ticket").read_text()]
    seen = json.dumps(house.inspected()) + house.compose("logs", "--no-color") + house.compose("config")
    assert len(house.inspected()) == len(house.services()) > 20 and NOT_HERE.isdisjoint(house.services())
    assert [len(secret) for secret in secrets] == [43] * 4 and not [secret for secret in secrets if secret in seen]


def test_the_audit_misses_nothing(house: ComposeHome) -> None:
    said = house.compose("exec", "-T", "inverter", "joulebus", "audit", "/var/lib/joulebus")
    assert "0 J" in said


def test_a_device_takes_at_most_80_megabytes_and_all_together_are_bounded(house: ComposeHome) -> None:
    containers = house.compose("ps", "--quiet").split()
    lines = house.docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", *containers).splitlines()
    used = {line.split("-")[3]: float(line.split()[1].removesuffix("MiB")) * MEBIBYTE / 1e6 for line in lines}
    print(f"memory of {len(lines)} containers: {sum(used.values()):.0f} MB, the oven's {used['oven']:.0f} MB")
    assert sum(used.values()) < 2_000
    assert {name: used[name] for name in PLAIN_DEVICES if used[name] > 80} == {}
