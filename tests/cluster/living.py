"""A home in a namespace of a real cluster, as people see it: through kubectl, Helm and the command line; and its books, copied out."""

import io
import json
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joulebus_schemas.versions import SPECIFICATION
from tests.real.commands import printed
from tests.real.router import ROOT, wait_until
from tests.stories.living import JOULEBUS, LivingHome

RELEASE = "house"
IMAGE = f"{os.environ.get('PREFIX', 'joulebus.local/')}joulebus"
TAG = os.environ.get("TAG", SPECIFICATION)
POSTGRESQL = os.environ.get("JOULEBUS_POSTGRESQL_IMAGE", "postgres:17-bookworm")
FLOWS_SECONDS_MAX = 600.0
"""Generous: on two cores that thirty others want, a home takes minutes to come up."""
COMMAND_SECONDS_MAX = 300.0
SETTINGS = {"image.prefix": os.environ.get("PREFIX", "joulebus.local/"), "image.tag": TAG, "web.enabled": "false"}
SETTINGS |= {f"resources.{part}.requests.cpu": "150m" for part in ("device", "router", "principals", "hub", "supervisor", "historian")}
"""A pod gets as much of a busy machine as it has asked for."""
MODEST = {name.replace(".", "_"): "15m" for name in SETTINGS if name.endswith("requests.cpu")}
"""For a large home, and for two at once: a node takes no pod whose processor it does not have."""
RESTRICTED = "pod-security.kubernetes.io/enforce=restricted"
COPY = "import sys, tarfile; tarfile.open(fileobj=sys.stdout.buffer, mode='w|').add('/var/lib/joulebus', '.')"


def _is_text(name: str, value: str) -> bool:
    """Whether Helm takes a value as it stands, and not as a truth value or a list."""
    return "." in name and "enabled" not in name and not value.startswith("{")


def run(*words: str) -> str:
    """A command of the machine; what it prints."""
    return printed(*words, seconds=COMMAND_SECONDS_MAX)


@dataclass
class PodHome:
    """One home of one namespace."""

    file: Path
    namespace: str
    folder: Path
    """For what is copied out of the cluster."""

    def __post_init__(self) -> None:
        self.name = self.file.stem
        self.copies = 0

    # Its life

    def install(self, secrets: Mapping[str, Mapping[str, str]], **settings: str) -> "PodHome":
        """By the chart, with Secrets that must be there before; waits until energy flows."""
        run("kubectl", "delete", "namespace", self.namespace, "--ignore-not-found")  # Of a run that was killed.
        run("kubectl", "create", "namespace", self.namespace)
        run("kubectl", "label", "namespace", self.namespace, RESTRICTED)
        for name, texts in secrets.items():
            literals = [f"--from-literal={key}={text}" for key, text in texts.items()]
            run("kubectl", "-n", self.namespace, "create", "secret", "generic", name, *literals)
        said = SETTINGS | {name.replace("_", "."): value for name, value in settings.items()}
        values = [
            word for name, value in said.items() for word in ("--set-string" if _is_text(name, value) else "--set", f"{name}={value}")
        ]
        run("helm", "install", RELEASE, "helm/joulebus", "-n", self.namespace, "--set-file", f"home={self.file}", *values)
        self.wait_until(
            lambda: self.deployment("house-supervisor").get("status", {}).get("readyReplicas"), "energy flows", FLOWS_SECONDS_MAX
        )
        return self

    def end(self) -> None:
        """Nothing is left of it."""
        subprocess.run(["helm", "uninstall", RELEASE, "-n", self.namespace, "--no-hooks"], cwd=ROOT, capture_output=True)
        run("kubectl", "delete", "namespace", self.namespace, "--wait=false", "--ignore-not-found")

    def kubectl(self, *words: str) -> str:
        """About its namespace."""
        return run("kubectl", "-n", self.namespace, *words)

    def joulebus(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """A command of the command line about this home."""
        command = [JOULEBUS, "--namespace", self.namespace, *words]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX)

    def rotate(self, name: str) -> None:
        """New tickets, by whoever may do that in the cluster."""
        words = ["tickets", "--namespace", self.namespace, "--release", RELEASE, "--home", self.name, "--rotate", name]
        run(sys.executable, "-m", "joulebus.services.cluster", *words)

    def wait_until(self, condition: Callable[[], object], what: str, seconds: float = 120.0) -> None:
        """Wait for something; what is there is said when it does not come."""
        try:
            wait_until(lambda: bool(condition()), what, seconds)
        except AssertionError as error:
            raise AssertionError(
                f"{error}\n{self.kubectl('get', 'pods,deployments', '-L', 'joulebus.io/state')}\n{self.events()[-12:]}"
            ) from None

    # What is seen of it

    def objects(self, kind: str, *words: str) -> list[dict[str, Any]]:
        """All objects of a kind."""
        found: list[dict[str, Any]] = json.loads(self.kubectl("get", kind, "-o", "json", *words))["items"]
        return found

    def deployment(self, name: str) -> dict[str, Any]:
        """One of them; empty when there is none."""
        return next((one for one in self.objects("deployments") if one["metadata"]["name"] == name), {})

    def replicas(self, name: str) -> int | None:
        """How many there should be."""
        found = self.deployment(name)
        return found["spec"]["replicas"] if found else None

    def state(self, name: str) -> str | None:
        """What the home thinks of a device."""
        found: str | None = self.deployment(name).get("metadata", {}).get("labels", {}).get("joulebus.io/state")
        return found

    def holds_from(self, name: str) -> int:
        """The tick from which it holds."""
        return int(self.deployment(name)["metadata"]["annotations"]["joulebus.io/holds-from-tick"])

    def events(self) -> list[str]:
        """Reasons and texts of what was said about devices."""
        ours = [one for one in self.objects("events") if one.get("source", {}).get("component") == "joulebus-supervisor"]
        return [f"{one['reason']} {one['involvedObject']['name']}: {one['message']}" for one in ours]

    def pods_of(self, device: str) -> list[str]:
        """Names of its pods."""
        return [one["metadata"]["name"] for one in self.objects("pods", "-l", f"joulebus.io/device={device}")]

    def pods_in(self, component: str) -> list[dict[str, Any]]:
        """Pods of a part of the chart that are not on their way out."""
        found = self.objects("pods", "-l", f"app.kubernetes.io/component={component}")
        return [one for one in found if "deletionTimestamp" not in one["metadata"]]

    def said_by(self, pod: str) -> str:
        """What a pod has printed; nothing before it runs."""
        asked = subprocess.run(["kubectl", "-n", self.namespace, "logs", pod], capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX)
        return asked.stdout

    def kill(self, *pods: str) -> None:
        """As a node that breaks."""
        self.kubectl("delete", "pod", "--force", "--grace-period=0", *pods)

    def tick(self) -> int:
        """The first tick that is not settled, as the hub says it to whoever probes it; of two hubs the one that has the books is ready."""
        hubs = self.pods_in("hub")
        if len(hubs) > 1:
            hubs = [one for one in hubs if any(each["ready"] for each in one["status"].get("containerStatuses", []))]
        [hub] = [one["metadata"]["name"] for one in hubs]
        return int(json.loads(run("kubectl", "get", "--raw", f"/api/v1/namespaces/{self.namespace}/pods/{hub}:9464/proxy/healthz"))["tick"])

    def wait_for_tick(self, tick: int, seconds: float = 180.0) -> None:
        """Wait until time has come so far."""
        self.wait_until(lambda: self.books_reach(tick), f"tick {tick} is settled", seconds)

    def books_reach(self, tick: int) -> bool:
        """Whether the journal holds a tick; False while nobody answers."""
        with suppress(AssertionError, ValueError, TypeError):  # It has no pod, or that does not answer yet.
            return self.tick() >= tick
        return False

    def seconds_until(self, condition: Callable[[], object], what: str, seconds: float = 120.0) -> float:
        """Wait, and say how long it took on the wall."""
        began = time.monotonic()
        self.wait_until(condition, what, seconds)
        return time.monotonic() - began

    # Its books

    def books(self) -> LivingHome:
        """A copy of its journal as it is now, with all that can be asked of one."""
        self.copies += 1
        target = self.folder / f"copy_{self.copies}"
        command = ["kubectl", "-n", self.namespace, "exec", "deploy/house-hub", "-c", "hub", "--", "python", "-c", COPY]
        packed = subprocess.run(command, capture_output=True, timeout=COMMAND_SECONDS_MAX, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(target / self.name, filter="data")
        return LivingHome(self.file, target)

    def nothing_is_missing(self) -> LivingHome:
        """The audit recomputes every tick and every seal; the books that it has read."""
        books = self.books()
        audit = subprocess.run([JOULEBUS, "audit", str(books.journal_path)], capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX)
        assert (audit.returncode, "0 J missing" in audit.stdout) == (0, True), audit.stdout + audit.stderr
        return books
