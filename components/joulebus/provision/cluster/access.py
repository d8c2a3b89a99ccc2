"""Access of people and of their programs to a home in a cluster: in the Secret of all principals, with a Secret for each ticket.

Nobody in the cluster may do this; whoever may write Secrets in the namespace may, from outside.
"""

from joulebus.errors import RosterError
from joulebus.provision.access import AccessBook, Person, said_of_person
from joulebus.provision.cluster.api import Api
from joulebus.provision.cluster.tickets import PERSON_PART, Tickets
from joulebus_schemas.principals import PERSON


class ClusterAccess(AccessBook[str]):
    """Who may come to a home of a namespace."""

    def __init__(self, api: Api, release: str, home: str) -> None:
        self.home = home
        self.tickets = Tickets(api, release, home)

    def list(self) -> list[Person]:
        """All of them, by name."""
        people = {name: said for name, said in self.tickets.known().items() if said["part"] == PERSON_PART}
        return [
            Person(
                name.removeprefix(PERSON),
                said["role"],
                tuple(said.get("devices", ())),
                said.get("expires_unix_seconds"),
                said.get("password"),
            )
            for name, said in sorted(people.items())
        ]

    def once(self, one: Person, url: str) -> str:
        """There is none.

        Raises:
            RosterError: Always: what is good once would have to be forgotten in the cluster, where nobody may write a Secret.
        """
        raise RosterError(f"in a cluster no link is good once; `access link {one.name} --page` prints one that is good until it is rotated")

    def _write(self, one: Person, ticket: str) -> str:
        said = {**said_of_person(one), "outside": True, "part": PERSON_PART}  # The owner, too, comes where people do.
        return self.tickets.give(PERSON + one.name, said, ticket)

    def _remove(self, name: str) -> None:
        self.tickets.remove(PERSON + name)

    def _ticket(self, name: str) -> str:
        return self.tickets.shown_by(PERSON + name)
