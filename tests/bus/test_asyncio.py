"""Libraries of asyncio live in the process of a component: a TCP server and a sleeping handler beside a real Crossbar."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from joulebus.bus import CANCELED, INVALID, CallError
from joulebus.bus.timers import spawn
from joulebus_schemas.rounds import Kept
from tests.bus.conftest import BASE, Listener, RealWorld, all_join
from tests.real.router import ROOT, RealRouter

READ = f"{BASE}.oven.read"
Gateway = subprocess.Popen[str]


@pytest.fixture
def gateway(real_router: RealRouter) -> Iterator[Gateway]:
    """The gateway's process."""
    access = real_router.open_access("oven")
    command = [sys.executable, "-m", "tests.real.gateway", access.router, str(access.ticket_file)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


def ended(gateway: Gateway) -> tuple[int, str]:
    """Its exit code after SIGTERM, and all that it complained of."""
    gateway.send_signal(signal.SIGTERM)
    _, complaints = gateway.communicate(timeout=20)
    return gateway.returncode, complaints


def there(world: RealWorld, listener: Listener) -> bool:
    """Whether its procedure is registered: a question with a field too many is refused by it, not by the router."""
    error = world.outcome(listener.bus.call(READ, {"too_many": 1}, None))
    return isinstance(error, CallError) and error.uri == INVALID


def test_an_async_component_ends_without_complaints_while_it_is_asked(real_world: RealWorld, gateway: Gateway) -> None:
    listener = Listener(real_world, f"{BASE}.oven.kept")
    all_join(real_world, listener.bus)
    real_world.until(lambda: there(real_world, listener), "the gateway is on the bus")
    asked = spawn(listener.bus.call(READ, {}, Kept))
    real_world.pass_seconds(0.3)
    code, complaints = ended(gateway)
    assert (code, "Traceback" in complaints, "rror in Deferred" in complaints) == (0, False, False), complaints
    assert real_world.outcome(asked).uri == CANCELED


def test_a_server_of_asyncio_and_a_handler_that_sleeps_serve_the_bus(real_world: RealWorld, gateway: Gateway) -> None:
    listener = Listener(real_world, f"{BASE}.oven.kept")
    all_join(real_world, listener.bus)
    assert gateway.stdout is not None
    port = int(gateway.stdout.readline())
    real_world.until(lambda: there(real_world, listener), "the gateway is on the bus")
    asked = spawn(listener.bus.call(READ, {}, Kept))
    real_world.pass_seconds(0.3)
    assert not asked.done(), "its handler sleeps until there is a meter"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as meter, meter.makefile("rw") as lines:
        print(7, file=lines, flush=True)
        assert lines.readline() == "read\n"
        print(42, file=lines, flush=True)
        assert real_world.outcome(asked) == Kept(number=42)
    real_world.until(lambda: listener.heard == [(7, "oven")], "what the meter said first is heard on the bus")
    code, complaints = ended(gateway)
    assert (code, "Traceback" in complaints) == (0, False), complaints
