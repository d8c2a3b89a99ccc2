"""A home in a Kubernetes namespace, reached as the API server allows it: `kubectl` forwards a port and reads the owner's ticket."""

import base64
import json
import os
import re
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joulebus.addresses import GUEST_PORT, LOOPBACK
from joulebus.cli.elsewhere import ASKS, Elsewhere, said_by, visiting
from joulebus.errors import BusError, RosterError, SetupError, UsageError
from joulebus.extras import need
from joulebus.provision.cluster.access import ClusterAccess
from joulebus.provision.cluster.state import newest_pods
from joulebus.provision.keys import write_private
from joulebus.provision.process import die_with_parent
from joulebus_schemas.principals import OWNER, person

COMPONENTS_PORT = 8081
"""Where the router of a home in a cluster takes components, and the home's owner."""
FORWARD_SECONDS_MAX = 20.0
CHART_LABEL, RELEASE_LABEL, HOME_LABEL = "app.kubernetes.io/name=joulebus", "app.kubernetes.io/instance", "joulebus.io/home"


@contextmanager
def reached(namespace: str | None, command: str) -> Iterator[None]:
    """For the time of a command: the home of a namespace, or the one that the environment names, as if it ran here.

    Raises:
        UsageError: The command is about this machine, or the environment does not say enough.
    """
    if command not in ASKS:
        raise UsageError(f"`joulebus {command}` is about this machine; a home elsewhere can be asked by {', '.join(sorted(ASKS))}")
    if namespace is not None:
        with in_cluster(namespace) as place, visiting(place, command):
            yield
        return
    found = said_by(os.environ)
    assert found is not None, "whoever asks has seen it in the environment"
    with visiting(found, command):
        yield


@contextmanager
def in_cluster(namespace: str) -> Iterator[Elsewhere]:
    """The home of a namespace, for as long as a port is forwarded to it.

    Raises:
        SetupError: kubectl is missing.
        BusError: There is no home in the namespace, or the API server does not let this user in.
    """
    release, home = find_home(namespace)
    with tempfile.TemporaryDirectory(prefix="joulebus-") as folder:
        ticket = Path(folder) / "ticket"
        secret = json.loads(kubectl(namespace, "get", "secret", f"{release}-{OWNER}-ticket", "--output", "json"))
        write_private(ticket, base64.b64decode(secret["data"]["ticket"]).decode())
        with forwarded(namespace, f"service/{release}-router", COMPONENTS_PORT) as port:
            yield Elsewhere(home, f"ws://{LOOPBACK}:{port}/", person(home, OWNER), str(ticket))


def find_home(namespace: str) -> tuple[str, str]:
    """The release and the name of the home in a namespace.

    Raises:
        BusError: There is none.
    """
    selector = f"{CHART_LABEL},app.kubernetes.io/component=home"
    found = json.loads(kubectl(namespace, "get", "configmap", "--selector", selector, "--output", "json"))["items"]
    if not found:
        raise BusError(f"a home must be in the namespace {namespace}, but none is; start one with `joulebus up --on kubernetes FILE`")
    labels = found[0]["metadata"]["labels"]
    return labels[RELEASE_LABEL], labels[HOME_LABEL]


def people_address(namespace: str) -> tuple[str, str]:
    """Where people and foreign devices come to the home of a namespace; and what must be so for it, "" when nothing must.

    Raises:
        SetupError: kubectl is missing.
        BusError: There is no home in the namespace, or the API server does not let this user in.
    """
    release, _ = find_home(namespace)
    found = kubectl(namespace, "get", "ingress", f"{release}-front", "--output", "json", "--ignore-not-found")
    if found:
        return f"wss://{json.loads(found)['spec']['rules'][0]['host']}/", ""
    forward = f"kubectl port-forward --namespace {namespace} service/{release}-router {GUEST_PORT}"
    return f"ws://{LOOPBACK}:{GUEST_PORT}/", f"it is good while this runs: {forward}"


def people_of(namespace: str) -> ClusterAccess:
    """Who may come to the home of a namespace.

    Raises:
        SetupError: kubectl, or the client of Kubernetes, is missing.
        BusError: There is no home in the namespace.
    """
    need("kubernetes")
    from joulebus.provision.kubernetes import ApiServer

    release, home = find_home(namespace)
    return ClusterAccess(ApiServer(namespace), release, home)


def pod_log(namespace: str, name: str, lines: int, follow: bool) -> Iterator[str]:
    """Lines of the pod of a part.

    Raises:
        SetupError: kubectl is missing.
        BusError: There is no home in the namespace, or the API server does not let this user in.
        RosterError: The part has no pod.
    """
    release, home = find_home(namespace)
    found = json.loads(kubectl(namespace, "get", "pods", "--selector", f"{CHART_LABEL},{RELEASE_LABEL}={release}", "--output", "json"))
    pods = newest_pods(found["items"])
    if name not in pods:
        raise RosterError(f"there is no log of {name} in {home}; there are logs of {', '.join(sorted(pods)) or 'nothing'}")
    first = pods[name]["spec"]["containers"][0]["name"]
    words = ["logs", pods[name]["metadata"]["name"], "--container", first, f"--tail={lines}", f"--follow={str(follow).lower()}"]
    child = subprocess.Popen(
        [program("kubectl"), "--namespace", namespace, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(os.getpid()),
    )
    assert child.stdout is not None
    try:
        yield from (line.rstrip("\n") for line in child.stdout)
    finally:
        child.kill()
        child.wait()


def kubectl(namespace: str, *words: str) -> str:
    """What kubectl prints.

    Raises:
        SetupError: kubectl is missing.
        BusError: It failed; its last line says why.
    """
    done = subprocess.run([program("kubectl"), "--namespace", namespace, *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise BusError(
            f"the cluster must answer `kubectl {' '.join(words[:2])}` in the namespace {namespace}, but says: {last_line(done.stderr)}"
        )
    return done.stdout


def program(name: str) -> str:
    """Where a program is. Raises :class:`SetupError` when it is not on the PATH."""
    found = shutil.which(name)
    if found is None:
        raise SetupError(f"a home in a cluster needs {name} on the PATH, but there is none: install it, then try again")
    return found


def last_line(text: str) -> str:
    """The end of what a program said, in a line."""
    lines = text.strip().splitlines()
    return lines[-1] if lines else "nothing"


@contextmanager
def forwarded(namespace: str, target: str, port: int) -> Iterator[int]:
    """A free port of this machine that leads to one in the cluster.

    Raises:
        SetupError: kubectl is missing.
        BusError: The API server does not forward it.
    """
    child = subprocess.Popen(
        [program("kubectl"), "--namespace", namespace, "port-forward", "--address", LOOPBACK, target, f":{port}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the command, which ends it.
        preexec_fn=die_with_parent(os.getpid()),
    )
    try:
        yield _port_of(child, target)
    finally:
        child.kill()
        child.communicate()


def _port_of(child: subprocess.Popen[str], target: str) -> int:
    assert child.stdout is not None and child.stderr is not None
    ready, _, _ = select.select([child.stdout], [], [], FORWARD_SECONDS_MAX)
    found = re.search(r":(\d+) ->", child.stdout.readline()) if ready else None
    if found is None:
        child.kill()
        raise BusError(f"the API server must forward a port to {target}, but does not: {last_line(child.stderr.read())}")
    return int(found[1])
