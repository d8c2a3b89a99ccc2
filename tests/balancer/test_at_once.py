"""N16: two who seal the same group at the same moment get one seal and one residual; and what wampc says of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.balancer.balancing import RealBalancer, operator_of
from tests.real.raw import Raw
from tests.real.reactor import outcome
from tests.real.router import HOME, RealRouter, wait_until
from tests.stories.wampc import Wampc

EPOCH = 1_980_100
MARKET = f"joulebus.{HOME}.market"
OPENING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("asset.upsert", {"assetId": "seller1", "type": "balance", "balancerule": {"to": "bigbalancer"}}),
    ("asset.upsert", {"assetId": "production1", "type": "meter", "balancerule": {"to": "seller1"}}),
    ("contract.add", {"assetId": "seller1", "partnerId": "buyer1", "direction": "to", "energy": 200, "status": "active"}),
    ("balancing.add_settlement", {"meterId": "production1", "epoch": EPOCH, "consumption": 500}),
)


@pytest.fixture
def router(tmp_path: Path) -> Iterator[RealRouter]:
    """A real router with a real balancer."""
    router = RealRouter(tmp_path / "run")
    router.start()
    balancer = RealBalancer(router, tmp_path / "balancer", f"sqlite:///{tmp_path / 'market.sqlite'}")
    balancer.start()
    guest = Raw(router.guest_url, serializer="json")
    try:
        wait_until(lambda: not isinstance(guest.call(f"{MARKET}.books.state"), Exception), "the balancer answers")
        yield router
    finally:
        balancer.stop()
        router.stop()


def test_two_seals_at_the_same_moment_are_one_seal_and_one_residual(router: RealRouter) -> None:
    one, two = operator_of(router), operator_of(router)
    for call, arguments in OPENING:
        answer = one.call(f"{MARKET}.{call}", **arguments)
        assert not isinstance(answer, Exception), answer
    asked = [client.session.call(f"{MARKET}.balancing.seal", assetId="seller1", epoch=EPOCH) for client in (one, two)]
    answers = [outcome(deferred) for deferred in asked]
    assert sorted(answer["status"] for answer in answers) == ["already_sealed", "sealed"], answers
    assert answers[0]["seal"]["hash"] == answers[1]["seal"]["hash"]
    balance = one.call(f"{MARKET}.balancing.balance", assetId="seller1", epoch=EPOCH)
    assert sorted((posting["kind"], posting["wh"]) for posting in balance["postings"]) == [
        ("contract", 200),
        ("counter", 200),
        ("meter", 500),
        ("residual", 500),
    ]
    log = two.call(f"{MARKET}.books.changes")["changes"]
    assert [(one["call"], one["principal"], one["role"]) for one in log[:2]] == [
        ("balancing.seal", f"{HOME}/operator", "test"),
        ("balancing.add_settlement", f"{HOME}/operator", "test"),
    ]
    wampc = Wampc(router.guest_url)
    said = wampc.call(f"{MARKET}.balancing.is_sealed", assetId="seller1", epoch=EPOCH)
    refused = wampc.call(f"{MARKET}.asset.upsert", assetId="shed", type="meter")
    wampc.close()
    assert re.search("RES> .*sealed: true", said, re.DOTALL), said
    assert "Error: wamp.error.not_authorized" in refused, refused
