"""Somebody who looks at a home, in a process of his own: writes what he sees into a file. ``python -m tests.real.looker URL HOME FILE``"""

import sys
from pathlib import Path

from joulebus.bus.timers import every
from joulebus.bus.wamp import Access, WampBus
from joulebus.cli.view import View
from joulebus.cli.watching import Watcher
from joulebus.home.mirror import Mirror

WRITE_SECONDS = 0.1


def main(url: str, home: str, path: Path) -> None:
    """Look until killed."""
    bus = WampBus(Access(url, f"{home}/~guest", None))
    view = View(home, Mirror())
    Watcher(bus, home, view).start()
    every(WRITE_SECONDS, lambda: _write(view, path))
    bus.run()


def _write(view: View, path: Path) -> None:
    if view.mirror.snapshot is not None:
        fresh = path.with_suffix(".new")
        fresh.write_text(view.mirror.snapshot.model_dump_json())
        fresh.replace(path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
