"""A home in a cluster: a Deployment for each device, kept as the home wants it by a thread; other parts are made by the chart.

Methods say what should be and return at once; the thread looks at what is, whenever something changes and every few seconds, and does
what :mod:`agreement` decides. What the cluster wants otherwise is a wish, which the supervisor fulfils on the bus.
"""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from joulebus.errors import RosterError
from joulebus.provision import ROUTER, SUPERVISOR, Condition, HomePart
from joulebus.provision.cluster import manifests, names, state
from joulebus.provision.cluster.agreement import decide
from joulebus.provision.cluster.api import DEPLOYMENTS, NOT_FOUND, PODS, Api, ApiError
from joulebus.provision.cluster.copy import Copy
from joulebus.provision.cluster.keeping import Keeping
from joulebus.provision.cluster.pods import PodSettings
from joulebus.provision.cluster.wanted import Told, Wanted, seen_of
from joulebus.registry import METRICS_PORT

BOOKS = Path("/var/lib/joulebus")
KEEP_SECONDS = 5.0
"""The thread also looks when nobody has told it to."""

_log = logging.getLogger("joulebus.provision.cluster")


class ClusterHome:
    """The devices of one home in a namespace."""

    def __init__(self, api: Api, home: str, pods: PodSettings) -> None:
        self.home, self.books = home, BOOKS
        self.api, self.pods = api, pods
        self._wanted: dict[str, Wanted] = {}
        self._dirty = threading.Event()
        self._ended = threading.Event()
        self._vanished: dict[str, int] = {}
        self._uids: dict[str, str] = {}
        self.deployments = Copy(api, DEPLOYMENTS, {"labelSelector": manifests.devices_of(pods.release)}, self._dirty.set)
        instance = names.selector({"app.kubernetes.io/instance": pods.release})
        self.pods_here = Copy(api, PODS, {"labelSelector": instance}, self._dirty.set)
        self.keeping = Keeping(api, home, pods, self.deployments)
        self._thread: threading.Thread | None = None

    # What should be

    def start(self, unit: HomePart) -> None:
        """Add a device and run it; other parts are the chart's."""
        self.keep(Wanted(unit, runs=True))

    def keep(self, wanted: Wanted) -> None:
        """A device as the home wants it from now on."""
        if self._wanted.get(wanted.part.name) == wanted:
            return
        self._wanted = {**self._wanted, wanted.part.name: wanted}
        self.keeping.back(wanted.part.name)
        self._go()

    def scale(self, name: str, replicas: int) -> None:
        """Run a device (1), or let it rest (0).

        Raises:
            RosterError: It was not started.
        """
        if name not in self._wanted:
            raise RosterError(f"only a part that was started can be scaled, and {name} was not")
        self.keep(replace(self._wanted[name], runs=replicas > 0))

    def tell(self, name: str, told: Told) -> None:
        """What people who look at the cluster are told of a device."""
        if name in self._wanted and self._wanted[name].told != told:
            self.keep(replace(self._wanted[name], told=told))

    def stop(self, name: str) -> None:
        """Remove a device, and its ticket."""
        if self._wanted.get(name) is not None:
            self._wanted = {other: one for other, one in self._wanted.items() if other != name}
            self.keeping.leave(name)
            self._go()

    def forget(self, name: str) -> None:
        """Remove a device; its log goes with its pod."""
        self.stop(name)

    def only(self, known: set[str]) -> None:
        """These are all devices of the home: others that we have once made are removed."""
        for name in {one["metadata"]["labels"][names.LABEL_DEVICE] for one in self.deployments.objects().values()} - known:
            self.keeping.leave(name)
        self._go()

    def restart(self, name: str) -> None:
        """Another pod for a device, or for a part that the chart has made; that the one before goes is no failure."""
        self._uids.pop(name, None)
        part = None if name in self._wanted else state.chart_parts().get(name)
        self.keeping.again(names.object_name(name) if part is None else f"{self.pods.release}-{part}")
        self._go()

    def restartable(self) -> tuple[str, ...]:
        """All that may be started again here, by name."""
        running = self.status()
        here = {name for name, one in self._wanted.items() if one.runs and not one.part.outside}
        return tuple(sorted(here | (state.chart_parts().keys() & running.keys())))

    def say(self, name: str, reason: str, text: str) -> None:
        """Say something about a device in an Event."""
        self.keeping.say(name, reason, text)
        self._dirty.set()

    def pod(self, name: str) -> str:
        """The identity of the pod that runs a device, unless that is on its way out; "" when there is none."""
        found = state.newest_pods(self.pods_here.objects().values()).get(name)
        return "" if found is None or "deletionTimestamp" in found["metadata"] else str(found["metadata"]["uid"])

    def wishes(self) -> dict[str, bool]:
        """What the cluster wants otherwise than the home: whether a device is to be on, by name."""
        found = self.deployments.objects()
        seen = {name: seen_of(found.get(names.object_name(name))) for name in self._wanted}
        decided = {name: decide(wanted.runs, seen[name]) for name, wanted in self._wanted.items()}
        return {name: one.runs for name, one in sorted(decided.items()) if one.act == "switch"}

    def is_scaled_up(self, name: str) -> bool | None:
        """Whether the Deployment of a device has replicas; None when there is none, or the cluster does not answer."""
        seen = None if self.deployments.trouble else seen_of(self.deployments.objects().get(names.object_name(name)))
        return None if seen is None else seen.replicas > 0

    # What is

    def status(self) -> dict[str, Condition]:
        """All parts of the home, as the cluster has them."""
        pods = state.newest_pods(self.pods_here.objects().values())
        known = {name: wanted for name, wanted in self._wanted.items() if not wanted.part.outside}
        mine = {name: state.condition(int(one.runs), pods.get(name), self._vanished.get(name, 0)) for name, one in known.items()}
        outside = {name: Condition("outside", 1) for name, one in self._wanted.items() if one.part.outside}
        others = {name: state.condition(1, pod) for name, pod in pods.items() if names.LABEL_DEVICE not in pod["metadata"]["labels"]}
        return dict(sorted({SUPERVISOR: Condition("running", 1), **others, **outside, **mine}.items()))

    def logs(self, name: str, lines: int = 100, follow: bool = False) -> Iterator[str]:
        """Lines of its pod.

        Raises:
            RosterError: It has no pod.
        """
        pods = state.newest_pods(self.pods_here.objects().values())
        absent = RosterError(f"there is no log of {name} in {self.home}; there are logs of {', '.join(sorted(pods)) or 'nothing'}")
        if name not in pods:
            raise absent
        query = {"tailLines": str(lines), "follow": str(follow).lower()}
        try:
            yield from self.api.text(f"{PODS}/{pods[name]['metadata']['name']}/log", query)
        except ApiError as error:
            raise absent if error.status == NOT_FOUND else error from None  # Its pod has gone since.

    def endpoint(self, name: str) -> str | None:
        """In the cluster's network: the router's address, or where a pod answers metrics and health."""
        if name == ROUTER:
            return self.pods.router
        pod = state.newest_pods(self.pods_here.objects().values()).get(name)
        address = pod.get("status", {}).get("podIP") if pod is not None and (name in self._wanted or name == SUPERVISOR) else None
        return f"http://{address}:{METRICS_PORT}" if address else None

    def tickets(self) -> dict[str, Path]:
        """None: they are Secrets, and whoever may read those reads them there."""
        return {}

    # The thread

    def look(self) -> None:
        """Begin to act, and count pods that have gone without being asked to."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="cluster", daemon=True)
            self._thread.start()
        self._count_the_vanished()

    def close(self) -> None:
        """Stop looking; what runs in the cluster runs on."""
        self._ended.set()
        self._dirty.set()
        self.deployments.end()
        self.pods_here.end()

    def _go(self) -> None:
        self._dirty.set()

    def _count_the_vanished(self) -> None:
        pods = state.newest_pods(self.pods_here.objects().values())
        for name, wanted in self._wanted.items():
            uid = pods[name]["metadata"]["uid"] if name in pods and wanted.runs else ""
            if uid and self._uids.get(name, uid) != uid:
                self._vanished[name] = self._vanished.get(name, 0) + 1
            if uid:
                self._uids[name] = uid
            elif not wanted.runs:
                self._uids.pop(name, None)

    def _work(self) -> None:
        self.deployments.start()
        self.pods_here.start()
        while not self._ended.is_set():
            self._dirty.wait(KEEP_SECONDS)
            self._dirty.clear()
            if self.deployments.trouble is None:
                self._act()

    def _act(self) -> None:
        try:
            self.keeping.act(self._wanted)
        except ApiError as error:
            _log.warning("the cluster is not as the home wants it yet: %s", error)
            self._ended.wait(0.5)
            self._dirty.set()
        except Exception:
            _log.exception("the cluster is looked at again")
            self._ended.wait(KEEP_SECONDS)
