"""A home that is named in the environment, as one behind an Ingress or in a cluster is, and asked with the same commands."""

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from joulebus.provision.keys import TICKETS
from tests.stories.living import JOULEBUS, ROOT, LivingHome

SECONDS_MAX = 60
ANSWERS = {
    "clock get": '"tick": ',
    "call joulebus.room.home.health": '"ready": true',
    "device list": "room at tick ",
    "ps": "inverter",
    "export": "home: room",
    "audit room": "0 J missing",
    "plan --from-running room --days 1": "0 J missing",
    "history energy --every 1h": "sum",
}
NOT_FROM_AFAR = ("new x.yaml", "access list", "logs oven", "journal list", "setup-router")


def environment(room: LivingHome, folder: Path, **words: str) -> dict[str, str]:
    """Of a command on another machine: nothing of the home is in its folders."""
    ticket = room.books / TICKETS / "~owner"
    named = {"JOULEBUS_ROUTER": room.running["router"], "JOULEBUS_PRINCIPAL": "room/~owner", "JOULEBUS_TICKET_FILE": str(ticket)}
    return {**os.environ, "JOULEBUS_STATE": str(folder), "JOULEBUS_HOME": "room", "COLUMNS": "200", **named, **words}


def run(words: str, told: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([JOULEBUS, *words.split()], env=told, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS_MAX)


@pytest.mark.parametrize("words", ANSWERS)
def test_a_home_elsewhere_answers_as_one_that_is_here(room: LivingHome, tmp_path: Path, words: str) -> None:
    done = run(words, environment(room, tmp_path / "empty"))
    assert done.returncode == 0 and ANSWERS[words] in done.stdout, done.stderr
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize("words", NOT_FROM_AFAR)
def test_what_is_about_this_machine_is_refused(room: LivingHome, tmp_path: Path, words: str) -> None:
    done = run(words, environment(room, tmp_path))
    assert done.returncode == 2 and f"`joulebus {words.split()[0]}` is about this machine" in done.stderr


def test_what_is_missing_in_the_environment_is_named(room: LivingHome, tmp_path: Path) -> None:
    done = run("watch", environment(room, tmp_path, JOULEBUS_PRINCIPAL=""))
    assert done.returncode == 2 and "JOULEBUS_PRINCIPAL is missing" in done.stderr


def test_a_command_ends_when_its_router_has_a_name(room: LivingHome, tmp_path: Path) -> None:
    """A name is looked up in a thread, for which the interpreter waits when a command ends."""
    ticket = room.books / TICKETS / "~operator"
    router = f"ws://localhost:{urlsplit(room.running['guest_url']).port}/"
    told = environment(room, tmp_path, JOULEBUS_ROUTER=router, JOULEBUS_PRINCIPAL="room/~operator", JOULEBUS_TICKET_FILE=str(ticket))
    assert run("audit room", told).returncode == 0
