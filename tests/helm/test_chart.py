"""The chart as a package: its values, its renders, and what in it must be the same as elsewhere."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from joulebus.home.outside import open_ports
from joulebus.homefile.home_file import load_home_file
from joulebus_schemas.versions import SPECIFICATION
from tests.helm.pods import Thing, pods
from tests.helm.renders import CASES, CHART, FINGERPRINT, HERE, ROOT, Case, fingerprint, things

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
OPEN = {"files", "open", "nodeSelector", "affinity", "annotations", "labels", "namespaceLabels", "podLabels", "items", "global"}
"""Maps whose keys are people's own."""
WRONG = {
    "a name that is misspelt": {"hom": "x"},
    "a name that is misspelt within": {"image": {"tagg": "1"}},
    "a speed that is none": {"clock": {"speed": "fast"}},
    "a port that is for root": {"open": {"meter": [80]}},
    "a device that cannot be": {"open": {"Meter": [8088]}},
    "a start without its offset": {"clock": {"start": "17:45"}},
    "no web pages": {"web": {"replicas": 0}},
    "a port that is none": {"networkPolicy": {"apiServer": {"ports": [70_000]}}},
    "a size that is none": {"persistence": {"journal": {"size": "much"}}},
    "an origin that is everybody": {"origins": ["*"]},
    "a part that is not there": {"resources": {"oven": {}}},
}
OF_THE_OPERATOR = {
    "ServiceMonitor": {"selector": {"matchLabels"}, "endpoints": {"port", "interval", "relabelings"}},
    "PrometheusRule": {"groups": {"name", "interval", "rules"}},
}
"""Fields of the Prometheus Operator's kinds that the chart uses, as its API reference names them; the API server checks all others."""
A_RELABELING = {"targetLabel", "sourceLabels", "regex"}
A_RULE = {"record", "alert", "expr", "for", "labels", "annotations"}
A_DURATION = r"(0|((\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?))"
each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def closed(schema: Any, name: str = "values") -> list[str]:
    """The objects of a schema that would take an unknown name."""
    if not isinstance(schema, dict):
        return []
    inner = [found for key, one in schema.get("properties", {}).items() for found in closed(one, key)]
    inner += closed(schema.get("items"), "items")
    is_open = schema.get("type") == "object" and schema.get("additionalProperties") is not False
    return inner + ([name] if is_open else [])


def test_the_renders_are_those_of_this_chart() -> None:
    assert FINGERPRINT.read_text() == fingerprint(), "the chart has changed: .venv/bin/python -m tests.helm.renders (it needs helm)"


def test_the_schema_refuses_unknown_names_and_takes_its_own_values() -> None:
    assert set(closed(SCHEMA)) <= OPEN
    Draft7Validator(SCHEMA).validate(VALUES)
    Draft7Validator(SCHEMA).validate(yaml.safe_load((HERE / "everything.yaml").read_text()))


@pytest.mark.parametrize("values", WRONG.values(), ids=WRONG.keys())
def test_the_schema_refuses(values: dict[str, Any]) -> None:
    assert not Draft7Validator(SCHEMA).is_valid(values)


def names(schema: Any) -> dict[str, Any]:
    """All names that a schema knows, as nested maps."""
    return {key: names(one) for key, one in schema.get("properties", {}).items()}


def test_every_value_of_the_schema_stands_in_the_values_with_its_default() -> None:
    def compare(schema: dict[str, Any], values: Any) -> list[str]:
        return [
            key
            for key, inner in schema.items()
            if key != "global" and (key not in values or (inner and isinstance(values[key], dict) and compare(inner, values[key])))
        ]

    assert compare(names(SCHEMA), VALUES) == []


def test_the_version_is_that_of_the_words() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["version"] == chart["appVersion"] == SPECIFICATION
    assert chart["kubeVersion"] == ">=1.30-0"


def test_dashboards_and_rules_are_those_of_the_tree() -> None:
    for folder in ("grafana", "prometheus"):
        assert (CHART / "files" / folder).resolve() == ROOT / "infra" / folder
    found = {name for thing in things(CASES[2]) if thing["kind"] == "ConfigMap" for name in thing["data"]}
    assert {path.name for path in (ROOT / "infra" / "grafana").glob("*.json")} <= found


@each_case
def test_a_selector_finds_its_own_pods_and_no_others(case: Case) -> None:
    rendered = things(case)
    labels = {name: metadata["labels"] for name, metadata, _ in pods(rendered) if "labels" in metadata}
    for thing in [one for one in rendered if one["kind"] == "Deployment"]:
        wanted = thing["spec"]["selector"]["matchLabels"]
        assert [name for name, has in labels.items() if wanted.items() <= has.items()] == [thing["metadata"]["name"]]


@each_case
def test_every_object_says_whose_it_is(case: Case) -> None:
    for thing in things(case):
        labels = thing["metadata"]["labels"]
        assert labels["app.kubernetes.io/instance"] == "house" and labels["app.kubernetes.io/managed-by"] == "Helm"
        assert labels["app.kubernetes.io/part-of"] == "joulebus" and labels["joulebus.io/home"]
        assert thing["metadata"]["namespace"] == "house" and thing["metadata"]["name"].startswith("house-")


def test_the_objects_of_the_prometheus_operator_have_its_fields() -> None:
    found = {thing["kind"]: thing["spec"] for thing in things(CASES[2]) if thing["apiVersion"] == "monitoring.coreos.com/v1"}
    assert {kind: spec.keys() for kind, spec in found.items()} == {kind: fields.keys() for kind, fields in OF_THE_OPERATOR.items()}
    monitor, endpoints = OF_THE_OPERATOR["ServiceMonitor"], found["ServiceMonitor"]["endpoints"]
    assert found["ServiceMonitor"]["selector"].keys() == monitor["selector"]
    assert all(one.keys() == monitor["endpoints"] and re.fullmatch(A_DURATION, one["interval"]) for one in endpoints)
    assert {key for one in endpoints for relabeling in one["relabelings"] for key in relabeling} == A_RELABELING
    files = [yaml.safe_load((ROOT / "infra" / "prometheus" / f"{name}.yml").read_text()) for name in ("rules", "alerts")]
    groups = [group for file in files for group in file["groups"]]
    assert {key for group in groups for key in group} <= OF_THE_OPERATOR["PrometheusRule"]["groups"]
    assert {key for group in groups for rule in group["rules"] for key in rule} <= A_RULE
    assert all(re.fullmatch(A_DURATION, rule.get("for", "0")) for group in groups for rule in group["rules"])


def kept(rendered: list[Thing]) -> dict[str, bool]:
    """Whether an uninstallation leaves each claim."""
    claims = [thing["metadata"] for thing in rendered if thing["kind"] == "PersistentVolumeClaim"]
    return {one["name"]: one.get("annotations", {}).get("helm.sh/resource-policy") == "keep" for one in claims}


def test_the_books_stay_unless_somebody_says_otherwise() -> None:
    assert kept(things(CASES[0])) == {"house-journal": True, "house-history": True}
    assert kept(things(CASES[1])) == {"house-journal": True, "house-history": True, "house-market": True}
    assert kept(things(CASES[2])) == {"house-journal": False, "house-market": False}


def test_a_home_has_a_balancer_when_its_file_has_a_market() -> None:
    has = {case.name: any(name == "house-balancer" for name, _, _ in pods(things(case))) for case in CASES}
    assert has == {"small": False, "market": True, "everything": True, "doors": False}


def test_the_speed_is_that_of_the_home_file_or_of_the_values() -> None:
    said = {}
    for case in CASES:
        [hub] = [spec for name, _, spec in pods(things(case)) if name == "house-hub"]
        said[case.name] = [argument for argument in hub["containers"][0]["args"] if argument.startswith("--speed")]
    assert said == {
        "small": ["--speed=flat_out"],
        "market": ["--speed=60"],
        "everything": ["--speed=flat_out"],
        "doors": ["--speed=flat_out"],
    }


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_homes_of_the_renders_are_homes(case: Case, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/wallbox").write_text("eva:an open door\n")
    copy = tmp_path / case.home
    copy.write_text((HERE / "homes" / case.home).read_text())
    file = load_home_file(copy)
    opened = {name: list(ports) for name, member in file.members.items() if (ports := open_ports(member))}
    assert opened == (yaml.safe_load((HERE / case.values).read_text()).get("open", {}) if case.values else {})
