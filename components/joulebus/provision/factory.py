"""Which provisioner a home has: the one place that knows them all."""

from typing import Literal

from joulebus.extras import need
from joulebus.provision import Provisioner, Setup
from joulebus.provision.cluster.home import ClusterHome
from joulebus.provision.cluster.pods import read_pod_settings
from joulebus.provision.local import LocalHome
from joulebus.rundir import state_directory

ProvisionerKind = Literal["processes", "kubernetes"]


def provisioner(home: str, setup: Setup | None = None, on: ProvisionerKind = "processes") -> Provisioner:
    """The provisioner of a home by name: to start it, or to look at it from outside."""
    if on == "kubernetes":
        return cluster_home(home, setup or Setup())
    return LocalHome(state_directory() / home, home, setup)


def cluster_home(home: str, setup: Setup) -> ClusterHome:
    """The devices of a home in the namespace of a cluster.

    Raises:
        SetupError: No cluster is named, or the settings of the pods are wrong, or the client of Kubernetes is not installed.
    """
    need("kubernetes")
    from joulebus.provision.kubernetes import ApiServer

    assert setup.pods is not None, "in a cluster somebody says how pods are to be"
    return ClusterHome(ApiServer(), home, read_pod_settings(setup.pods))
