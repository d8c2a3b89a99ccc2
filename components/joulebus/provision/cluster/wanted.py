"""A device as the home wants it in the cluster, and the one patch that brings its Deployment there. Pure."""

from dataclasses import dataclass

from joulebus.provision import HomePart
from joulebus.provision.cluster import manifests, names
from joulebus.provision.cluster.agreement import Accord, Seen
from joulebus.provision.cluster.api import ApiObject
from joulebus.provision.cluster.manifests import PodDevice
from joulebus.provision.cluster.pods import PodSettings


@dataclass(frozen=True, slots=True)
class Site:
    """Where the devices of a home are to be."""

    home: str
    pods: PodSettings
    owner: ApiObject | None = None
    """The object with which they go."""


@dataclass(frozen=True, slots=True)
class Told:
    """What people who look at the cluster are told of a device."""

    state: str = "on"
    tick: int | None = None
    """From which it holds."""
    by: str = ""
    """Who has changed it last."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A device of the home."""

    part: HomePart
    runs: bool = True
    kind: str = "device"
    told: Told = Told()
    ports: tuple[int, ...] = ()
    """TCP ports, open to others."""
    secrets: tuple[str, ...] = ()
    """The files below the folder of secrets that it names."""

    def device(self, home: str) -> PodDevice:
        """As its pod is to run it."""
        return PodDevice(home, self.part.name, self.part.arguments, self.kind, self.ports, self.secrets)


def seen_of(found: ApiObject | None) -> Seen | None:
    """A Deployment, as far as the agreement goes."""
    if found is None:
        return None
    agreed = _annotations(found).get(names.AGREED)
    return Seen(found["spec"].get("replicas", 1), int(agreed) if agreed in ("0", "1") else None)


def patch_of(found: ApiObject, wanted: Wanted, decision: Accord, place: Site) -> ApiObject | None:
    """What must change about a Deployment; None when it is as it should be.

    It names the version that was seen: whoever has changed the Deployment since is not overwritten, but looked at again.
    """
    device = wanted.device(place.home)
    template = manifests.pod_template(device, place.pods)
    annotations = _told(wanted.told) | {names.TEMPLATE: manifests.template_hash(template)}
    spec: ApiObject = {}
    if decision.act in ("scale", "agree"):
        annotations[names.AGREED] = str(int(decision.runs))
    if decision.act == "scale":
        spec["replicas"] = int(decision.runs)
    if _annotations(found).get(names.TEMPLATE) != annotations[names.TEMPLATE]:
        spec["template"] = manifests.whole(template)
    labels = {**manifests.labels(device, place.pods), names.LABEL_STATE: wanted.told.state}
    same = _within(annotations, _annotations(found)) and _within(labels, found["metadata"].get("labels", {}))
    if same and not spec:
        return None
    metadata = {"resourceVersion": found["metadata"]["resourceVersion"], "annotations": annotations, "labels": labels}
    return {"metadata": metadata, **({"spec": spec} if spec else {})}


def made(wanted: Wanted, place: Site) -> ApiObject:
    """The Deployment of a device that has none."""
    found = manifests.deployment(wanted.device(place.home), place.pods, place.owner, int(wanted.runs))
    found["metadata"]["annotations"] |= _told(wanted.told)
    found["metadata"]["labels"] |= {names.LABEL_STATE: wanted.told.state}
    return found


def _told(told: Told) -> dict[str, str]:
    return {
        **({} if told.tick is None else {names.HOLDS_FROM: str(told.tick)}),
        **({names.CHANGED_BY: told.by} if told.by else {}),
    }


def _annotations(found: ApiObject) -> dict[str, str]:
    return found["metadata"].get("annotations") or {}


def _within(some: dict[str, str], many: dict[str, str]) -> bool:
    return some.items() <= many.items()
