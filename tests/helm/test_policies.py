"""What the chart renders keeps to: Pod Security "restricted", no secret in sight, few tokens, few rights, few flows."""

import json
import re

import pytest

from joulebus.provision.cluster.manifests import PodDevice, pod_template
from joulebus.provision.cluster.pods import PodSettings
from tests.helm.pods import Place, Thing, allows, containers, pods, selects
from tests.helm.renders import CASES, Case, things

each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
SPEAK_WITH_THE_API_SERVER = {
    "house-supervisor/supervisor",
    "house-router/principals",
    "house-tickets/tickets",
    "house-tickets-remove/tickets",
}
ENVIRONMENT = {"POD_NAME", "JOULEBUS_HOME", "JOULEBUS_ROUTER", "JOULEBUS_PRINCIPAL", "JOULEBUS_TICKET_FILE"}
"""All that any container is told by its environment: names, addresses and the paths of files."""
ROLES = {
    "house-router": [("", "secrets", ("house-principals",), "get list watch")],
    "house-supervisor": [
        ("apps", "deployments", (), "get list watch create patch delete"),
        ("", "pods", (), "list watch"),
        ("", "pods/log", (), "get"),
        ("", "secrets", (), "create delete"),
        ("", "secrets", ("house-principals",), "get patch update"),
        ("", "events", (), "create patch"),
        ("coordination.k8s.io", "leases", (), "create"),
        ("coordination.k8s.io", "leases", ("house-supervisor",), "get patch update"),
    ],
    "house-tickets": [("", "secrets", (), "create delete"), ("", "secrets", ("house-principals",), "get patch update")],
    "house-tickets-remove": [("", "secrets", (), "create delete"), ("", "secrets", ("house-principals",), "get patch update")],
}
"""Each Role in full; nobody may read a ticket. The other ServiceAccounts have no Role."""


@each_case
def test_every_container_is_restricted(case: Case) -> None:
    for name, one, pod in containers(things(case)):
        security = pod["securityContext"]
        assert security["runAsNonRoot"] and security["runAsUser"] == 10001 and security["seccompProfile"] == {"type": "RuntimeDefault"}, (
            name
        )
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, name
        assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC"} and pod["enableServiceLinks"] is False, name
        assert all("hostPath" not in volume for volume in pod["volumes"]), name
        assert "memory" in one["resources"]["limits"] and "cpu" in one["resources"]["requests"], name


@each_case
def test_nobody_else_mounts_a_token_of_the_api_server(case: Case) -> None:
    holders = set()
    for name, one, pod in containers(things(case)):
        assert pod["automountServiceAccountToken"] is False, name
        tokens = {volume["name"] for volume in pod["volumes"] if "serviceAccountToken" in str(volume)}
        if tokens & {mount["name"] for mount in one["volumeMounts"]}:
            holders.add(name)
    assert holders == SPEAK_WITH_THE_API_SERVER


@each_case
def test_no_secret_is_in_sight(case: Case) -> None:
    rendered = things(case)
    assert [thing["kind"] for thing in rendered if thing["kind"] == "Secret"] == []
    told = {variable["name"] for _, one, _ in containers(rendered) for variable in one.get("env", [])}
    assert told <= ENVIRONMENT | {"HOME"}
    assert [name for name, one, _ in containers(rendered) if "envFrom" in one] == []
    assert re.search(r"postgresql(\+\w+)?://|password(?!_file)", case.golden.read_text()) is None


@each_case
def test_a_ticket_is_mounted_by_its_own_part_only(case: Case) -> None:
    mounted = {}
    for name, _, spec in pods(things(case)):
        secrets = [volume["secret"]["secretName"] for volume in spec["volumes"] if "secret" in volume]
        mounted[name] = [secret for secret in secrets if secret.endswith("-ticket")]
    expected = {
        "hub": "inverter",
        "supervisor": "home",
        "historian": "historian",
        "screen": "screen",
        "balancer": "balancer",
        "test": "owner",
    }
    without = {"router", "web", "tickets", "tickets-remove"}
    assert mounted == {
        name: [f"house-{expected[part]}-ticket"] if part not in without else []
        for name, part in ((name, name.removeprefix("house-")) for name in mounted)
    }


@each_case
def test_the_roles_are_these_and_hold_in_one_namespace(case: Case) -> None:
    rendered = things(case)
    found = {
        thing["metadata"]["name"]: [
            (rule["apiGroups"][0], rule["resources"][0], tuple(rule.get("resourceNames", ())), " ".join(rule["verbs"]))
            for rule in thing["rules"]
        ]
        for thing in rendered
        if thing["kind"] == "Role"
    }
    assert found == ROLES
    assert [thing["kind"] for thing in rendered if thing["kind"].startswith("Cluster")] == []
    bound = {(one["roleRef"]["name"], one["subjects"][0]["name"]) for one in rendered if one["kind"] == "RoleBinding"}
    assert bound == {(name, name) for name in ROLES}


PARTS = ("device", "router", "hub", "historian", "balancer", "screen", "supervisor", "web", "tickets", "test")
COMPONENTS = ("device", "hub", "historian", "balancer", "screen", "supervisor", "test")
PORTS = (53, 443, 5432, 8080, 8081, 8088, 8100, 9464)
INSIDE = {
    name: Place(name, {"app.kubernetes.io/name": "joulebus", "app.kubernetes.io/instance": "house", "app.kubernetes.io/component": name})
    for name in PARTS
}
OUTSIDE = {
    "stranger": Place("stranger", {"app": "stranger"}),
    "another home": Place("another home", INSIDE["device"].labels, "flat"),
    "names": Place("names", {"k8s-app": "kube-dns"}, "kube-system"),
    "monitoring": Place("monitoring", {"app": "prometheus"}, "monitoring"),
    "ingress": Place("ingress", {"app": "nginx"}, "ingress"),
    "readers": Place("readers", {"app": "reader"}, "readers"),
    "api server": Place("api server", address="10.96.0.1"),
    "internet": Place("internet", address="93.184.216.34"),
}
ANYWHERE = ("api server", "internet", "another home", "names", "monitoring", "ingress", "readers")
"""The API server and a database have addresses that the chart does not know: only their ports are held, and values narrow them."""
FLOWS = {
    *((part, "router", 8081) for part in COMPONENTS),
    *((part, "names", 53) for part in PARTS),
    *(("monitoring", part, 9464) for part in PARTS),
    *((part, place, 443) for part in ("supervisor", "router", "tickets") for place in ANYWHERE),
}
"""Who may speak with whom, at which port, with the values of the chart. Nobody else with nobody else."""
MORE_FLOWS = {
    ("ingress", "router", 8080),
    ("ingress", "web", 8080),
    *((part, place, 5432) for part in ("historian", "hub", "balancer") for place in ANYWHERE),
}
"""And with an Ingress and databases."""


METER = Place("meter", {**INSIDE["device"].labels, "joulebus.io/device": "meter"})


def flows(rendered: list[Thing]) -> set[tuple[str, str, int]]:
    """Every pair that is let through by the policies at both of its ends; of pairs outside nothing is said."""
    policies = [thing for thing in rendered if thing["kind"] == "NetworkPolicy"]
    everybody = {**INSIDE, **OUTSIDE}
    return {
        (one.name, other.name, port)
        for one in everybody.values()
        for other in everybody.values()
        for port in PORTS
        if one is not other
        and (one.name in INSIDE or other.name in INSIDE or one.name == "stranger" or other.name == "stranger")
        and allows(policies, one, "egress", other, port)
        and allows(policies, other, "ingress", one, port)
    }


@pytest.mark.parametrize("case", CASES[:2], ids=["small", "market"])
def test_the_flows_are_these(case: Case) -> None:
    assert flows(things(case)) == FLOWS


def test_an_ingress_and_databases_add_theirs() -> None:
    assert flows(things(CASES[2])) == FLOWS | MORE_FLOWS


def test_a_door_is_open_to_whom_the_values_name_and_at_its_device_only() -> None:
    rendered = things(CASES[3])
    assert flows(rendered) == FLOWS
    policies = [thing for thing in rendered if thing["kind"] == "NetworkPolicy"]
    assert {
        (one.name, port) for one in (*OUTSIDE.values(), *INSIDE.values()) for port in PORTS if allows(policies, METER, "ingress", one, port)
    } == {("readers", 8088), ("monitoring", 9464)}
    services = {one["metadata"]["name"]: one["spec"] for one in rendered if one["kind"] == "Service"}
    assert selects({"matchLabels": services["house-device-meter"]["selector"]}, METER.labels)
    assert [port["port"] for port in services["house-device-wall-box"]["ports"]] == [8100]


def test_a_secret_file_is_mounted_by_who_reads_the_home_file_and_by_the_device_that_names_it() -> None:
    rendered = things(CASES[3])
    item = {"key": "wallbox", "path": "secrets/wallbox"}
    holders = {name.removeprefix("house-") for name, _, spec in pods(rendered) if item in _items(spec, "doors")}
    assert holders == {"hub", "historian", "supervisor"}
    [told] = [json.loads(one["data"]["pods.json"]) for one in rendered if one["metadata"]["name"] == "house-pods"]
    settings = PodSettings.model_validate(told)
    for named in ((), ("wallbox",)):
        template = pod_template(PodDevice("doors", "wall_box", ports=(8100,), secrets=named), settings)
        assert _items(template["spec"], "doors") == [item] * len(named)
        assert {port["containerPort"] for port in template["spec"]["containers"][0]["ports"]} == {9464, 8100}


def _items(pod: Thing, secret: str) -> list[Thing]:
    """What a pod mounts of a Secret."""
    sources = [source for volume in pod["volumes"] for source in volume.get("projected", {}).get("sources", ())]
    return [item for source in sources if source.get("secret", {}).get("name") == secret for item in source["secret"]["items"]]
