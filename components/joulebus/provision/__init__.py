"""What starts a home: keys, router and processes on this machine. Pods are another answer to the same seam."""

from typing import Protocol

from joulebus_schemas.roster import Member


class Provisioner(Protocol):
    """Lets devices run: switching a device is scaling it, one is on and zero is off."""

    def start(self, name: str, member: Member) -> None:
        """Let a device run once, from now on; running already is fine."""

    def stop(self, name: str) -> None:
        """Let it run no more; not running is fine."""
