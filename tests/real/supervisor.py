"""A small supervisor in a process of its own: a router and one child, for tests that kill it."""

import signal
import sys
import time
from pathlib import Path

from joulebus.errors import JoulebusError
from joulebus.provision.process import Recipe
from tests.real.router import RealRouter


def main(directory: Path) -> int:
    """Run until SIGTERM; prints ``up`` when all is there."""
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: ended.append(number))
    try:
        router = RealRouter(directory)
    except JoulebusError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    router.processes.start(Recipe("child", (sys.executable, "-c", f"import time; time.sleep(600)  # {directory}")))
    router.processes.start(Recipe("forked", ("sleep",), module="tests.real.forkable"))
    router.start()
    print("up", flush=True)
    while not ended:
        router.processes.look()
        time.sleep(0.05)
    router.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
