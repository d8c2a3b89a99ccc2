"""The objects of a device in a cluster, as they are sent to the API server. Pure."""

import hashlib
import json
from dataclasses import dataclass

from joulebus.addresses import EVERYBODY_HERE
from joulebus.provision.cluster import names
from joulebus.provision.cluster.api import ApiObject
from joulebus.provision.cluster.pods import PodSettings
from joulebus.registry import DEVICE, METRICS_PORT

TICKET_FOLDER = "/run/joulebus/ticket"
HOME_FOLDER = "/run/joulebus/home"
"""The folder of the home file in every pod: properties name files by their whole path."""
SECRETS_FOLDER = "secrets"
"""The folder below it of files that are secret."""
OPTIONAL = ("imagePullSecrets", "nodeSelector", "tolerations", "affinity", "priorityClassName")
"""What a pod leaves out where nobody has set it."""


@dataclass(frozen=True, slots=True)
class PodDevice:
    """A device of a home, as its pod is to run it."""

    home: str
    name: str
    arguments: tuple[str, ...] = ()
    kind: str = DEVICE
    ports: tuple[int, ...] = ()
    """TCP ports, open to others."""
    secrets: tuple[str, ...] = ()
    """The files below ``secrets/`` that it reads."""


def deployment(device: PodDevice, pods: PodSettings, owner: ApiObject | None, replicas: int) -> ApiObject:
    """The Deployment of a device; ``owner`` is the object with which it goes."""
    template = pod_template(device, pods)
    annotations = {names.AGREED: str(replicas), names.TEMPLATE: template_hash(template)}
    metadata: ApiObject = {"name": names.object_name(device.name), "labels": labels(device, pods), "annotations": annotations}
    if owner is not None:
        metadata["ownerReferences"] = [owner]
    spec = {
        "replicas": replicas,
        "revisionHistoryLimit": 2,
        "strategy": {"type": "Recreate"},  # Two pods of a device would speak with one voice each.
        "selector": {"matchLabels": selector_labels(device, pods)},
        "template": template,
    }
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def template_hash(template: ApiObject) -> str:
    """Tells templates apart."""
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:16]


def labels(device: PodDevice, pods: PodSettings) -> ApiObject:
    """All labels of a device's objects."""
    common = {
        "app.kubernetes.io/name": "joulebus",
        "app.kubernetes.io/component": DEVICE,
        "app.kubernetes.io/part-of": "joulebus",
        "app.kubernetes.io/version": pods.version,
        "app.kubernetes.io/managed-by": names.MANAGER,
        names.LABEL_HOME: device.home,
        names.LABEL_KIND: device.kind,
    }
    chart = {"helm.sh/chart": pods.chart} if pods.chart else {}
    return {**pods.labels, **common, **chart, **selector_labels(device, pods)}


def selector_labels(device: PodDevice, pods: PodSettings) -> ApiObject:
    """Labels by which a device's Deployment finds its pods; they never change."""
    return {"app.kubernetes.io/instance": pods.release, names.LABEL_DEVICE: device.name}


def devices_of(release: str) -> str:
    """The query for all devices of a release."""
    return names.selector(
        {
            "app.kubernetes.io/component": DEVICE,
            "app.kubernetes.io/instance": release,
            "app.kubernetes.io/managed-by": names.MANAGER,
        }
    )


def pod_template(device: PodDevice, pods: PodSettings) -> ApiObject:
    """The pod of a device: no rights in the cluster, no root, nothing to write to but memory."""
    spec: ApiObject = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": pods.termination_seconds,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": pods.user,
            "runAsGroup": pods.user,
            "fsGroup": pods.user,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container(device, pods)],
        "volumes": [
            {
                "name": "ticket",
                "secret": {"secretName": names.ticket_secret(pods.release, device.name, is_device=True), "defaultMode": 0o440},
            },
            home_volume(device, pods),
            {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
        ],
    }
    pull_secrets = [{"name": name} for name in pods.pull_secrets]
    values = (pull_secrets, pods.node_selector, list(pods.tolerations), pods.affinity, pods.priority_class)
    spec |= {name: value for name, value in zip(OPTIONAL, values, strict=True) if value}
    metadata: ApiObject = {"labels": labels(device, pods)}
    if pods.annotations:
        metadata["annotations"] = dict(pods.annotations)
    return {"metadata": metadata, "spec": spec}


def home_volume(device: PodDevice, pods: PodSettings) -> ApiObject:
    """The folder of the home file; of the files that are secret, those alone that the device names."""
    if not (pods.home_secret and device.secrets):
        return {"name": "home", "configMap": {"name": pods.home_config}}
    items = [{"key": name, "path": f"{SECRETS_FOLDER}/{name}"} for name in device.secrets]
    sources = [{"configMap": {"name": pods.home_config}}, {"secret": {"name": pods.home_secret, "items": items}}]
    return {"name": "home", "projected": {"defaultMode": 0o440, "sources": sources}}


def whole(template: ApiObject) -> ApiObject:
    """A template as a patch: what it does not say is taken away, where it was said before."""
    return {**template, "spec": {**dict.fromkeys(OPTIONAL), **template["spec"]}}


def container(device: PodDevice, pods: PodSettings) -> ApiObject:
    """The one container of a device's pod."""
    return {
        "name": "device",
        "image": pods.image,
        "imagePullPolicy": pods.pull_policy,
        "args": [DEVICE, *common_arguments(device.home, pods), *device.arguments],
        "ports": [
            {"name": "metrics", "containerPort": METRICS_PORT},
            *({"name": f"port-{port}", "containerPort": port} for port in device.ports),
        ],
        "resources": pods.resources_by_kind.get(device.kind, pods.resources),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "startupProbe": {**_probe("/healthz"), "periodSeconds": 1, "failureThreshold": 300},
        "livenessProbe": {**_probe("/healthz"), "periodSeconds": 10, "failureThreshold": 3},
        "readinessProbe": {**_probe("/readyz"), "periodSeconds": 2},
        "volumeMounts": [
            {"name": "ticket", "mountPath": TICKET_FOLDER, "readOnly": True},
            {"name": "home", "mountPath": HOME_FOLDER, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},
        ],
    }


def common_arguments(home: str, pods: PodSettings) -> list[str]:
    """What every component is told."""
    words = ["--home", home, "--router", pods.router, "--ticket-file", f"{TICKET_FOLDER}/{names.TICKET_KEY}"]
    words += ["--metrics-port", str(METRICS_PORT), "--metrics-address", EVERYBODY_HERE]
    return words + (["--models", pods.models, "--models-cache", "/tmp/models"] if pods.models else [])


def _probe(path: str) -> ApiObject:
    return {"httpGet": {"path": path, "port": "metrics"}, "timeoutSeconds": 3}


def event(about: ApiObject, reason: str, text: str, now: str) -> ApiObject:
    """An Event about an object: what the home has to say to people who look at the cluster. ``now`` is in ISO 8601."""
    metadata = about["metadata"]
    involved = {
        "apiVersion": about.get("apiVersion", "apps/v1"),
        "kind": about.get("kind", "Deployment"),
        "name": metadata["name"],
        "namespace": metadata.get("namespace"),
        "uid": metadata.get("uid"),
    }
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{metadata['name']}."},
        "involvedObject": {name: value for name, value in involved.items() if value},
        "reason": reason,
        "message": text[:1000],
        "type": "Normal" if reason in NORMAL else "Warning",
        "count": 1,
        "firstTimestamp": now,
        "lastTimestamp": now,
        "source": {"component": names.MANAGER},
    }


NORMAL = frozenset({"SwitchedOn", "SwitchedOff", "Back"})
"""Reasons of Events that are no trouble."""
