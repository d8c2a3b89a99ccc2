"""One question from a command: answered, refused in our words, or given up with Ctrl-C, and nothing is left of it."""

import signal
import subprocess
import sys

import pytest

from joulebus.bus.timers import answer_later
from joulebus_schemas.calls import AskDevice
from joulebus_schemas.rounds import Kept
from tests.bus.conftest import BASE, RealWorld, all_join
from tests.real.router import ROOT
from tests.stories.living import hear_ctrl_c

CODE = """
import sys
from joulebus.bus.wamp import Access, WampBus
from joulebus.cli.client import ask_uri
from joulebus.errors import JoulebusError

try:
    print(ask_uri(WampBus(Access(sys.argv[1], "guest", None)), sys.argv[2], {"name": "x"}))
except JoulebusError as error:
    sys.exit(f"{type(error).__name__}: {error}")
except KeyboardInterrupt:
    sys.exit("given up")
"""
Command = subprocess.Popen[str]


def command(url: str, uri: str) -> Command:
    """Who asks, in a process of its own, which hears Ctrl-C also when these tests run in the background."""
    argv = [sys.executable, "-c", CODE, url, uri]
    return subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c)


def ended(world: RealWorld, asked: Command) -> tuple[int | None, str, str]:
    """Its exit code and what it said."""
    world.until(lambda: asked.poll() is not None, "it ends")
    return (asked.returncode, *asked.communicate())


@pytest.fixture
def asked_for(real_world: RealWorld) -> list[str]:
    """An oven that answers ``get``, and not ``wait``; the names that it was asked for."""
    names: list[str] = []
    oven = real_world.bus("oven")
    oven.register(f"{BASE}.oven.get", AskDevice, lambda word, sender: Kept(number=7))
    oven.register(f"{BASE}.oven.state", Kept, lambda word, sender: word)

    def wait(word: AskDevice, sender: object) -> object:
        names.append(word.name)
        return answer_later()

    oven.register(f"{BASE}.oven.wait", AskDevice, wait)  # type: ignore[arg-type]
    all_join(real_world, oven)
    return names


@pytest.mark.parametrize(
    ("procedure", "code", "out", "said"),
    [
        ("get", 0, "{'number': 7, 'behind': 0, 'records_a_second': 0}\n", ""),
        ("state", 1, "", "PropertyError: number: must be given"),
        ("nothing", 1, "", "RosterError: nobody answers joulebus.house.oven.nothing"),
    ],
)
def test_a_question_is_answered_or_refused(
    real_world: RealWorld, asked_for: list[str], procedure: str, code: int, out: str, said: str
) -> None:
    found = ended(real_world, command(real_world.router.guest_url, f"{BASE}.oven.{procedure}"))
    assert (found[0], found[1], found[2].startswith(said), "Traceback" in found[2]) == (code, out, True, False), found


def test_a_question_that_is_given_up_leaves_nothing_behind(real_world: RealWorld, asked_for: list[str]) -> None:
    asked = command(real_world.router.guest_url, f"{BASE}.oven.wait")
    real_world.until(lambda: asked_for == ["x"], "it is asked")
    asked.send_signal(signal.SIGINT)
    assert ended(real_world, asked) == (1, "", "given up\n")


def test_a_router_that_is_not_there_is_said_in_one_sentence(real_world: RealWorld) -> None:
    found = ended(real_world, command("ws://127.0.0.1:1/", f"{BASE}.oven.get"))
    assert found[:2] == (1, "")
    assert found[2].startswith("BusError: the router of the home must answer at ws://127.0.0.1:1/"), found[2]
