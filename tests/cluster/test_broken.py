"""What breaks is no switch: time waits, is named, and goes on with the same seals."""

import json

from tests.cluster.living import IMAGE, TAG, PodHome
from tests.stories.homes import replayed


def test_a_pod_that_is_killed_is_missing_and_comes_back(cabin: PodHome) -> None:
    [before] = cabin.pods_of("oven")
    cabin.kill(before)
    cabin.wait_until(lambda: any(event.startswith("Missing oven") for event in cabin.events()), "it is named", 60)
    cabin.wait_until(lambda: any(event.startswith("Back oven") for event in cabin.events()), "time goes on")
    cabin.wait_until(lambda: cabin.state("oven") == "on" and before not in cabin.pods_of("oven"), "it is there again")
    assert not cabin.books().changes(), "nobody has switched anything"


def test_every_part_may_be_killed(cabin: PodHome) -> None:
    for part in ("router", "hub", "historian", "supervisor"):
        [pod] = cabin.pods_in(part)
        tick = cabin.tick()
        cabin.kill(pod["metadata"]["name"])
        seconds = cabin.seconds_until(lambda tick=tick: cabin.books_reach(tick + 60), "time goes on")  # type: ignore[misc]
        print(f"\n{part} killed: time goes on after {seconds:.1f} s")


def test_a_second_hub_does_not_write_the_journal(cabin: PodHome) -> None:
    cabin.kubectl("scale", "deployment", "house-hub", "--replicas=2")
    cabin.wait_until(lambda: len(cabin.pods_in("hub")) == 2, "Kubernetes starts two")

    def refused() -> bool:
        lists = [pod["status"].get("containerStatuses", []) for pod in cabin.pods_in("hub")]
        said = [one for statuses in lists for one in statuses]  # What prepares the books leaves them alone while a hub has them.
        return any(one["restartCount"] > 0 or "terminated" in one["state"] and one["state"]["terminated"]["exitCode"] != 0 for one in said)

    cabin.wait_until(refused, "the second one is refused the journal")
    cabin.wait_for_tick(cabin.tick() + 60)
    cabin.kubectl("scale", "deployment", "house-hub", "--replicas=1")


def test_new_tickets_stop_nobody(cabin: PodHome) -> None:
    tick = cabin.tick()
    cabin.rotate("all")
    cabin.kill(*cabin.pods_of("oven"), *(one["metadata"]["name"] for one in cabin.pods_in("router")))
    cabin.wait_until(lambda: cabin.books_reach(tick + 600), "everybody came in again")
    assert all(one["status"]["containerStatuses"][0]["restartCount"] == 0 for one in cabin.pods_in("device")), "nobody was refused"


def test_an_impostor_is_refused(cabin: PodHome) -> None:
    """A pod that looks like a device and has the TV's ticket says that it is the oven."""
    template = cabin.deployment("tv")["spec"]["template"]
    words = template["spec"]["containers"][0]["args"]
    template["spec"]["containers"][0] |= {"image": f"{IMAGE}:{TAG}", "args": ["oven" if one == "tv" else one for one in words]}
    template["metadata"]["labels"]["joulebus.io/device"] = "impostor"
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "impostor", **template["metadata"]}, "spec": template["spec"]}
    file = cabin.folder / "impostor.json"
    file.write_text(json.dumps(pod))
    cabin.kubectl("apply", "-f", str(file))
    cabin.wait_until(lambda: "the router refuses cabin/oven" in cabin.said_by("impostor"), "it is refused")
    cabin.kubectl("delete", "pod", "impostor", "--force", "--grace-period=0")


def test_the_seals_are_those_of_memory(cabin: PodHome) -> None:
    books = cabin.nothing_is_missing()
    seals = books.seals()
    assert seals and seals == replayed(books)[: len(seals)]
