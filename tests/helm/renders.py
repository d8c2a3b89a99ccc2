"""What the chart renders, stored as YAML, so that it is tested where there is no Helm: ``python -m tests.helm.renders`` writes it anew.

The dashboards and rules of infra/ stand in a render by their names only; that they are the same files is tested apart.
"""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART, HERE = ROOT / "helm" / "joulebus", ROOT / "tests" / "helm"
FINGERPRINT = HERE / "golden" / "chart.sha256"


@dataclass(frozen=True)
class Case:
    """A home and the values it is installed with."""

    name: str
    home: str
    values: str | None = None

    @property
    def golden(self) -> Path:
        """Where its render is stored."""
        return HERE / "golden" / f"{self.name}.yaml"


CASES = (
    Case("small", "small.yaml"),
    Case("market", "market.yaml"),
    Case("everything", "market.yaml", "everything.yaml"),
    Case("doors", "doors.yaml", "doors.yaml"),
)


def rendered(case: Case) -> str:
    """What Helm makes of a case now."""
    words = ["helm", "template", "house", str(CHART), "--namespace", "house", "--kube-version", "1.30.0"]
    words += ["--set-file", f"home={HERE / 'homes' / case.home}"]
    words += ["--values", str(HERE / case.values)] if case.values else []
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    things = [_without_infra(thing) for thing in yaml.safe_load_all(done.stdout) if thing]
    things.sort(key=lambda thing: (thing["kind"], thing["metadata"]["name"]))
    return yaml.safe_dump_all(things, sort_keys=True, width=140, allow_unicode=True)


def _without_infra(thing: Any) -> Any:
    if thing["kind"] == "ConfigMap" and "dashboard" in thing["metadata"]["name"]:
        return {**thing, "data": {name: f"infra/grafana/{name}" for name in thing["data"]}}
    if thing["kind"] == "PrometheusRule":
        return {**thing, "spec": {"groups": "infra/prometheus"}}
    return thing


def fingerprint() -> str:
    """A hash of the chart's own files and of the cases: a render that is older than they are is found without Helm, too."""
    own = [path for path in CHART.rglob("*") if path.is_file() and CHART / "files" not in path.parents]
    told = [*HERE.glob("homes/*.yaml"), *HERE.glob("*.yaml")]
    parts = [f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in sorted([*own, *told])]
    return hashlib.sha256("".join(parts).encode()).hexdigest() + "\n"


@cache
def things(case: Case) -> list[dict[str, Any]]:
    """The objects of a stored render."""
    return list(yaml.safe_load_all(case.golden.read_text()))


def drift() -> list[str]:
    """Cases whose stored render is not what Helm makes of them now."""
    return [case.name for case in CASES if rendered(case) != case.golden.read_text()]


def main() -> int:
    """Write all renders, or with --check compare them."""
    if sys.argv[1:] == ["--check"]:
        found = drift()
        if found:
            print(
                f"the stored renders {', '.join(found)} are not what the chart says: .venv/bin/python -m tests.helm.renders",
                file=sys.stderr,
            )
        return len(found)
    for case in CASES:
        case.golden.write_text(rendered(case))
    FINGERPRINT.write_text(fingerprint())
    return 0


if __name__ == "__main__":
    sys.exit(main())
