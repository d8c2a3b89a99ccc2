"""People, programs and foreign devices come to a home in a cluster from outside, and see in it what they would see of one that is here."""

import base64
import json
import os
import pty
import select
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from joulebus.cli.clusters import forwarded
from tests.bus.test_rights import was_refused
from tests.cluster.conftest import CABIN, Installed
from tests.cluster.living import PodHome
from tests.real.raw import Raw
from tests.real.reactor import until
from tests.real.router import ROOT, wait_until
from tests.stories.homes import taken, write_home
from tests.stories.living import JOULEBUS

READ_BYTES = 65_536
ENDS_OF_WATCH = (0, 130)
"""Ctrl-C ends it in order, as a shell sees it."""
PEOPLE, PAGES = ("service/house-router", 8080), ("service/house-web", 8080)


@pytest.fixture(scope="module")
def cabin(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> PodHome:
    """The cabin, with the specification beside it."""
    file = write_home(tmp_path_factory.mktemp("file"), "cabin", CABIN)
    return installed(file, "k-people", clock_speed="60", web_enabled="true")


def said(home: PodHome, *words: str) -> str:
    """What a command prints."""
    done = home.joulebus(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ticket_in(home: PodHome, secret: str) -> str:
    """As who may read Secrets sees it."""
    return base64.b64decode(json.loads(home.kubectl("get", "secret", secret, "-o", "json"))["data"]["ticket"]).decode()


def comes(port: int, name: str, ticket: str) -> Raw:
    """Somebody who signs in; the router is told of new ones within a moment."""
    found: list[Raw] = []

    def is_in() -> bool:
        found.append(Raw(f"ws://127.0.0.1:{port}/", f"cabin/{name}", ticket, serializer="json"))
        return found[-1].present

    wait_until(is_in, f"{name} comes in", 20)
    return found[-1]


def test_somebody_is_given_access_and_loses_it(cabin: PodHome) -> None:
    added = json.loads(said(cabin, "access", "add", "anna", "--role", "operator"))
    assert added == {"principal": "cabin/~anna", "ticket_secret": "house-person-anna-ticket"}
    assert cabin.joulebus("access", "add", "anna").returncode == 2
    with forwarded(cabin.namespace, *PEOPLE) as port:
        anna = comes(port, "~anna", ticket_in(cabin, "house-person-anna-ticket"))
        assert not was_refused(anna.call("joulebus.cabin.home.switch", name="nobody", on=True))
        assert was_refused(anna.call("joulebus.cabin.home.remove", name="tv"))
        said(cabin, "access", "rotate", "anna")
        until(lambda: not anna.present, "who came with the ticket before is put out", 20)
    with forwarded(cabin.namespace, *PEOPLE) as port:  # kubectl gives up a forward whose other end hangs up.
        again = comes(port, "~anna", ticket_in(cabin, "house-person-anna-ticket"))
        rows = {row["name"]: row["role"] for row in json.loads(said(cabin, "access", "list", "--json"))}
        assert rows == {"anna": "operator", "owner": "admin"}
        said(cabin, "access", "revoke", "anna")
        until(lambda: not again.present, "who has lost access is put out", 20)
    assert [one for one in cabin.objects("secrets") if one["metadata"]["name"] == "house-person-anna-ticket"] == []
    assert "has no access to cabin; those who have: owner" in cabin.joulebus("access", "revoke", "anna").stderr


def test_who_changed_what_is_listed(cabin: PodHome) -> None:
    said(cabin, "device", "set", "tv", "power_watts=120")
    [change] = json.loads(said(cabin, "access", "log", "--json", "--most", "1"))
    assert (change["by"]["principal"], change["by"]["call"]) == ("cabin/~owner", "joulebus.cabin.tv.set")


def test_a_link_leads_to_the_dashboard_and_in(cabin: PodHome) -> None:
    asked = cabin.joulebus("access", "link", "screen", "--role", "viewer", "--page")
    page = urlsplit(asked.stdout.strip())
    assert page.netloc == "127.0.0.1:8080" and "kubectl port-forward --namespace k-people service/house-router 8080" in asked.stderr
    with forwarded(cabin.namespace, *PEOPLE) as port:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            text = answer.read().decode()
            assert "<jb-root" in text and "default-src 'none'" in answer.headers["Content-Security-Policy"]
        screen = Raw(f"ws://127.0.0.1:{port}/{page.fragment}", serializer="json")
        assert screen.present and not was_refused(screen.call("joulebus.cabin.clock.get"))
        assert was_refused(screen.call("joulebus.cabin.clock.pause"))
        screen.close()


def test_what_a_part_says_can_be_read(cabin: PodHome) -> None:
    assert len(said(cabin, "logs", "supervisor", "--tail", "1").splitlines()) == 1
    assert "holds the lease" in said(cabin, "logs", "supervisor")
    assert (
        "there are logs of battery, crossbar, grid, historian, inverter, oven, screen, supervisor, tv"
        in cabin.joulebus("logs", "lamp").stderr
    )


def test_a_home_in_a_cluster_is_watched(cabin: PodHome) -> None:
    terminal, end = pty.openpty()
    words = [JOULEBUS, "--namespace", cabin.namespace, "watch"]
    watching = subprocess.Popen(words, stdin=end, stdout=end, stderr=end, env=os.environ | {"TERM": "xterm", "COLUMNS": "100"})
    os.close(end)
    drawn = bytearray()

    def shows_a_device() -> bool:
        if select.select([terminal], [], [], 0)[0]:
            drawn.extend(os.read(terminal, READ_BYTES))
        return b"battery" in drawn and b"grid" in drawn

    try:
        wait_until(shows_a_device, "the view shows the devices", 60)
        watching.send_signal(signal.SIGINT)
        assert watching.wait(30) in ENDS_OF_WATCH
    finally:
        watching.kill()
        os.close(terminal)


@pytest.mark.parametrize("part", ["oven", "crossbar", "historian", "inverter", "screen"])
def test_each_part_can_be_restarted_and_time_goes_on(cabin: PodHome, part: str) -> None:
    label = {"crossbar": "router", "inverter": "hub", "oven": "device"}.get(part, part)
    known = {one["metadata"]["uid"] for one in cabin.pods_in(label)}
    said(cabin, "restart", part)
    tick = cabin.seconds_until(lambda: {one["metadata"]["uid"] for one in cabin.pods_in(label)} - known, "another pod is there")
    print(f"\n{part}: another pod after {tick:.1f} s")
    cabin.wait_until(lambda: cabin.joulebus("clock", "get").returncode == 0, "the home can be asked")
    cabin.wait_for_tick(cabin.tick() + 60)


def test_the_supervisor_does_not_restart_itself(cabin: PodHome) -> None:
    assert "the supervisor cannot restart itself" in cabin.joulebus("restart", "supervisor").stderr


def test_a_foreign_device_comes_from_outside_with_its_ticket(cabin: PodHome, tmp_path: Path) -> None:
    words = [JOULEBUS, "--namespace", cabin.namespace]
    adding = subprocess.Popen([*words, "device", "add", "kettle", "foreign", "take_watts_max=1500"], stdout=subprocess.PIPE, text=True)
    cabin.wait_until(lambda: "house-device-kettle-ticket" in cabin.kubectl("get", "secrets"), "it has a ticket", 30)
    asked = subprocess.run([*words, "device", "ticket", "kettle"], cwd=tmp_path, capture_output=True, text=True, check=True)
    given = dict(shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in asked.stdout.splitlines())
    assert given["JOULEBUS_TICKET_FILE"] == str(tmp_path / "cabin-kettle.ticket") and "port-forward" in asked.stderr
    with forwarded(cabin.namespace, *PEOPLE) as port, forwarded(cabin.namespace, *PAGES) as pages:
        told = {
            "PATH": os.environ["PATH"],
            **given,
            "JOULEBUS_URL": f"ws://127.0.0.1:{port}/",
            "JOULEBUS_MODELS": f"http://127.0.0.1:{pages}/",
        }
        with (tmp_path / "said").open("wb") as log:
            kettle = subprocess.Popen([sys.executable, str(ROOT / "examples/foreign_device.py")], env=told, stdout=log, stderr=log)
        try:
            assert adding.wait(60) == 0, (tmp_path / "said").read_text()
            tick = cabin.tick()
            cabin.wait_for_tick(tick + 1_800)
            assert max(taken(cabin.books(), "kettle").values()) == 1_200
            said(cabin, "device", "remove", "kettle")
        finally:
            kettle.kill()
            kettle.wait()
    assert cabin.replicas("kettle") is None, "nobody has made a pod for it"
    cabin.nothing_is_missing()
