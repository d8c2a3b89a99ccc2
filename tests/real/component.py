"""A component in a process of its own that may not do its job: it ends, and says why."""

import sys
from pathlib import Path

from joulebus.bus.wamp import Access, WampBus
from joulebus.errors import JoulebusError
from joulebus_schemas.rounds import Kept
from tests.real.router import HOME


def main(router: str, ticket_file: Path, procedure: str) -> int:
    """Answer a procedure, if the router allows it."""
    bus = WampBus(Access(router, f"{HOME}/{ticket_file.name}", ticket_file))
    bus.register(procedure, Kept, lambda word, sender: word)
    try:
        bus.run()
    except JoulebusError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
