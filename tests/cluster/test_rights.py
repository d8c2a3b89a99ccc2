"""The matrix of rights in a living home: what each ServiceAccount, each ticket and each pod can do, and that it can do nothing else."""

import base64
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from joulebus.cli.clusters import in_cluster
from joulebus.provision.cluster.names import ticket_secret
from joulebus.provision.kubernetes import ApiServer
from joulebus_schemas.journal import Born
from joulebus_schemas.roster import Change
from tests.bus.test_rights import PLACES, TABLE, was_refused
from tests.cluster.conftest import Installed
from tests.cluster.living import IMAGE, MODEST, RELEASE, TAG, PodHome, run
from tests.helm.test_policies import FLOWS, ROLES
from tests.real.raw import Raw
from tests.real.router import wait_until
from tests.stories.homes import ROOM, write_home

CABIN = ROOM + "  oven: {kind: oven, power_watts: 1000, timers: []}\n  oven2: {kind: oven, power_watts: 1000, timers: []}\n"
MINE, OTHER = "k-rights", "k-neighbour"
VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
THINGS = (
    ("apps", "deployments", "oven"),
    ("apps", "deployments", f"{RELEASE}-hub"),
    ("", "pods", "oven-1"),
    ("", "pods/log", "oven-1"),
    ("", "pods/exec", "oven-1"),
    ("", "secrets", f"{RELEASE}-principals"),
    ("", "secrets", f"{RELEASE}-device-oven-ticket"),
    ("", "secrets", f"{RELEASE}-owner-ticket"),
    ("", "configmaps", f"{RELEASE}-home"),
    ("", "persistentvolumeclaims", f"{RELEASE}-journal"),
    ("", "events", "one"),
    ("", "serviceaccounts/token", f"{RELEASE}-supervisor"),
    ("coordination.k8s.io", "leases", f"{RELEASE}-supervisor"),
    ("coordination.k8s.io", "leases", "other"),
    ("rbac.authorization.k8s.io", "roles", f"{RELEASE}-supervisor"),
    ("rbac.authorization.k8s.io", "rolebindings", f"{RELEASE}-supervisor"),
)
ACCOUNTS = ("router", "supervisor", "tickets", "tickets-remove", "default")
LIVING_ROLES = {name: ROLES[f"{RELEASE}-{name}"] for name in ("router", "supervisor")}
"""Those of the Jobs are there as long as they are."""
SPEAKERS = {"device": "oven"} | {part: f"house-{part}" for part in ("hub", "historian", "screen", "supervisor", "router")}
LISTENING = dict.fromkeys(SPEAKERS, 9464) | {"router": 8081}
CONNECT = """
import json, socket, sys, concurrent.futures
def reaches(place):
    with socket.socket() as one:
        one.settimeout(2)
        return one.connect_ex((place[0], place[1])) == 0
places = json.loads(sys.argv[1])
with concurrent.futures.ThreadPoolExecutor(32) as pool:
    print(json.dumps(list(pool.map(reaches, places))))
"""
ASK = """
import json, ssl, sys, urllib.request, urllib.error
folder = "/var/run/secrets/kubernetes.io/serviceaccount/"
trust, token = ssl.create_default_context(cafile=folder + "ca.crt"), open(folder + "token").read()
def code(path):
    asked = urllib.request.Request("https://kubernetes.default.svc" + path, headers={"Authorization": "Bearer " + token})
    try:
        return urllib.request.urlopen(asked, context=trust, timeout=10).status
    except urllib.error.HTTPError as error:
        return error.code
print(json.dumps([code(path) for path in sys.argv[1:]]))
"""


@pytest.fixture(scope="module")
def homes(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PodHome]:
    """Two homes of one name, in two namespaces."""
    file = write_home(tmp_path_factory.mktemp("file"), "house", CABIN)
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda space: installed(file, space, clock_speed="60", **MODEST), (MINE, OTHER))
        return dict(zip((MINE, OTHER), found, strict=True))


@pytest.fixture(scope="module")
def home(homes: dict[str, PodHome]) -> PodHome:
    """One of them."""
    return homes[MINE]


def may(api: ApiServer, account: str, space: str, asked: tuple[str, tuple[str, str, str]]) -> bool:
    """What the API server decides for a ServiceAccount of our namespace."""
    verb, (group, resource, name) = asked
    kind, _, part = resource.partition("/")
    attributes = {"namespace": space, "verb": verb, "group": group, "resource": kind, "subresource": part, "name": name}
    user = f"system:serviceaccount:{MINE}:{account if account == 'default' else f'{RELEASE}-{account}'}"
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": user, "groups": ["system:serviceaccounts", "system:authenticated"], "resourceAttributes": attributes},
    }
    answer = api.ask("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", body)
    return bool(answer["status"]["allowed"])


def said_by_table(account: str, asked: tuple[str, tuple[str, str, str]]) -> bool:
    """What the chart's table of Roles says."""
    verb, (group, resource, name) = asked
    return any(
        (group, resource) == (rule[0], rule[1]) and (not rule[2] or name in rule[2]) and verb in rule[3].split()
        for rule in LIVING_ROLES.get(account, [])
    )


def test_each_service_account_may_what_its_role_says_and_in_its_namespace_only(homes: dict[str, PodHome]) -> None:
    api, matrix = ApiServer(MINE), list(product(VERBS, THINGS))
    for account in ACCOUNTS:
        allowed = [asked for asked in matrix if may(api, account, MINE, asked)]
        assert allowed == [asked for asked in matrix if said_by_table(account, asked)], account
        assert [asked for asked in matrix if may(api, account, OTHER, asked)] == [], f"{account} in another namespace"
        print(f"\n{account}: {', '.join(f'{verb} {thing[1]} {thing[2]}' for verb, thing in allowed) or 'nothing'}", end="")


def test_the_supervisor_reads_no_ticket_and_a_device_has_no_token(home: PodHome) -> None:
    mine, secret = f"/api/v1/namespaces/{MINE}", f"{RELEASE}-device-oven-ticket"
    paths = [f"/apis/apps/v1/namespaces/{MINE}/deployments", f"{mine}/secrets/{RELEASE}-principals"]
    denied = [f"{mine}/secrets/{secret}", f"{mine}/secrets", f"{mine}/configmaps", f"/apis/apps/v1/namespaces/{OTHER}/deployments"]
    said = home.kubectl("exec", "deploy/house-supervisor", "--", "python", "-c", ASK, *paths, *denied)
    assert json.loads(said) == [200] * len(paths) + [403] * len(denied)
    found = home.kubectl("exec", "deploy/oven", "--", "python", "-c", "import os; print(os.path.exists('/var/run/secrets/kubernetes.io'))")
    assert found.strip() == "False"


def ticket(space: str, principal: str, is_device: bool = False) -> str:
    """As the owner of the namespace reads it."""
    name = ticket_secret(RELEASE, principal, is_device)
    return base64.b64decode(json.loads(run("kubectl", "-n", space, "get", "secret", name, "-o", "json"))["data"]["ticket"]).decode()


@pytest.fixture(scope="module")
def routers(homes: dict[str, PodHome]) -> Iterator[dict[str, str]]:
    """Where the routers of both namespaces take components, as long as the module lasts."""
    with in_cluster(MINE) as mine, in_cluster(OTHER) as other:
        yield {MINE: mine.router, OTHER: other.router}


@pytest.mark.parametrize(("part", "name"), TABLE)
def test_each_ticket_may_what_the_table_of_the_bus_says(routers: dict[str, str], part: str, name: str) -> None:
    allowed = TABLE[part, name]
    with closing(Raw(routers[MINE], f"house/{name}", ticket(MINE, name, part == "device"))) as somebody:
        for place in PLACES:
            uri = f"joulebus.house.{place}"
            assert was_refused(somebody.publish(uri, {})) == (place not in allowed["publish"]), place
            assert was_refused(somebody.subscribe(uri, [])) == (place not in allowed["subscribe"]), place
            assert was_refused(somebody.call(uri, {})) == (place not in allowed["call"]), place
            answer = somebody.register(uri)
            assert not was_refused(answer) if place in allowed["register"] else was_refused(answer) or is_taken(answer), place


def is_taken(answer: Any) -> bool:
    """What somebody else answers already is refused before anybody is asked about rights."""
    return "procedure_already_exists" in str(getattr(answer, "error", ""))


@pytest.mark.parametrize("claimed", ["house/oven2", "house/inverter", "house/home", "house/~owner", "flat/oven", "house/nobody"])
def test_a_ticket_is_good_for_one_name(routers: dict[str, str], claimed: str) -> None:
    impostor = Raw(routers[MINE], claimed, ticket(MINE, "oven", is_device=True))
    assert (impostor.session.joined, impostor.session.left) == (None, "wamp.error.authentication_failed")


@pytest.mark.parametrize(("principal", "is_device"), [("oven", True), ("inverter", False), ("home", False), ("~owner", False)])
def test_a_ticket_of_one_home_opens_no_other(routers: dict[str, str], principal: str, is_device: bool) -> None:
    stranger = Raw(routers[OTHER], f"house/{principal}", ticket(MINE, principal, is_device))
    assert (stranger.session.joined, stranger.session.left) == (None, "wamp.error.authentication_failed")


def test_nobody_comes_without_a_ticket(routers: dict[str, str]) -> None:
    assert not Raw(routers[MINE]).present


def addresses(space: str) -> dict[str, tuple[str, int]]:
    """Where each part listens: the address of a pod, and its port."""
    found = json.loads(run("kubectl", "-n", space, "get", "pods", "-l", f"app.kubernetes.io/instance={RELEASE}", "-o", "json"))["items"]
    pods = {one["metadata"]["labels"]["app.kubernetes.io/component"]: one["status"].get("podIP", "") for one in found}
    return {part: (pods[part], port) for part, port in LISTENING.items()}


def places(homes: dict[str, PodHome]) -> dict[str, tuple[str, int]]:
    """Everything that somebody could want to reach."""
    names = json.loads(run("kubectl", "-n", "kube-system", "get", "service", "kube-dns", "-o", "json"))["spec"]["clusterIP"]
    server = json.loads(run("kubectl", "-n", "default", "get", "service", "kubernetes", "-o", "json"))["spec"]["clusterIP"]
    outside = {"names": (names, 53), "api server": (server, 443), "another home": addresses(OTHER)["router"]}
    return {**addresses(MINE), **outside}


def expected(speaker: str, place: str, port: int) -> bool:
    """What the table of flows says; to another home's router nobody comes, its own policies see to that."""
    return speaker == place or ((speaker, place, port) in FLOWS and place != "another home")


def test_each_pod_reaches_what_the_table_of_flows_says(homes: dict[str, PodHome]) -> None:
    wanted = places(homes)
    for part, deployment in SPEAKERS.items():
        found = json.loads(
            homes[MINE].kubectl("exec", f"deploy/{deployment}", "--", "python", "-c", CONNECT, json.dumps([*wanted.values()]))
        )
        reached = [name for name, is_open in zip(wanted, found, strict=True) if is_open and name != part]
        print(f"\na pod of {part} reaches {', '.join(reached)}", end="")
        should = [name for name, (_, port) in wanted.items() if expected(part, name, port) and name != part]
        assert reached == should, part


def test_a_stranger_reaches_nothing_from_whichever_namespace(homes: dict[str, PodHome], tmp_path: Path) -> None:
    everybody = addresses(MINE)
    for space in (MINE, OTHER):
        said = stranger(space, everybody, tmp_path)
        print(f"\na pod of nobody in {space} reaches {[name for name, is_open in zip(everybody, said, strict=True) if is_open]}", end="")
        assert not any(said), space


def stranger(space: str, wanted: dict[str, tuple[str, int]], folder: Path) -> list[bool]:
    """A pod without our labels that tries."""
    security = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    container = {
        "name": "one",
        "image": f"{IMAGE}:{TAG}",
        "command": ["python", "-c", CONNECT, json.dumps([*wanted.values()])],
        "securityContext": security,
    }
    basics = {"runAsNonRoot": True, "runAsUser": 10001, "seccompProfile": {"type": "RuntimeDefault"}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "stranger", "labels": {"app": "stranger"}},
        "spec": {"restartPolicy": "Never", "automountServiceAccountToken": False, "securityContext": basics, "containers": [container]},
    }
    file = folder / f"{space}.json"
    file.write_text(json.dumps(pod))
    run("kubectl", "-n", space, "apply", "-f", str(file))
    phase = ["kubectl", "-n", space, "get", "pod", "stranger", "-o", "jsonpath={.status.phase}"]
    wait_until(lambda: run(*phase) in ("Succeeded", "Failed"), "the stranger has tried", 60)
    found: list[bool] = json.loads(run("kubectl", "-n", space, "logs", "stranger"))
    run("kubectl", "-n", space, "delete", "pod", "stranger", "--force", "--grace-period=0")
    return found


def test_the_homes_live_on_and_neither_has_touched_the_other(homes: dict[str, PodHome]) -> None:
    for home in homes.values():
        home.joulebus("clock", "resume")  # One of the tickets may stop the time, and has.
        home.wait_for_tick(home.tick() + 60)
        books = home.nothing_is_missing()
        [born] = [one for one in books.records() if isinstance(one, Born)]
        held = born.members["inverter"].properties
        # A ticket that may set the inverter has set it, to what it was; nobody has switched, added or removed anything.
        assert [one for one in books.changes() if one != Change(device="inverter", from_tick=one.from_tick, properties=held)] == []
