"""What the chart renders is what the API server takes: every object of every stored render, checked strictly, none of them made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cluster.living import RESTRICTED, run
from tests.helm.renders import CASES, Case, things

SPACE = "k-objects"
OF_AN_OPERATOR = {"monitoring.coreos.com/v1"}
"""Kinds that only a cluster with the Prometheus Operator knows; tests/helm holds their fields."""


@pytest.fixture(scope="module")
def space() -> Iterator[str]:
    """A namespace for restricted pods only."""
    run("kubectl", "delete", "namespace", SPACE, "--ignore-not-found")
    run("kubectl", "create", "namespace", SPACE)
    run("kubectl", "label", "namespace", SPACE, RESTRICTED)
    yield SPACE
    run("kubectl", "delete", "namespace", SPACE, "--wait=false")


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_api_server_takes_every_object(space: str, case: Case, tmp_path: Path) -> None:
    file, wanted = tmp_path / "objects.yaml", [thing for thing in things(case) if thing["apiVersion"] not in OF_AN_OPERATOR]
    here = [{**thing, "metadata": {**thing["metadata"], "namespace": space}} for thing in wanted]
    file.write_text(yaml.safe_dump_all(here))
    said = run("kubectl", "apply", "--dry-run=server", "--validate=strict", "-f", str(file)).splitlines()
    print(f"\n{case.name}: {len(said)} objects of {len({thing['kind'] for thing in wanted})} kinds")
    assert len([line for line in said if line.endswith("created (server dry run)")]) == len(wanted)
