"""Makes, mends and removes the Deployments of a home's devices; everything that the thread of a home in a cluster asks of it."""

import logging
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from joulebus.provision.cluster import manifests, names
from joulebus.provision.cluster.agreement import Accord, decide
from joulebus.provision.cluster.api import CONFLICT, DEPLOYMENTS, EVENTS, NOT_FOUND, Api, ApiError, ApiObject
from joulebus.provision.cluster.copy import Copy
from joulebus.provision.cluster.moments import moment
from joulebus.provision.cluster.pods import PodSettings
from joulebus.provision.cluster.tickets import Tickets
from joulebus.provision.cluster.wanted import Site, Wanted, made, patch_of, seen_of

EVENTS_MAX = 200
"""Events wait while the API server is away; beyond so many, older ones are dropped."""

_log = logging.getLogger("joulebus.provision.cluster")


class Keeping:
    """The hands of a home in a cluster."""

    def __init__(self, api: Api, home: str, pods: PodSettings, deployments: Copy) -> None:
        self.api, self.home, self.pods, self.deployments = api, home, pods, deployments
        self.tickets = Tickets(api, pods.release, home)
        self._place = Site(home, pods)
        self._owner: ApiObject | None = None
        self._known: dict[str, ApiObject] | None = None
        self._leaving: set[str] = set()
        self._again: set[str] = set()
        self._lock = threading.Lock()
        self._unsaid: deque[tuple[str, str, str]] = deque(maxlen=EVENTS_MAX)

    def leave(self, name: str) -> None:
        """A device is to be removed."""
        with self._lock:
            self._leaving.add(name)

    def back(self, name: str) -> None:
        """It is not."""
        with self._lock:
            self._leaving.discard(name)

    def again(self, deployment: str) -> None:
        """A Deployment is to have another pod."""
        with self._lock:
            self._again.add(deployment)

    def say(self, name: str, reason: str, text: str) -> None:
        """Keep an Event until it can be said."""
        self._unsaid.append((name, reason, text))

    def act(self, wanted: Mapping[str, Wanted]) -> None:
        """Bring every Deployment in line; one that is refused costs the others nothing.

        Raises:
            ApiError: The API server does not answer, or has refused something that is tried again.
        """
        failure: ApiError | None = None
        for name in sorted(wanted):
            try:
                self._keep(wanted[name])
            except ApiError as error:
                failure = error
                if not error.status:
                    raise
        for name in sorted(self._leaving - wanted.keys()):
            self._remove(name)
        for deployment in sorted(self._again):
            self._restart(deployment)
        self._say_all()
        if failure is not None:
            raise failure

    def _keep(self, wanted: Wanted) -> None:
        name = wanted.part.name
        if wanted.part.outside:
            self._ticket(name, "outside")
            return
        found = self.deployments.objects().get(names.object_name(name))
        decision = decide(wanted.runs, seen_of(found))
        if found is None:
            self._make(wanted)
            return
        if decision.too_many:
            self.say(name, "PutBack", f"{decision.too_many} replicas of {name} were asked for: a device is there once, or not")
        patch = patch_of(found, wanted, decision, self._place)
        if patch is not None:
            self._patch(found, patch, decision)

    def _patch(self, found: ApiObject, patch: ApiObject, decision: Accord) -> None:
        where = f"{DEPLOYMENTS}/{found['metadata']['name']}"
        try:
            self.deployments.put(_typed(self.api.ask("PATCH", where, patch)))
        except ApiError as error:
            if error.status == NOT_FOUND:
                self.deployments.drop(found["metadata"]["name"])
            if error.status not in (CONFLICT, NOT_FOUND):
                raise
            if error.status == CONFLICT and decision.act == "agree":
                # Both wanted the same when it was looked at: whoever has scaled it since has changed their mind, and is followed.
                with _if_there():
                    self.api.ask("PATCH", where, {"metadata": {"annotations": {names.AGREED: str(int(decision.runs))}}})
            return  # Somebody has changed it since: the watch tells, and it is looked at again.
        if decision.act == "scale":
            _log.info("%s has now %d replicas, as the home wants it", found["metadata"]["name"], int(decision.runs))

    def _make(self, wanted: Wanted) -> None:
        name = wanted.part.name
        was_there = self._ticket(name, "device")
        body = made(wanted, replace(self._place, owner=self.owner_reference()))
        try:
            self.deployments.put(_typed(self.api.ask("POST", DEPLOYMENTS, body)))
        except ApiError as error:
            if error.status != CONFLICT:
                raise
            self._take_over(name)
            return
        if was_there:
            self.say(name, "PutBack", f"the Deployment of {name} was deleted, but {name} is a device of {self.home}: it is put back")

    def _take_over(self, name: str) -> None:
        """There is one that the watch has not told of, or that is not ours."""
        found = _typed(self.api.ask("GET", f"{DEPLOYMENTS}/{names.object_name(name)}"))
        if found["metadata"].get("labels", {}).get(names.LABEL_DEVICE) == name:
            self.deployments.put(found)
            return
        raise ApiError(
            CONFLICT, f"a Deployment {names.object_name(name)} is there that is no device of {self.home}: remove it, or rename {name}"
        )

    def _remove(self, name: str) -> None:
        with _if_there():
            self.api.ask("DELETE", f"{DEPLOYMENTS}/{names.object_name(name)}", {"propagationPolicy": "Background"})
        self.tickets.remove(name)
        (self._known or {}).pop(name, None)
        self.deployments.drop(names.object_name(name))
        self.back(name)

    def _restart(self, deployment: str) -> None:
        """As ``kubectl rollout restart`` does it."""
        with _if_there():
            template = {"metadata": {"annotations": {names.RESTARTED: moment()}}}
            self.api.ask("PATCH", f"{DEPLOYMENTS}/{deployment}", {"spec": {"template": template}})
        with self._lock:
            self._again.discard(deployment)

    def _ticket(self, name: str, holder: str) -> bool:
        """A device has a ticket from now on; whether it had one before."""
        if self._known is None:
            self._known = self.tickets.known()
        had = name in self._known
        if not had or holder == "device":
            self.tickets.add(name, self._known, "outside" if holder == "outside" else "device")
            self._known[name] = {}
        return had

    def owner_reference(self) -> ApiObject | None:
        """The object with which all that is made here goes; None when there is none.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        if self._owner is None:
            with _if_there():
                owner = self.api.ask("GET", f"{DEPLOYMENTS}/{self.pods.owner}")
                uid = owner["metadata"]["uid"]
                self._owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": self.pods.owner, "uid": uid, "controller": True}
        return self._owner

    def _say_all(self) -> None:
        while self._unsaid:
            name, reason, text = self._unsaid[0]
            about = self.deployments.objects().get(names.object_name(name))
            if about is not None:
                self.api.ask("POST", EVENTS, manifests.event(about, reason, text, moment()))
            self._unsaid.popleft()


@contextmanager
def _if_there() -> Iterator[None]:
    """What is not there any more needs no removing."""
    try:
        yield
    except ApiError as error:
        if error.status != NOT_FOUND:
            raise


def _typed(found: ApiObject) -> ApiObject:
    return {"apiVersion": "apps/v1", "kind": "Deployment", **found}
