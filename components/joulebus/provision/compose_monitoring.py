"""What Prometheus and Grafana read in a home of containers: where its parts answer, rules, alerts, and dashboards."""

import json
import shutil
from pathlib import Path
from typing import Any

from joulebus.files import replace_in_one_step
from joulebus.home.outside import lives_outside
from joulebus.homefile.home_file import HomeFile
from joulebus.registry import INVERTER, METRICS_PORT
from joulebus_schemas.principals import device

SHARED = Path("/usr/share/joulebus")
"""Where the image keeps what this tree has in infra/prometheus and infra/grafana."""
FOLDER_MODE, FILE_MODE = 0o755, 0o644
"""Programs of others read this, as users of their own; nothing in it is secret."""


def write_monitoring(folder: Path, file: HomeFile, shared: Path = SHARED) -> None:
    """Write all of it, also what is there already."""
    dashboards, sources, providers = (folder / "grafana" / name for name in ("all", "datasources", "dashboards"))
    for one in (dashboards, sources, providers):
        one.mkdir(parents=True, exist_ok=True)
    for name in ("rules.yml", "alerts.yml"):
        shutil.copyfile(shared / "prometheus" / name, folder / name)
    for path in sorted((shared / "grafana").glob("*.json")):
        shutil.copyfile(path, dashboards / path.name)
    _write(folder / "targets.json", targets(file))
    _write(folder / "prometheus.yml", prometheus(folder))
    _write(sources / "joulebus.yml", datasources())
    _write(providers / "joulebus.yml", provider(dashboards))
    for path in (folder, *folder.rglob("*")):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)


def targets(file: HomeFile) -> list[dict[str, Any]]:
    """Where each part of a home answers, with the labels that it has on a machine, too."""
    balancer = ["balancer"] if file.market is not None else []
    devices = [name for name, one in file.members.items() if one.kind != "inverter" and not lives_outside(one)]
    parts = [INVERTER, "historian", *balancer, "screen", "home", *devices]
    return [
        {
            "targets": [f"{name}:{METRICS_PORT}"],
            "labels": {"home": file.name, "component": name, "instance": device(file.name, name)},
        }
        for name in sorted(parts)
    ]


def prometheus(folder: Path) -> dict[str, Any]:
    """The configuration of Prometheus; JSON is YAML."""
    job = {"job_name": "joulebus", "file_sd_configs": [{"files": [str(folder / "targets.json")]}]}
    rules = [str(folder / "rules.yml"), str(folder / "alerts.yml")]
    return {"global": {"scrape_interval": "5s", "evaluation_interval": "5s"}, "rule_files": rules, "scrape_configs": [job]}


def datasources() -> dict[str, Any]:
    """Grafana's two sources; the password of the database stays in its file."""
    prometheus_source = {"name": "Prometheus", "type": "prometheus", "uid": "joulebus-prometheus", "url": "http://prometheus:9090"}
    history = {
        "name": "History",
        "type": "grafana-postgresql-datasource",
        "uid": "joulebus-history",
        "url": "postgresql:5432",
        "user": "joulebus",
        "jsonData": {"database": "joulebus", "sslmode": "disable"},
        "secureJsonData": {"password": "$__file{/run/joulebus/database/password}"},
    }
    common = {"access": "proxy", "editable": False}
    return {"apiVersion": 1, "datasources": [{**prometheus_source, **common, "isDefault": True}, {**history, **common}]}


def provider(dashboards: Path) -> dict[str, Any]:
    """Where Grafana finds its dashboards."""
    one = {"name": "joulebus", "type": "file", "folder": "joulebus", "allowUiUpdates": False, "options": {"path": str(dashboards)}}
    return {"apiVersion": 1, "providers": [one]}


def _write(path: Path, words: Any) -> None:
    replace_in_one_step(path, json.dumps(words, indent=1).encode())
