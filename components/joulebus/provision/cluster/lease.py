"""The Lease of the one supervisor that acts: taken when nobody has it or its holder is silent, renewed, given back at the end.

A supervisor that cannot renew it acts on as long as nobody else can take it, and nobody can while the API server is away: the home must
not stop because the cluster's brain does. Who finds it in other hands has lost it, and ends.
"""

from collections.abc import Callable
from dataclasses import dataclass

from joulebus.provision.cluster import names
from joulebus.provision.cluster.api import CONFLICT, LEASES, NOT_FOUND, Api, ApiError, ApiObject
from joulebus.provision.cluster.moments import micro_moment

LEASE_SECONDS = 15
RENEW_SECONDS = 2.0


@dataclass
class Silence:
    """Since when the holder of a lease has been silent, by our own clock: those of other machines are not to be trusted."""

    now: Callable[[], float]
    """A clock that never goes back, in s."""
    seen: tuple[str, str] = ("", "")
    since: float = 0.0

    def look(self, holder: str, renewed: str) -> float:
        """For how many seconds nothing has changed."""
        if (holder, renewed) != self.seen:
            self.seen, self.since = (holder, renewed), self.now()
        return self.now() - self.since


class Lease:
    """The lease of one release, as one supervisor sees it."""

    def __init__(self, api: Api, release: str, me: str, now: Callable[[], float]) -> None:
        self.api, self.me = api, me
        self.name = names.lease_name(release)
        self.holder = ""
        self.owner: Callable[[], ApiObject | None] = lambda: None
        """The object with which the lease goes."""
        self._silence = Silence(now)

    def try_to_hold(self) -> bool:
        """Take or renew it; whether it is ours now.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        try:
            found = self.api.ask("GET", f"{LEASES}/{self.name}")
        except ApiError as error:
            if error.status != NOT_FOUND:
                raise
            return self._make()
        spec = found.get("spec", {})
        self.holder = spec.get("holderIdentity") or ""
        silent = self._silence.look(self.holder, spec.get("renewTime") or "")
        if self.holder not in ("", self.me) and silent < LEASE_SECONDS:
            return False
        return self._write(found)

    def give_back(self) -> None:
        """The next one need not wait.

        Raises:
            ApiError: The API server refuses, or does not answer.
        """
        found = self.api.ask("GET", f"{LEASES}/{self.name}")
        if found.get("spec", {}).get("holderIdentity") == self.me:
            found["spec"]["holderIdentity"] = ""
            self.api.ask("PUT", f"{LEASES}/{self.name}", found)

    def _make(self) -> bool:
        owner = self.owner()
        metadata: ApiObject = {"name": self.name, **({"ownerReferences": [owner]} if owner else {})}
        body: ApiObject = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": self._spec(0)}
        return self._is_written("POST", LEASES, body)

    def _write(self, found: ApiObject) -> bool:
        spec = found.get("spec", {})
        is_ours = spec.get("holderIdentity") == self.me
        transitions = spec.get("leaseTransitions", 0)
        kept = {"acquireTime": spec["acquireTime"]} if is_ours and spec.get("acquireTime") else {}
        found["spec"] = {**self._spec(transitions if is_ours else transitions + 1), **kept}
        return self._is_written("PUT", f"{LEASES}/{self.name}", found)

    def _is_written(self, method: str, path: str, body: ApiObject) -> bool:
        """With the version that was read: of two who try, one gets it."""
        try:
            self.api.ask(method, path, body)
        except ApiError as error:
            if error.status != CONFLICT:
                raise
            return False
        self.holder = self.me
        return True

    def _spec(self, transitions: int) -> ApiObject:
        now = micro_moment()
        return {
            "holderIdentity": self.me,
            "leaseDurationSeconds": LEASE_SECONDS,
            "acquireTime": now,
            "renewTime": now,
            "leaseTransitions": transitions,
        }
