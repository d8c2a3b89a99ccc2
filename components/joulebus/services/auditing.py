"""The audit of a living home, in a process of its own: one at a time, and the last result is remembered."""

from dataclasses import dataclass
from pathlib import Path

from joulebus.bus import Bus
from joulebus.bus.component import Listener, Says, answers
from joulebus.bus.timers import spawn
from joulebus.errors import JoulebusError, RosterError
from joulebus.services.errands import Errand
from joulebus_schemas import topics
from joulebus_schemas.audits import AUDIT_LINES_MAX, AuditState
from joulebus_schemas.calls import Nothingness


@dataclass
class Auditing(Listener):
    """Answers ``audit.*`` in the supervisor's process."""

    part = "home"
    say_changed = Says(topics.AUDIT_CHANGED)

    bus: Bus
    home: str
    journal: Path

    def __post_init__(self) -> None:
        self._state = AuditState(state="never")

    @answers("start", owner=topics.AUDIT)
    def start(self, ask: Nothingness) -> AuditState:
        """Count all books again; when that is going on already, how far it is.

        Raises:
            RosterError: The books are elsewhere.
        """
        if not self.journal.exists():
            raise RosterError(f"the books of {self.home} are not where its supervisor is: `joulebus audit` fetches and audits them")
        if self._state.state != "running":
            self._become(AuditState(state="running"))
            spawn(self._audit())
        return self._state

    @answers("get", owner=topics.AUDIT)
    def get(self, ask: Nothingness) -> AuditState:
        """How far it is, or what the last one found."""
        return self._state

    async def _audit(self) -> None:
        try:
            found = await Errand("audit", {"journal": str(self.journal)}, self._progress).run()
            report, lines = found["report"], [line[:1_000] for line in found["lines"]]
            self._become(
                AuditState(
                    state="done",
                    progress_ppm=1_000_000,
                    is_sound=found["is_sound"],
                    missing_joules=report["missing_joules"],
                    records=report["records"],
                    ticks=report["ticks"],
                    seals=report["seals"],
                    head_seal=report["head_seal"],
                    lines=tuple(lines[-AUDIT_LINES_MAX:]),
                )
            )
        except (JoulebusError, ValueError) as error:
            self._become(AuditState(state="failed", error=str(error)[:2_000]))

    def _progress(self, ppm: int) -> None:
        self._become(AuditState(state="running", progress_ppm=ppm))

    def _become(self, state: AuditState) -> None:
        self._state = state
        self.say_changed(state)
