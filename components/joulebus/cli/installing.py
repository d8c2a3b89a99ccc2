"""``joulebus up --on kubernetes``: a home in a namespace of its own, by our chart, until energy flows."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

import joulebus
from joulebus.cli.clusters import find_home, kubectl, last_line, program, reached
from joulebus.cli.up import start_of
from joulebus.cli.watching import watch
from joulebus.errors import BusError, HomeFileError, SetupError, UsageError
from joulebus.homefile.home_file import HomeFile, load_home_file

CHARTS = (Path(joulebus.__file__).parent / "chart", Path(joulebus.__file__).parents[2] / "helm" / "joulebus")
"""Where the chart is: in the package, or in the tree of the sources."""
FLOWS_SECONDS_MAX = 300
FILES_BYTES_MAX = 900_000
"""Kubernetes keeps a ConfigMap of at most 1 MiB."""
KNOWN = ("file", "detach", "headless", "keep", "on", "speed", "start", "values")
"""Options of `joulebus up` that mean something in a cluster; everything else is a value of the chart."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A home as it is to be in a cluster."""

    release: str
    namespace: str
    file: Path
    settings: Mapping[str, str]
    """Values of the chart, by their paths."""
    values: Path | None = None
    """File with further ones."""


def run_in_cluster(options: Any, namespace: str | None) -> None:
    """Start a home in a cluster, and show it until this command is ended; the home lives on.

    Raises:
        UsageError: An option is about this machine.
        JoulebusError: Something is missing, or energy does not flow.
    """
    began = time.monotonic()
    file = load_home_file(options.file)
    home = installation(options, file, namespace)
    install_home(home)
    devices = sum(member.on for member in file.members.values())
    where = f"in the namespace {home.namespace}"
    print(f"{file.name} is up after {time.monotonic() - began:.1f} s: {devices} devices {where}", file=sys.stderr)
    if options.detach or options.headless:
        print(
            f"`joulebus --namespace {home.namespace} watch` shows it; `joulebus --namespace {home.namespace} down` ends it", file=sys.stderr
        )
        return
    with reached(home.namespace, "watch"):
        watch(file.name)


def installation(options: Any, file: HomeFile, namespace: str | None) -> Installation:
    """What was asked for.

    Raises:
        UsageError: An option is about this machine.
    """
    given = [one.name for one in fields(options) if one.name not in KNOWN and getattr(options, one.name) != one.default]
    if given:
        names = ", ".join("--" + name.rstrip("_").replace("_", "-") for name in given)
        raise UsageError(f"{names} is about homes on this machine; with --on kubernetes give the chart its values with --values FILE")
    name = file.name.replace("_", "-")
    start = None if options.start is None else datetime.fromtimestamp(start_of(options.start, file), UTC).isoformat()
    said = {"clock.speed": options.speed, "clock.start": start, "history.keep": options.keep}
    settings = {path: value for path, value in said.items() if value is not None}
    return Installation(name, namespace or name, options.file, settings, options.values)


def install_home(home: Installation) -> None:
    """Install or upgrade it, and wait until energy flows.

    Raises:
        SetupError: helm, kubectl or the chart is missing, or helm refuses.
        BusError: Energy does not flow in time; who is not ready is named.
        HomeFileError: A file that the home file names is not beside it, or they are too large.
    """
    words = ["upgrade", "--install", home.release, str(_chart()), "--namespace", home.namespace, "--create-namespace"]
    words += ["--set-file", f"home={home.file}", *_files_beside(home.file)]
    for path, value in home.settings.items():
        words += ["--set-string", f"{path}={value}"]
    words += ["--values", str(home.values)] if home.values is not None else []
    _helm(words)
    _wait(home)


def _helm(words: list[str]) -> None:
    done = subprocess.run([program("helm"), *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise SetupError(f"helm must {words[0]} the home, but says: {last_line(done.stderr)}")


def uninstall(namespace: str) -> str:
    """Remove the home of a namespace; its journal stays. The name of the home.

    Raises:
        BusError: There is no home in the namespace.
        SetupError: helm is missing, or refuses.
    """
    release, home = find_home(namespace)
    _helm(["uninstall", release, "--namespace", namespace, "--wait"])
    return home


def _wait(home: Installation) -> None:
    """The supervisor is ready as soon as energy flows; after an upgrade router and hub may still be on their way."""
    try:
        for part in ("router", "hub", "supervisor"):
            kubectl(home.namespace, "rollout", "status", f"deployment/{home.release}-{part}", f"--timeout={FLOWS_SECONDS_MAX}s")
    except BusError:
        raise BusError(
            f"energy must flow in {home.release} within {FLOWS_SECONDS_MAX} s, but does not: {_unready(home)}; "
            f"`kubectl get events --namespace {home.namespace}` says more"
        ) from None


def _unready(home: Installation) -> str:
    pods = json.loads(kubectl(home.namespace, "get", "pods", "--output", "json"))["items"]
    waiting = [pod["metadata"]["name"] for pod in pods if not _is_ready(pod)]
    return f"not ready are {', '.join(waiting[:5])}" if waiting else "all pods are ready"


def _is_ready(pod: Mapping[str, Any]) -> bool:
    status = pod.get("status", {})
    return status.get("phase") == "Succeeded" or all(one["ready"] for one in status.get("containerStatuses", [{"ready": False}]))


def _chart() -> Path:
    for folder in CHARTS:
        if (folder / "Chart.yaml").is_file():
            return folder
    raise SetupError("the chart must be in helm/joulebus of the sources, but is not here: run this from a checkout of joulebus")


def _files_beside(file: Path) -> list[str]:
    """Files that the home file names, which pods find beside it as well."""
    words, size = [], 0
    for name in sorted(set(_texts(yaml.safe_load(file.read_text())))):
        path = file.parent / name
        if not path.is_file() or path == file:
            continue
        if path.parent != file.parent:
            raise HomeFileError(f"in a cluster the files of a home must be beside it, but {file} names {name}: move it there")
        size += path.stat().st_size
        words += ["--set-file", f"files.{name.replace('.', chr(92) + '.')}={path}"]
    if size > FILES_BYTES_MAX:
        raise HomeFileError(f"in a cluster the files of a home may have {FILES_BYTES_MAX:,} bytes, but those of {file} have {size:,}")
    return words


def _texts(thing: Any) -> Iterator[str]:
    """All texts in a home file that could name a file."""
    if isinstance(thing, str) and 0 < len(thing) < 256 and "\n" not in thing:
        yield thing
    for inner in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        yield from _texts(inner)
