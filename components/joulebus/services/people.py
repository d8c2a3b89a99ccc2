"""Who may come into the home, for its admin: listed, let in with a link that is good once, and put out; and who is there.

Where the home's tickets do not lie on this machine, as in containers and in a cluster, ``joulebus access`` does it there.
"""

from dataclasses import dataclass
from pathlib import Path

from joulebus.bus import Bus, Sender
from joulebus.bus.component import Listener, answers
from joulebus.errors import RosterError
from joulebus.provision.access import AccessList, Person, as_rows
from joulebus.provision.present import read_present
from joulebus.rundir import read_running
from joulebus_schemas.access import (
    PEOPLE_MAX,
    SESSIONS_LISTED_MAX,
    AccessGiven,
    AskGiveAccess,
    AskRevokeAccess,
    PeopleListed,
    PersonListed,
    SessionListed,
    SessionsListed,
)
from joulebus_schemas.calls import Nothingness
from joulebus_schemas.principals import OWNER, person

ACCESS = "access"


@dataclass
class People(Listener):
    """Answers ``access.*`` in the supervisor's process."""

    part = "home"

    bus: Bus
    home: str
    folder: Path
    """Where this home keeps its books."""
    access: AccessList | None
    """None: its tickets lie elsewhere."""

    @answers("list", owner=ACCESS)
    def list_people(self, ask: Nothingness) -> PeopleListed:
        """All who may come in, by name.

        Raises:
            RosterError: The tickets of this home lie elsewhere.
        """
        rows = as_rows(self._book().list(), self.home)[:PEOPLE_MAX]
        return PeopleListed(people=tuple(PersonListed(**{name: row[name] for name in PersonListed.model_fields}) for row in rows))

    @answers("give", owner=ACCESS)
    def give(self, ask: AskGiveAccess) -> AccessGiven:
        """A link of the dashboard that is good once and within an hour, for somebody who is added when needed.

        Raises:
            RosterError: They have another role already, somebody could read the secret, or the tickets of this home lie elsewhere.
        """
        page = self._book().once_of(Person(ask.name, ask.role), read_running(self.folder).guest_url)
        return AccessGiven(name=ask.name, role=ask.role, page=page)

    @answers("revoke", owner=ACCESS)
    def revoke(self, ask: AskRevokeAccess, sender: Sender) -> PeopleListed:
        """Put somebody out: their open sessions end within a second.

        Raises:
            RosterError: There is nobody of that name, it is the owner or whoever asks, or the tickets of this home lie elsewhere.
        """
        if ask.name == OWNER:
            raise RosterError(f"{OWNER} is whoever can read the files of {self.home}, and cannot be put out")
        if sender.authid == person(self.home, ask.name):
            raise RosterError(f"{ask.name} is you: somebody else must put you out")
        self._book().revoke(ask.name)
        return self.list_people(Nothingness())

    @answers("sessions", owner=ACCESS)
    def list_sessions(self, ask: Nothingness) -> SessionsListed:
        """Who is joined to the bus at this moment, the last who came first; at most half a second old.

        Raises:
            RosterError: The router has told nothing yet, or the tickets of this home lie elsewhere.
        """
        try:
            rows = read_present(self._book().keys.principals.parent, self.home)
        except OSError:
            raise RosterError(f"the router of {self.home} must have told who is joined, but has not yet: ask again in a second") from None
        return SessionsListed(sessions=tuple(SessionListed(**row) for row in rows[:SESSIONS_LISTED_MAX]))

    def _book(self) -> AccessList:
        if self.access is None:
            raise RosterError(f"the tickets of {self.home} do not lie where its devices are started: use `joulebus access` where they do")
        return self.access
