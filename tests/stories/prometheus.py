"""A real Prometheus for tests, which finds a home by the file that its supervisor writes."""

import json
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from joulebus.addresses import free_port
from tests.real.router import wait_until

INFRA = Path(__file__).resolve().parents[2] / "infra"
RULES = INFRA / "prometheus/rules.yml"
DASHBOARDS = {name: INFRA / f"grafana/{name}.json" for name in ("home", "device", "system", "market")}
"""Of Prometheus; history.json asks PostgreSQL."""
CONFIGURATION = """\
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}"]
scrape_configs:
  - job_name: joulebus
    file_sd_configs: [{{files: ["{targets}"], refresh_interval: 1s}}]
"""


class Prometheus:
    """What it answers."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def ready(self) -> bool:
        """Whether it takes questions."""
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def ask(self, query: str) -> dict[tuple[str, ...], float]:
        """Values by the values of their labels, which are sorted by name."""
        with urllib.request.urlopen(f"{self.url}/api/v1/query?{urllib.parse.urlencode({'query': query})}", timeout=5) as answer:
            found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return {tuple(value for _, value in sorted(one["metric"].items())): float(one["value"][1]) for one in found}

    def ask_panels(self, dashboard: Path, home: str, devices: Sequence[str] = ("",)) -> dict[str, int]:
        """How many lines each query of a Grafana dashboard draws, for the home and the one of the devices for which it draws most."""
        panels = json.loads(dashboard.read_text())["panels"]
        asked = [(f"{panel['title']} {target['refId']}", target["expr"]) for panel in panels for target in panel.get("targets", ())]
        known = lambda query, device: query.replace("$home", home).replace("$device", device)  # noqa: E731
        return {title: max(len(self.ask(known(query, device))) for device in devices) for title, query in asked}


@contextmanager
def running_prometheus(directory: Path, targets: Path) -> Iterator[Prometheus]:
    """One that lives as long as the context."""
    if not shutil.which("prometheus"):
        subprocess.run(["apt-get", "install", "--yes", "--no-install-recommends", "prometheus"], check=True)
    directory.mkdir()
    (directory / "prometheus.yml").write_text(CONFIGURATION.format(targets=targets, rules=RULES))
    port = free_port()
    command = ["prometheus", f"--config.file={directory / 'prometheus.yml'}", f"--storage.tsdb.path={directory / 'data'}"]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        prometheus = Prometheus(port)
        wait_until(prometheus.ready, "Prometheus takes questions")
        yield prometheus
    finally:
        process.kill()
        process.wait()
