"""A home that runs elsewhere, in a cluster or on another machine: commands find it as they find one of this machine, in a folder.

The folder lives as long as the command. A command that reads the journal gets a copy of it, record by record, over the bus.
"""

import base64
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from joulebus.addresses import LOOPBACK
from joulebus.cli.client import Conversation, owner
from joulebus.errors import UsageError
from joulebus.journal.file import Journal
from joulebus.rundir import JOURNAL, Running, hold
from joulebus_schemas.calls import Replay

STATE_VARIABLE = "JOULEBUS_STATE"
RECORDS_A_QUESTION = 256
READS_JOURNAL = frozenset({"audit", "plan", "report"})
"""Commands that read the records of a home, and not what it says."""
ASKS = READS_JOURNAL | {"call", "clock", "device", "export", "history", "market", "ps", "restart", "watch"}
"""Commands that a home may be asked by from elsewhere; the others are about this machine."""
WORDS = ("JOULEBUS_HOME", "JOULEBUS_ROUTER", "JOULEBUS_PRINCIPAL", "JOULEBUS_TICKET_FILE")
"""In the environment these say where a home is, and who asks. The ticket itself is in a file: an environment can be read by others."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a home runs, and who asks it."""

    home: str
    router: str
    """``ws://…`` or ``wss://…``."""
    principal: str
    ticket_file: str


def said_by(environment: Mapping[str, str]) -> Elsewhere | None:
    """The home that the environment names; None when it names none.

    Raises:
        UsageError: It says where a home is, but not all that is needed.
    """
    if WORDS[1] not in environment:
        return None
    missing = [word for word in WORDS if not environment.get(word)]
    if missing:
        raise UsageError(f"a home elsewhere is named by {', '.join(WORDS)} in the environment, but {', '.join(missing)} is missing")
    return Elsewhere(*(environment[word] for word in WORDS))


@contextmanager
def visiting(place: Elsewhere, command: str) -> Iterator[None]:
    """For the time of a command, that home is the one that runs here."""
    before = os.environ.get(STATE_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="joulebus-") as folder:
        os.environ[STATE_VARIABLE] = folder
        directory = Path(folder) / place.home
        try:
            with closing(hold(directory)):
                _running(place).write(directory)
                if command in READS_JOURNAL:
                    copy_journal(place.home, directory / JOURNAL)
                yield
        finally:
            os.environ.pop(STATE_VARIABLE) if before is None else os.environ.update({STATE_VARIABLE: before})


def _running(place: Elsewhere) -> Running:
    return Running(
        home=place.home,
        pid=os.getpid(),
        router=place.router,
        guest_url=place.router,
        operator_url=place.router,
        metrics_ports={},
        metrics_address=LOOPBACK,
        principal=place.principal,
        ticket_file=place.ticket_file,
    )


def copy_journal(home: str, path: Path) -> None:
    """All records of a home, as they are in its journal. What is settled meanwhile is not waited for.

    Raises:
        BusError: The home does not answer.
        JournalError: A record does not follow the one before.
    """
    _, found, bus = owner(home)
    uri = f"joulebus.{found.home}.inverter.replay"
    with Conversation(bus) as conversation, Journal.open(path, durable="memory") as journal:
        last = None
        while last is None or journal.last_number < last:
            answer = conversation.ask(uri, {"first": journal.last_number + 1, "most": RECORDS_A_QUESTION})
            replay = Replay.model_validate(answer)
            last = replay.last_number if last is None else last
            if not replay.payloads:
                return
            for payload in replay.payloads:
                journal.append_raw(base64.b64decode(payload))
