"""A home in a cluster, against an API server in memory: what it makes, mends, removes, follows and tells."""

from base64 import b64decode
from collections.abc import Iterator, Mapping

import pytest

from joulebus.provision import HomePart
from joulebus.provision.access import Person
from joulebus.provision.cluster import manifests, names
from joulebus.provision.cluster.access import ClusterAccess
from joulebus.provision.cluster.api import DEPLOYMENTS, EVENTS, PODS, SECRETS, ApiObject
from joulebus.provision.cluster.home import ClusterHome
from joulebus.provision.cluster.lease import LEASE_SECONDS, Lease
from joulebus.provision.cluster.pods import PodSettings
from joulebus.provision.cluster.state import condition
from joulebus.provision.cluster.tickets import ROTATION_SECONDS, Tickets, principals_in
from joulebus.provision.cluster.wanted import Told, Wanted
from joulebus.roles import OPERATOR
from tests.provision.twin import ApiTwin
from tests.real.router import wait_until

SETTINGS = PodSettings(release="house", image="joulebus:1", router="ws://r:8081/", home_config="house-home", owner="house-supervisor")
OVEN = HomePart("oven", "device", ("--name", "oven"))
WHERE = f"{DEPLOYMENTS}/oven"


@pytest.fixture
def api() -> ApiTwin:
    twin = ApiTwin()
    twin.ask("POST", DEPLOYMENTS, {"metadata": {"name": "house-supervisor"}, "spec": {}})
    Tickets(twin, "house", "house").begin()
    return twin


@pytest.fixture
def place(api: ApiTwin) -> Iterator[ClusterHome]:
    made = ClusterHome(api, "house", SETTINGS)
    made.look()
    yield made
    made.close()


def replicas(api: ApiTwin) -> int | None:
    found = api.objects.get(WHERE)
    return None if found is None else int(found["spec"]["replicas"])


def agreed(api: ApiTwin) -> str | None:
    return api.objects[WHERE]["metadata"]["annotations"].get(names.AGREED) if WHERE in api.objects else None


def scale(api: ApiTwin, to: int) -> None:
    def act(found: ApiObject) -> None:
        found["spec"]["replicas"] = to

    api.change(WHERE, act)


def reasons(api: ApiTwin) -> list[str]:
    return [one["reason"] for path, one in api.objects.items() if path.startswith(EVENTS)]


def test_a_device_is_made_with_a_ticket_an_owner_and_no_rights(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    made, pod = api.objects[WHERE], api.objects[WHERE]["spec"]["template"]["spec"]
    assert made["metadata"]["ownerReferences"][0]["uid"] == api.objects[f"{DEPLOYMENTS}/house-supervisor"]["metadata"]["uid"]
    assert f"{SECRETS}/house-device-oven-ticket" in api.objects and pod["automountServiceAccountToken"] is False
    ticket = b64decode(api.objects[f"{SECRETS}/house-device-oven-ticket"]["data"]["ticket"]).decode()
    assert ticket not in str(made)
    assert "oven" in principals_in(api.objects[f"{SECRETS}/house-principals"])
    assert not [path for method, path in api.asked if method == "GET" and path.endswith("-ticket")], "nobody reads a ticket"


def test_what_the_home_wants_is_scaled_and_agreed(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    place.scale("oven", 0)
    wait_until(lambda: (replicas(api), agreed(api)) == (0, "0"), "it rests")
    assert place.wishes() == {}


def test_what_the_cluster_wants_is_a_wish_until_the_home_follows(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    scale(api, 0)
    wait_until(lambda: place.wishes() == {"oven": False}, "the wish is known")
    place.scale("oven", 0)
    wait_until(lambda: agreed(api) == "0", "both agree")
    assert replicas(api) == 0 and place.wishes() == {}


def test_who_scales_back_while_it_is_agreed_upon_is_followed(api: ApiTwin, place: ClusterHome, monkeypatch: pytest.MonkeyPatch) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    place.scale("oven", 0)
    wait_until(lambda: (replicas(api), agreed(api)) == (0, "0"), "it rests")
    scale(api, 1)
    wait_until(lambda: place.wishes() == {"oven": True}, "it is wished for")
    ask = api.ask

    def meddled(method: str, path: str, body: ApiObject | None = None, query: Mapping[str, str] | None = None) -> ApiObject:
        if method == "PATCH" and path == WHERE and "resourceVersion" in (body or {})["metadata"]:
            monkeypatch.setattr(api, "ask", ask)
            scale(api, 0)
        return ask(method, path, body, query)

    monkeypatch.setattr(api, "ask", meddled)
    place.scale("oven", 1)
    wait_until(lambda: place.wishes() == {"oven": False}, "it is to rest again")
    assert replicas(api) == 0


def test_two_replicas_are_put_back_and_it_is_said(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    scale(api, 3)
    wait_until(lambda: replicas(api) == 1 and "PutBack" in reasons(api), "it is put back")


def test_a_deployment_that_somebody_deletes_is_put_back_and_it_is_said(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    api.ask("DELETE", WHERE)
    wait_until(lambda: replicas(api) == 1 and "PutBack" in reasons(api), "it is put back")


def test_a_device_that_is_removed_leaves_nothing(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    place.stop("oven")
    wait_until(lambda: replicas(api) is None and f"{SECRETS}/house-device-oven-ticket" not in api.objects, "it is gone")
    assert "oven" not in principals_in(api.objects[f"{SECRETS}/house-principals"])


def test_devices_that_left_while_nobody_looked_are_removed(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    place.close()
    later = ClusterHome(api, "house", SETTINGS)
    later.look()
    wait_until(lambda: bool(later.deployments.objects()), "it is seen")
    later.only({"sun"})
    wait_until(lambda: replicas(api) is None, "it is removed")
    later.close()


def test_an_api_server_that_was_away_finds_the_same_home(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    api.is_away = True
    place.scale("oven", 0)
    wait_until(lambda: place.deployments.trouble is not None, "it is missed")
    api.is_away = False
    wait_until(lambda: (replicas(api), agreed(api)) == (0, "0"), "it is as the home wants it")


def test_a_new_image_comes_to_a_device_that_runs(api: ApiTwin, place: ClusterHome) -> None:
    place.start(OVEN)
    wait_until(lambda: replicas(api) == 1, "it is made")
    place.close()
    later = ClusterHome(api, "house", SETTINGS.model_copy(update={"image": "joulebus:2"}))
    later.look()
    later.start(OVEN)
    wait_until(lambda: api.objects[WHERE]["spec"]["template"]["spec"]["containers"][0]["image"] == "joulebus:2", "it is changed")
    later.close()


def test_people_see_what_the_home_thinks(api: ApiTwin, place: ClusterHome) -> None:
    place.keep(Wanted(OVEN, kind="oven"))
    place.tell("oven", Told("leaving", 1050, "house/~owner"))
    wait_until(lambda: api.objects.get(WHERE, {}).get("metadata", {}).get("labels", {}).get(names.LABEL_STATE) == "leaving", "it is told")
    told = api.objects[WHERE]["metadata"]
    assert (told["annotations"][names.HOLDS_FROM], told["annotations"][names.CHANGED_BY]) == ("1050", "house/~owner")
    assert told["labels"][names.LABEL_KIND] == "oven"


def test_a_foreign_deployment_of_the_same_name_is_left_alone(api: ApiTwin, place: ClusterHome) -> None:
    api.ask("POST", DEPLOYMENTS, {"metadata": {"name": "oven"}, "spec": {"replicas": 7}})
    place.deployments.drop("oven")
    place.start(OVEN)
    wait_until(lambda: ("POST", DEPLOYMENTS) in api.asked, "it was tried")
    assert replicas(api) == 7


def test_tickets_are_renewed_without_a_moment_in_which_nobody_comes_in(api: ApiTwin) -> None:
    tickets = Tickets(api, "house", "house")
    before = tickets.known()["inverter"]
    old = api.objects[f"{SECRETS}/house-inverter-ticket"]["data"]["ticket"]
    tickets.rotate("inverter", now_unix_seconds=1_000.0)
    after = tickets.known()["inverter"]
    assert after["previous"] == {
        "salt": before["salt"],
        "ticket_sha256": before["ticket_sha256"],
        "expires_unix_seconds": 1_000 + ROTATION_SECONDS,
    }
    assert after["ticket_sha256"] != before["ticket_sha256"] and api.objects[f"{SECRETS}/house-inverter-ticket"]["data"]["ticket"] != old


def test_a_person_may_be_called_like_a_component(api: ApiTwin) -> None:
    people, tickets = ClusterAccess(api, "house", "house"), Tickets(api, "house", "house")
    before = tickets.shown_by("screen"), tickets.known()["screen"]
    assert people.add(Person("screen", OPERATOR)) == "house-person-screen-ticket"
    assert (tickets.shown_by("screen"), tickets.known()["screen"]) == before
    assert [(one.name, one.role) for one in people.list()] == [("owner", "admin"), ("screen", "operator")]
    first = people.link("screen", "wss://home.example/")
    people.rotate("screen")
    assert people.link("screen", "wss://home.example/") != first and "previous" not in tickets.known()["~screen"]
    people.revoke("screen")
    assert "~screen" not in tickets.known() and f"{SECRETS}/house-person-screen-ticket" not in api.objects
    assert (tickets.shown_by("screen"), tickets.known()["screen"]) == before


def test_tickets_that_are_there_stay_and_the_end_takes_them_all(api: ApiTwin) -> None:
    tickets = Tickets(api, "house", "house")
    before = tickets.known()
    assert {"home", "inverter", "historian", "screen", "balancer", "~owner"} == before.keys()
    tickets.begin()
    assert tickets.known() == before
    tickets.end()
    assert not [path for path in api.objects if path.startswith(SECRETS)]


def test_one_supervisor_holds_the_lease_until_it_is_silent(api: ApiTwin) -> None:
    now = [0.0]
    first, second = (Lease(api, "house", name, lambda: now[0]) for name in ("first", "second"))
    assert first.try_to_hold() and not second.try_to_hold() and first.try_to_hold()
    now[0] += LEASE_SECONDS - 1
    assert not second.try_to_hold(), "it was renewed since"
    now[0] += LEASE_SECONDS
    assert second.try_to_hold() and not first.try_to_hold()
    second.give_back()
    assert first.try_to_hold()


def test_names_of_devices_become_names_of_objects_each_its_own() -> None:
    assert [names.object_name(one) for one in ("oven", "panel_south", "a_", "a__", "a__b")] == [
        "oven",
        "panel-south",
        "a.u",
        "a.uu",
        "a--b",
    ]


def test_what_a_pod_is_says_how_a_part_is() -> None:
    def pod(**state: ApiObject) -> ApiObject:
        statuses = [{"name": "device", "restartCount": 2, "state": state}]
        return {"metadata": {}, "spec": {"containers": [{"name": "device"}]}, "status": {"containerStatuses": statuses}}

    assert condition(0, None).state == "stopped"
    assert condition(1, None).state == "starting"
    running = condition(1, pod(running={"startedAt": "2026-06-21T10:00:00Z"}))
    assert (running.state, running.restarts, running.since_unix_seconds) == ("running", 2, 1_782_036_000.0)
    crashing = condition(1, pod(waiting={"reason": "CrashLoopBackOff", "message": "back-off"}), vanished=1)
    assert (crashing.state, crashing.restarts, crashing.message) == ("ended", 3, "CrashLoopBackOff: back-off")
    assert condition(1, pod(waiting={"reason": "ErrImagePull"})).state == "starting"


def test_a_patch_takes_away_what_is_no_longer_said() -> None:
    template = manifests.pod_template(manifests.PodDevice("house", "oven"), SETTINGS)
    assert manifests.whole(template)["spec"]["nodeSelector"] is None
    assert PODS.startswith("/api/v1")
