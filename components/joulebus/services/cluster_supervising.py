"""The process of a supervisor in a cluster: waits for its lease, then joins the bus; it leaves both when it is told to end."""

import logging
import os
import platform
import signal
import threading
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from joulebus.bus.wamp import WampBus
from joulebus.errors import BusError, HomeFileError, SetupError
from joulebus.homefile.home_file import load_home_file
from joulebus.provision import Setup
from joulebus.provision.cluster.api import ApiError
from joulebus.provision.cluster.lease import RENEW_SECONDS, Lease
from joulebus.provision.cluster.moments import patience_seconds
from joulebus.provision.factory import cluster_home
from joulebus.services.cluster_supervisor import ClusterSupervisor
from joulebus.services.metrics import watch_parts

POD_NAME = "POD_NAME"
"""Environment: what this pod is called, for the lease."""

_log = logging.getLogger("joulebus.services.supervisor")


def build_in_cluster(bus: WampBus, given: Namespace) -> ClusterSupervisor:
    """The supervisor of a home in a cluster.

    Raises:
        HomeFileError: The home file is of another home, or wrong.
        SetupError: No cluster is named, or the settings of the pods are missing or wrong.
    """
    if given.home_file is None or given.pods is None:
        raise SetupError("a supervisor in a cluster must be given --home-file and --pods, but one is missing")
    file = load_home_file(given.home_file)
    if file.name != given.home:
        raise HomeFileError(f"{given.home_file} must be the file of {given.home}, but is that of {file.name}")
    place = cluster_home(given.home, Setup(pods=Path(given.pods)))
    supervisor = ClusterSupervisor(bus, file, {}, place, folder=Path(given.home_file).parent)
    lease = Lease(place.api, place.pods.release, os.environ.get(POD_NAME) or f"{platform.node()}-{os.getpid()}", patience_seconds)
    lease.owner = place.keeping.owner_reference
    LeaseWatch(bus, lease, supervisor).start()
    bus.on_end.append(place.close)
    watch_parts(lambda: {name: condition.restarts for name, condition in place.status().items()})
    signal.signal(signal.SIGTERM, lambda *_: bus.end())
    return supervisor


class LeaseWatch:
    """Tries to hold the lease from a thread; the bus is joined when it is held, and left for good when it is lost."""

    def __init__(self, bus: WampBus, lease: Lease, supervisor: ClusterSupervisor) -> None:
        self._bus, self._lease, self._supervisor = bus, lease, supervisor
        self._ended = threading.Event()
        self._is_held = False

    def start(self) -> None:
        """From now on; nothing is done before the lease is held."""
        self._bus.dials_at_once = False
        self._supervisor.standby = "the lease of the supervisor is not held yet"
        self._bus.on_end.append(self._give_back)
        threading.Thread(target=self._watch, name="lease", daemon=True).start()

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                self._tell(self._lease.try_to_hold())
            except ApiError as error:
                _log.warning("the lease cannot be renewed, and it is tried again: %s", error)
            self._ended.wait(RENEW_SECONDS)

    def _tell(self, holds: bool) -> None:
        if holds and not self._is_held:
            self._is_held = True
            self._bus.from_thread(self._begin)
        elif not holds and self._is_held:
            text = f"only one supervisor acts for {self._supervisor.home}, and {self._lease.holder} does now: this one ends"
            self._bus.from_thread(lambda: self._bus.fail(BusError(text)))
        elif not holds:
            self._supervisor.standby = f"{self._lease.holder} is the supervisor of {self._supervisor.home}; this one stands by"

    def _begin(self) -> None:
        _log.info("%s holds the lease and acts", self._lease.me)
        self._supervisor.standby = ""
        self._bus.start()

    def _give_back(self) -> None:
        self._ended.set()
        if self._is_held:
            with suppress(ApiError):  # It runs out by itself.
                self._lease.give_back()
