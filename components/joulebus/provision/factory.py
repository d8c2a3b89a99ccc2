"""Which provisioner a home has: the one place that knows them all."""

from typing import Literal

from joulebus.provision import Provisioner, Setup
from joulebus.provision.local import LocalHome
from joulebus.rundir import state_directory

ProvisionerKind = Literal["processes"]


def provisioner(home: str, setup: Setup | None = None, on: ProvisionerKind = "processes") -> Provisioner:
    """The provisioner of a home by name: to start it, or to look at it from outside."""
    makers = {"processes": lambda: LocalHome(state_directory() / home, home, setup)}
    return makers[on]()
