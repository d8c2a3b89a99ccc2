"""What the objects of a home are called in a cluster, and by which labels and annotations one finds them. Pure."""

from joulebus.provision.cluster.api import ApiObject
from joulebus_schemas.principals import OWNER, PERSON

LABEL_HOME, LABEL_DEVICE, LABEL_KIND, LABEL_STATE = (f"joulebus.io/{name}" for name in ("home", "device", "kind", "state"))
AGREED = "joulebus.io/agreed-replicas"
"""Annotation: what cluster and home last agreed upon. Whoever differs from it has changed its mind since."""
HOLDS_FROM = "joulebus.io/holds-from-tick"
CHANGED_BY = "joulebus.io/changed-by"
TEMPLATE = "joulebus.io/template"
"""Annotation: a hash of the pod's template as we made it; another one is replaced."""
RESTARTED = "joulebus.io/restarted-at"
MANAGER = "joulebus-supervisor"
TICKET_KEY = "ticket"
PERSON_KEY = "person-"
"""``~anna`` cannot be a key of a Secret."""


def object_name(device: str) -> str:
    """The Deployment of a device. No device's name holds ``-`` or ``.``, so no two of them get the same one."""
    stem = device.rstrip("_")
    tail = len(device) - len(stem)
    return stem.replace("_", "-") + (f".{'u' * tail}" if tail else "")


def ticket_secret(release: str, principal: str, is_device: bool = False) -> str:
    """The Secret with the ticket of a component, of a person or of a device, any two of which may be called alike."""
    kind = "device-" if is_device else PERSON_KEY if principal.startswith(PERSON) and principal != PERSON + OWNER else ""
    return f"{release}-{kind}{object_name(principal.removeprefix(PERSON))}-ticket"


def principals_secret(release: str) -> str:
    """The Secret with the hashes of all tickets, for the router."""
    return f"{release}-principals"


def lease_name(release: str) -> str:
    """The Lease of the one supervisor that acts."""
    return f"{release}-supervisor"


def principal_key(principal: str) -> str:
    """The key of somebody in the Secret of all principals."""
    name = principal.replace(PERSON, PERSON_KEY) if principal.startswith(PERSON) else principal
    return f"{name}.json"


def keyed_principal(key: str) -> str:
    """Who has this key."""
    name = key.removesuffix(".json")
    return PERSON + name.removeprefix(PERSON_KEY) if name.startswith(PERSON_KEY) else name


def selector(labels: ApiObject) -> str:
    """Labels as a query."""
    return ",".join(f"{name}={value}" for name, value in sorted(labels.items()))
