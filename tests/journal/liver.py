"""Lives in a home until a tick, with all the upkeep of its journal, and says when it has begun: to be killed."""

import sys
from pathlib import Path

from joulebus.home.restart import wake
from joulebus.home.round import Home
from joulebus.home.upkeep import Upkeep
from joulebus.journal.file import Journal
from tests.journal.grown import FILE_BYTES, live

if __name__ == "__main__":
    with Journal.open(Path(sys.argv[1])) as journal:
        home = Home.of_keeper(wake(journal))
        upkeep = Upkeep(home.keeper, FILE_BYTES)
        print("begun", flush=True)
        for _ in live(home, int(sys.argv[2]), upkeep):
            upkeep.look()
