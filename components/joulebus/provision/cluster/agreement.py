"""Who has the last word about a device: the home, whose roster is changed on the bus, or the cluster, where somebody scales it. Pure.

Both are looked at, and what they last agreed upon, which is an annotation of the Deployment. Whoever differs from it has changed its
mind since and is followed; when both do, they want the same, for there are only two states. So no event need be seen, and a supervisor
that starts in between decides as one that has seen everything.
"""

from dataclasses import dataclass
from typing import Literal

Move = Literal["none", "make", "scale", "switch", "agree"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A Deployment, as far as it matters here."""

    replicas: int
    agreed: int | None = None
    """None: nobody has agreed upon anything yet."""


@dataclass(frozen=True, slots=True)
class Accord:
    """What is to be done about a device."""

    act: Move
    runs: bool
    """What holds once it is done."""
    too_many: int = 0
    """So many replicas were asked for; a device is there once or not."""


def decide(runs: bool, seen: Seen | None) -> Accord:
    """What brings home and cluster in line; ``runs`` is what the home wants, ``seen`` its Deployment.

    ``make``: there is no Deployment. ``scale``: the home has changed its mind, or there were too many replicas. ``switch``: the cluster
    has changed its mind, so the home is to follow. ``agree``: both want the same, and it is to be written down.
    """
    if seen is None:
        return Accord("make", runs)
    wanted = seen.replicas > 0
    agreed = wanted if seen.agreed is None else seen.agreed > 0  # When nobody knows, the home knows better.
    too_many = seen.replicas if seen.replicas > 1 else 0
    if wanted != runs and wanted != agreed:
        return Accord("switch", wanted, too_many)
    if wanted != runs or too_many:
        return Accord("scale", runs, too_many)
    if seen.agreed != int(runs):
        return Accord("agree", runs)
    return Accord("none", runs)
