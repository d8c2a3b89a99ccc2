"""A process that has imported everything once, and forks a component whenever it is told to.

Twenty devices that import for themselves cost 17 s of CPU and keep 20 copies of the same code in memory; forked, they start
at once and share it. It never has an event loop, a thread or a file of a home: what a fork would copy is only code.

    python -m joulebus.provision.zygote CHANNEL MODULE...      speaks with prefork.py over a socket; ends with it
"""

import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import Any, NoReturn

from joulebus.bus.loop import is_made

PDEATHSIG, SET_NAME = 1, 15
ORDER_BYTES_MAX = 1 << 16


def main(channel_number: int, modules: list[str]) -> None:
    """Import, then fork on demand until the other end of the channel is closed."""
    channel = socket.socket(fileno=channel_number)
    for module in modules:
        importlib.import_module(module)
    assert not is_made(), "who is forked must not inherit an event loop"
    gc.collect()
    gc.freeze()
    deaths, deaths_in = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(deaths_in)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends when its supervisor closes the channel: last of all
    while True:
        waited: list[Any] = [channel, deaths]
        ready = select.select(waited, [], [])[0]
        if deaths in ready:
            os.read(deaths, 4096)
            bury(channel)
        if channel in ready:
            asked = channel.recv(ORDER_BYTES_MAX)
            if not asked:
                return
            fork_component(channel, json.loads(asked))


def fork_component(channel: socket.socket, order: dict[str, Any]) -> None:
    """Fork a component and tell its number."""
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        channel.close()
        run_component(zygote, order)
    with suppress(OSError):  # the child did it first
        os.setpgid(pid, pid)
    tell(channel, {"name": order["name"], "pid": pid})


def bury(channel: socket.socket) -> None:
    """Tell who ended, and how."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            tell(channel, {"pid": ended[0], "code": os.waitstatus_to_exitcode(ended[1])})


def tell(channel: socket.socket, message: dict[str, Any]) -> None:
    """One message; without a listener this process is about to end."""
    with suppress(OSError):
        channel.send(json.dumps(message).encode())


def run_component(zygote: int, order: dict[str, Any]) -> NoReturn:
    """The life of a component, from the fork to its exit code."""
    os.setpgid(0, 0)
    code = 1
    try:
        settle_in(zygote, order)
        code = importlib.import_module(order["module"]).main(order["arguments"])
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def settle_in(zygote: int, order: dict[str, Any]) -> None:
    """Die with the zygote, have an own log and name, and no signal handlers of others."""
    libc = ctypes.CDLL(None)
    libc.prctl(PDEATHSIG, signal.SIGKILL)
    libc.prctl(SET_NAME, order["name"].encode()[:15], 0, 0, 0)
    if os.getppid() != zygote:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for target in (1, 2):
        os.dup2(log, target)
    os.environ.update(order["environment"])
    sys.argv = [order["module"], *order["arguments"]]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
