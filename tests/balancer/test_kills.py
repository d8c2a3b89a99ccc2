"""kill -9 of the balancer at random moments under load: nothing is lost, nothing is doubled, the chain of seals holds."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from joulebus.market import closed
from joulebus.market.executor import Executor
from joulebus.market.keys import read_key
from joulebus.market.link import check_market
from joulebus.market.opening import Opening
from joulebus.market.store import MarketStore
from tests.balancer.balancing import Load, RealBalancer, operator_of, pause, request
from tests.real.raw import Raw
from tests.real.reactor import until
from tests.real.router import HOME, RealRouter


def campaign(tmp_path: Path, kills: int) -> None:
    """Kill it so many times while it works, then look at its books."""
    router = RealRouter(tmp_path / "run")
    router.start()
    store = tmp_path / "market.sqlite"
    balancer = RealBalancer(router, tmp_path / "balancer", f"sqlite:///{store}")
    balancer.start()
    heard: list[Any] = []
    load, listener = Load(operator_of(router)), Raw(router.guest_url, serializer="json")
    listener.subscribe(f"joulebus.{HOME}.market.changed", heard)
    try:
        for _ in range(kills):
            answered = len(load.answered)
            while len(load.answered) == answered:  # It works again.
                load.turn()
                assert balancer.process is not None and balancer.process.poll() is None, balancer.log()
            moment = pause(0.0, 0.4)
            while time.monotonic() < moment:
                load.turn()
            balancer.kill()
            balancer.start()
        load.finish()
        last = max(answer["revision"] for answer in load.answered.values())
        until(lambda: {one[0][0]["revision"] for one in heard} >= set(range(1, last + 1)), "all changes are told")
    finally:
        balancer.stop()
        router.stop()
    assert load.refused == []
    check(tmp_path, load, heard)


def check(tmp_path: Path, load: Load, heard: list[Any]) -> None:
    """The books against what was asked and answered."""
    store = MarketStore.view(tmp_path / "market.sqlite", HOME)
    operations = list(store.operations())
    requests = Counter(one.request for one in operations if one.request)
    assert set(requests.values()) == {1}
    assert set(requests) == {f"request {number}" for number in range(load.asked)}, "all that was asked is there, once"
    revisions = {one.request: one.revision for one in operations}
    assert all(answer["revision"] == revisions[f"request {number}"] for number, answer in load.answered.items())
    executor = Executor(store, Opening(tmp_path / "market.sqlite", HOME, read_key(tmp_path / "balancer" / "market.key")))
    wanted = sum(arguments["wh"] for call, arguments in map(request, range(load.asked)) if "wh" in arguments)
    metered = [one for epoch in _epochs(executor) for one in _postings(executor, epoch) if one.kind == "meter"]
    late = executor.books.engine.lates()
    assert sum(one.wh for one in metered) + sum(one.wh for one in late) == wanted
    report = check_market(tmp_path / "market.sqlite", HOME)
    assert report.findings == () and report.batches > 0
    told = {one[0][0]["revision"] for one in heard}
    assert told == set(range(1, len(operations) + 1)), "every change is told, whatever died in between"


def _epochs(executor: Executor) -> list[int]:
    return sorted({*executor.books.engine.open_epochs(), *executor.books.archive.epochs(None, 100_000)})


def _postings(executor: Executor, epoch: int) -> list[Any]:
    return closed.all_postings(executor.books, epoch)


def test_a_balancer_that_is_killed_five_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    campaign(tmp_path, 5)


@pytest.mark.slow
def test_a_balancer_that_is_killed_two_hundred_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    campaign(tmp_path, 200)
