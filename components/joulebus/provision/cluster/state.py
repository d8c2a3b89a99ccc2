"""What the cluster says about the parts of a home, in the words of the seam. Pure."""

from collections.abc import Iterable
from datetime import datetime

from joulebus.provision import ROUTER, SUPERVISOR, Condition
from joulebus.provision.cluster import names
from joulebus.provision.cluster.api import ApiObject
from joulebus.registry import INVERTER
from joulebus_schemas.calls import PartState

OTHER_WORDS = {"hub": INVERTER, "supervisor": SUPERVISOR, "router": ROUTER}
"""Parts by the label ``app.kubernetes.io/component``, where it is another word than ours."""
OF_CHART = ("balancer", "historian", "hub", "router", "screen")
"""Those that the chart makes, and that may be started again."""


def part_of(pod: ApiObject) -> str | None:
    """The part of a home that a pod is: a device's name, or a component's; None when nobody says so."""
    found: dict[str, str] = pod["metadata"].get("labels", {})
    component = found.get("app.kubernetes.io/component")
    return found.get(names.LABEL_DEVICE) or OTHER_WORDS.get(component or "", component)


def chart_parts() -> dict[str, str]:
    """Parts that the chart makes, by our words for them: the ends of their Deployments' names."""
    return {OTHER_WORDS.get(component, component): component for component in OF_CHART}


def newest_pods(pods: Iterable[ApiObject]) -> dict[str, ApiObject]:
    """The pod of each part; of several, the one made last that is not on its way out."""

    def rank(pod: ApiObject) -> tuple[bool, str]:
        return "deletionTimestamp" not in pod["metadata"], pod["metadata"]["creationTimestamp"]

    found = sorted(pods, key=rank)
    return {name: pod for pod in found if (name := part_of(pod)) is not None}


def condition(replicas: int, pod: ApiObject | None, vanished: int = 0) -> Condition:
    """The state of a part; ``vanished`` is how many of its pods have gone without being asked to."""
    if replicas == 0:
        return Condition("stopped", 0, restarts=vanished)
    if pod is None:
        return Condition("starting", 1, restarts=vanished)
    state, why = _state(pod)
    status = _main(pod)
    ended = status.get("lastState", {}).get("terminated") or status.get("state", {}).get("terminated") or {}
    since = status.get("state", {}).get("running", {}).get("startedAt")
    return Condition(
        state,
        1,
        since_unix_seconds=None if since is None else datetime.fromisoformat(since).timestamp(),
        restarts=vanished + int(status.get("restartCount", 0)),
        exit_code=ended.get("exitCode"),
        message=why,
    )


def _main(pod: ApiObject) -> ApiObject:
    """The status of its first container."""
    first = pod["spec"]["containers"][0]["name"]
    statuses: list[ApiObject] = pod.get("status", {}).get("containerStatuses", [])
    return next((one for one in statuses if one["name"] == first), {})


def _state(pod: ApiObject) -> tuple[PartState, str]:
    state = _main(pod).get("state", {})
    if "running" in state and "deletionTimestamp" not in pod["metadata"]:
        return "running", ""
    waiting = state.get("waiting", {})
    why = ": ".join(filter(None, (waiting.get("reason"), waiting.get("message"))))
    if waiting.get("reason") == "CrashLoopBackOff" or "terminated" in state:
        return "ended", why
    return "starting", why or next(
        (one.get("message", "") for one in pod.get("status", {}).get("conditions", []) if one["status"] == "False"), ""
    )
