"""Tickets of a home in a cluster: a Secret with the ticket for whoever shows it, and one with the hashes of all, for the router.

Whoever makes tickets may create and delete Secrets, and never reads one: what is there stays, and a new ticket is a new Secret. The
hashes are no secret worth stealing (a ticket is 256 random bits); the router's sidecar makes the router's files of them (principals.py).
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Literal

from joulebus.bus.rights import Part
from joulebus.errors import RosterError
from joulebus.provision.cluster import names
from joulebus.provision.cluster.api import CONFLICT, NOT_FOUND, SECRETS, Api, ApiError, ApiObject
from joulebus.provision.keys import hashed, new_ticket
from joulebus.registry import DEVICE, INVERTER, RESERVED, STARTABLE
from joulebus.roles import ADMIN
from joulebus_schemas.principals import OWNER, PERSON

Holder = Literal["static", "device", "outside"]
"""Who has a ticket: a component or the owner, a device in a pod, or one that runs elsewhere."""

PERSON_PART = "person"
"""What a person is, beside the components."""
ROTATION_SECONDS = 600
"""So long the ticket before is good, too: the kubelet takes a minute or two to bring a new one into a pod that runs."""


def static_parts() -> tuple[Part, ...]:
    """Everybody of a home who has a ticket from its beginning, beside the devices."""
    parts = (one.name for one in STARTABLE.values() if one.has_ticket and not one.is_each_device)
    return (*sorted(parts), PERSON + OWNER)


class Tickets:
    """The tickets of one release."""

    def __init__(self, api: Api, release: str, home: str) -> None:
        self.api, self.release, self.home = api, release, home

    def known(self) -> dict[str, ApiObject]:
        """What the router is told of everybody, by name.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        return principals_in(self.api.ask("GET", f"{SECRETS}/{names.principals_secret(self.release)}"))

    def begin(self) -> None:
        """Make the Secret of all principals if there is none, and the tickets that are missing of all static parts.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        self._create(names.principals_secret(self.release), {})
        known = self.known()
        for name in static_parts():
            self.add(name, known)

    def add(self, name: str, known: Mapping[str, ApiObject], holder: Holder = "static") -> None:
        """A ticket for somebody who has none; what is there stays.

        Raises:
            ApiError: The API server refuses, or does not answer.
            RosterError: The name is reserved.
        """
        if holder != "static" and name in RESERVED | {INVERTER}:
            raise RosterError(f'the name "{name}" is reserved; choose another')
        ticket, secret = new_ticket(), names.ticket_secret(self.release, name, holder != "static")
        if not self._create(secret, {names.TICKET_KEY: ticket}):
            if name in known:
                return
            self._delete(secret)
            self._create(secret, {names.TICKET_KEY: ticket})
        self._tell({name: json.dumps({**said_of(name, holder), **hashed(ticket)}, sort_keys=True)})

    def rotate(self, name: str, now_unix_seconds: float) -> None:
        """A new ticket for somebody; the one before is good for a while, so that nobody who runs notices.

        Raises:
            ApiError: The API server refuses, or does not answer.
            RosterError: Nobody of that name has a ticket.
        """
        known = self.known()
        if name not in known:
            raise RosterError(f"only who has a ticket can get a new one, and {name} has none; those who have: {', '.join(sorted(known))}")
        ticket, before = new_ticket(), {key: known[name][key] for key in ("salt", "ticket_sha256")}
        previous = {**before, "expires_unix_seconds": int(now_unix_seconds) + ROTATION_SECONDS}
        self._tell({name: json.dumps({**known[name], **hashed(ticket), "previous": previous}, sort_keys=True)})
        secret = names.ticket_secret(self.release, name, known[name]["part"] == DEVICE)
        self._delete(secret)
        self._create(secret, {names.TICKET_KEY: ticket})

    def give(self, name: str, said: ApiObject, ticket: str) -> str:
        """A ticket for a person, in place of any before: who has come in with that is put out. The Secret that holds it.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        secret = names.ticket_secret(self.release, name)
        self._delete(secret)
        self._create(secret, {names.TICKET_KEY: ticket})
        self._tell({name: json.dumps({**said, **hashed(ticket)}, sort_keys=True)})
        return secret

    def remove(self, name: str) -> None:
        """A device, or a person, does not come in again.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        self._tell({name: None})
        self._delete(names.ticket_secret(self.release, name, is_device=not name.startswith(PERSON)))

    def shown_by(self, name: str, is_device: bool = False) -> str:
        """The ticket of somebody, for who may read Secrets; nobody in the cluster may.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        secret = self.api.ask("GET", f"{SECRETS}/{names.ticket_secret(self.release, name, is_device)}")
        return b64decode(secret["data"][names.TICKET_KEY]).decode()

    def end(self) -> None:
        """All of them are gone.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        for name, said in self.known().items():
            self._delete(names.ticket_secret(self.release, name, said["part"] == DEVICE))
        self._delete(names.principals_secret(self.release))

    def _tell(self, principals: Mapping[str, str | None]) -> None:
        data = {names.principal_key(name): said for name, said in principals.items()}
        body = {"stringData": data} if None not in data.values() else {"data": data}
        self.api.ask("PATCH", f"{SECRETS}/{names.principals_secret(self.release)}", body)

    def _create(self, name: str, data: Mapping[str, str]) -> bool:
        """Whether there was none."""
        labels = {"app.kubernetes.io/instance": self.release, "app.kubernetes.io/managed-by": names.MANAGER, names.LABEL_HOME: self.home}
        labels |= {"app.kubernetes.io/name": "joulebus", "app.kubernetes.io/part-of": "joulebus"}
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "labels": labels}, "stringData": dict(data)}
        try:
            self.api.ask("POST", SECRETS, secret)
        except ApiError as error:
            if error.status != CONFLICT:
                raise
            return False
        return True

    def _delete(self, name: str) -> None:
        try:
            self.api.ask("DELETE", f"{SECRETS}/{name}")
        except ApiError as error:
            if error.status != NOT_FOUND:
                raise


def said_of(name: str, holder: Holder) -> ApiObject:
    """What the sidecar must know to work out somebody's rights."""
    if name.startswith(PERSON):
        return {"part": PERSON_PART, "role": ADMIN, "outside": True}
    return {"part": name if holder == "static" else DEVICE, "outside": holder == "outside"}


def principals_in(secret: ApiObject) -> dict[str, ApiObject]:
    """What a Secret of principals says of everybody, by name."""
    data = secret.get("data") or {}
    return {names.keyed_principal(key): json.loads(b64decode(text)) for key, text in sorted(data.items())}
