"""Scaling is switching, from both sides: whoever changes its mind is followed, and both say from which tick it holds."""

import json

from joulebus_schemas.journal import Changed
from tests.cluster.living import PodHome
from tests.stories.homes import replayed, taken

OFF_SECONDS_MAX, ON_SECONDS_MAX = 3.0, 10.0


def test_scaled_to_nought_a_device_takes_no_joule_any_more(cabin: PodHome) -> None:
    cabin.wait_until(lambda: cabin.state("tv") == "on", "it is on")
    cabin.kubectl("scale", "deployment", "tv", "--replicas=0")
    seconds = cabin.seconds_until(lambda: cabin.state("tv") == "off", "the home follows")
    tick = cabin.holds_from("tv")
    print(f"\nkubectl scale deployment tv --replicas=0: off from tick {tick:,}, {seconds:.1f} s on the wall")
    cabin.wait_for_tick(tick + 120)
    books = cabin.books()
    assert max(taken(books, "tv")) == tick - 1
    assert seconds < OFF_SECONDS_MAX
    assert any(event.startswith("SwitchedOff tv") and f"tick {tick}" in event for event in cabin.events())
    [change] = [one for one in books.changes() if one.device == "tv"]
    assert (change.on, change.from_tick) == (False, tick)


def test_who_scaled_it_is_in_the_journal(cabin: PodHome) -> None:
    [by] = [record.by for record in cabin.books().records() if isinstance(record, Changed)]
    assert by is not None and (by.principal, by.through) == ("kubernetes", "home")
    assert by.arguments == {"name": "tv", "on": False}


def test_scaled_to_one_it_takes_joules_again(cabin: PodHome) -> None:
    cabin.kubectl("scale", "deployment", "tv", "--replicas=1")
    seconds = cabin.seconds_until(lambda: cabin.state("tv") == "on", "the home follows")
    tick = cabin.holds_from("tv")
    print(f"\nkubectl scale deployment tv --replicas=1: on from tick {tick:,}, {seconds:.1f} s on the wall")
    cabin.wait_for_tick(tick + 120)
    assert min(one for one in taken(cabin.books(), "tv") if one >= tick - 60) == tick
    assert seconds < ON_SECONDS_MAX


def test_switched_on_the_bus_it_is_scaled(cabin: PodHome) -> None:
    off = cabin.joulebus("device", "off", "oven")
    assert off.returncode == 0, off.stderr
    cabin.wait_until(lambda: (cabin.replicas("oven"), cabin.state("oven")) == (0, "off"), "it is scaled to 0")
    assert cabin.holds_from("oven") == json.loads(off.stdout)["from_tick"]
    cabin.wait_until(lambda: not cabin.pods_of("oven"), "its pod is gone")
    on = cabin.joulebus("device", "on", "oven")
    assert on.returncode == 0, on.stderr
    cabin.wait_until(lambda: (cabin.replicas("oven"), cabin.state("oven")) == (1, "on"), "it is scaled to 1")


def test_three_replicas_are_put_back_and_it_is_said(cabin: PodHome) -> None:
    cabin.kubectl("scale", "deployment", "oven", "--replicas=3")
    cabin.wait_until(lambda: cabin.replicas("oven") == 1, "there is one again")
    cabin.wait_until(lambda: any(event.startswith("PutBack oven: 3 replicas") for event in cabin.events()), "it is said")
    assert cabin.state("oven") == "on"


def test_a_deployment_that_is_deleted_is_put_back_and_it_is_said(cabin: PodHome) -> None:
    before = cabin.deployment("battery")["metadata"]["uid"]
    changes = len(cabin.books().changes())
    cabin.kubectl("delete", "deployment", "battery")
    cabin.wait_until(lambda: cabin.deployment("battery").get("metadata", {}).get("uid", before) != before, "it is put back")
    cabin.wait_until(lambda: any(event.startswith("PutBack battery: the Deployment") for event in cabin.events()), "it is said")
    cabin.wait_for_tick(cabin.tick() + 60)
    assert len(cabin.books().changes()) == changes, "no switch: time has waited"


def test_a_new_device_joins_and_a_removed_one_leaves_nothing(cabin: PodHome) -> None:
    seconds = cabin.seconds_until(
        lambda: cabin.joulebus("device", "add", "heater", "appliance", "power_watts=500").returncode == 0, "it joins"
    )
    print(f"\njoulebus device add heater: {seconds:.1f} s on the wall")
    assert (cabin.replicas("heater"), cabin.state("heater")) == (1, "on")
    cabin.joulebus("device", "remove", "heater")
    cabin.wait_until(lambda: cabin.replicas("heater") is None, "its Deployment is gone")
    secrets = {one["metadata"]["name"] for one in cabin.objects("secrets")}
    cabin.wait_until(
        lambda: "house-device-heater-ticket" not in {one["metadata"]["name"] for one in cabin.objects("secrets")}, "its ticket is gone"
    )
    assert "house-device-oven-ticket" in secrets


def test_of_two_supervisors_one_acts_and_the_other_takes_over(cabin: PodHome) -> None:
    cabin.kubectl("scale", "deployment", "house-supervisor", "--replicas=2")
    cabin.wait_until(lambda: len(cabin.pods_in("supervisor")) == 2, "there are two")
    [lease] = cabin.objects("leases")
    holder = lease["spec"]["holderIdentity"]
    cabin.kill(holder)
    cabin.kubectl("scale", "deployment", "tv", "--replicas=0")
    seconds = cabin.seconds_until(lambda: cabin.state("tv") == "off", "another one follows")
    [lease] = cabin.objects("leases")
    assert lease["spec"]["holderIdentity"] != holder
    print(f"\nsupervisor killed: another one has followed after {seconds:.1f} s")
    cabin.kubectl("scale", "deployment", "house-supervisor", "--replicas=1")


def test_the_ledger_is_that_of_the_same_changes_in_memory(cabin: PodHome) -> None:
    books = cabin.nothing_is_missing()
    seals = books.seals()
    assert seals and seals == replayed(books)[: len(seals)]
