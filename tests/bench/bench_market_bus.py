"""Calls a second of the balancer on the bus, as a ratio to a bare Autobahn callee with answers of the same size on the same router."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from joulebus.homefile.market import MarketWords
from joulebus.provision import ROUTER, HomePart
from joulebus.provision.keys import Keys
from joulebus.provision.local import LocalHome
from joulebus.provision.router import listens

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.real.raw import Raw
from tests.real.reactor import turn, until

HOME, SECONDS, PAIRS, IN_FLIGHT, EPOCH = "bench", 5.0, 3, 16, 1_980_000
AIM, START_SECONDS_MAX = 0.60, 90.0
PLAN = {
    "busbar": "inverter",
    "grids": ["grid"],
    "home": HOME,
    "timezone": "UTC",
    "market": MarketWords.model_validate({"points": {"grid": {}}}).model_dump(mode="json"),
}
BALANCE = ("balancing.balance", {"asset_id": "house", "epoch": EPOCH})
BOOKING = ("balancing.add_settlement", {"meter_id": "roof", "epoch": EPOCH + 1, "wh": 5})


def rate(client: Raw, uri: str, arguments: dict[str, Any]) -> float:
    """Answers a second, with some calls always in flight."""
    state = {"answers": 0, "flying": 0, "over": False}

    def ask() -> None:
        state["flying"] += 1
        client.session.call(uri, arguments).addCallbacks(came, failed)

    def came(answer: Any) -> None:
        state["answers"] += 1
        state["flying"] -= 1
        if not state["over"]:
            ask()

    def failed(failure: Any) -> None:
        raise SystemExit(f"{uri}: {failure.value}")

    began = time.perf_counter()
    for _ in range(IN_FLIGHT):
        ask()
    turn(SECONDS)
    found = state["answers"] / (time.perf_counter() - began)
    state["over"] = True
    until(lambda: not state["flying"], "the last answers come")
    return found


def bare(home: LocalHome, keys: Keys, client: Raw, arguments: dict[str, Any], answer: Any) -> float:
    """The same call, answered by bare Autobahn: nothing is validated, counted or written."""
    keys.add("balancer", "bare")
    script = Path(__file__).with_name("bare_callee.py")
    uri = f"joulebus.{HOME}.bare.answer"
    argv = [sys.executable, str(script), home.router, str(keys.tickets / "bare"), uri, json.dumps(answer)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as callee:
        assert callee.stdout is not None and callee.stdout.readline() == b"up\n"
        found = rate(client, uri, arguments)
        callee.terminate()
    keys.remove("bare")
    return found


def operator(home: LocalHome, directory: Path) -> Raw:
    """Somebody who may change the market, when router and balancer are there."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while not listens(home.doors()):
        time.sleep(0.2)
        assert time.monotonic() < deadline, "the router does not start"
    client = Raw(home.router, f"{HOME}/~owner", (directory / "tickets" / "~owner").read_text())
    while isinstance(client.call(f"joulebus.{HOME}.market.books.state", {}), Exception):
        time.sleep(0.2)
        assert time.monotonic() < deadline, "the balancer does not answer"
    return client


def prepare(client: Raw) -> None:
    """A group with ten meters and a contract."""
    base = f"joulebus.{HOME}.market."
    calls = [("asset.upsert", {"asset_id": "house", "balance_rule": {"from": "utility", "to": "utility"}})]
    calls += [
        ("asset.upsert", {"asset_id": name, "type": "meter", "balance_rule": {"to": "house"}})
        for name in ("roof", *(f"m{n}" for n in range(9)))
    ]
    calls += [("balancing.add_settlement", {"meter_id": f"m{number}", "epoch": EPOCH, "wh": 100}) for number in range(9)]
    for name, arguments in calls:
        answer = client.call(base + name, arguments)
        assert isinstance(answer, dict), answer


def main() -> None:
    """Print pairs and their medians."""
    with tempfile.TemporaryDirectory() as folder:
        home = LocalHome(Path(folder), HOME)
        plan = Path(folder) / "market.json"
        plan.write_text(json.dumps(PLAN))
        try:
            home.start(HomePart(ROUTER, ROUTER))
            home.start(HomePart("balancer", "balancer", ("--store", f"sqlite:///{folder}/market.sqlite", "--market", str(plan))))
            client = operator(home, Path(folder))
            prepare(client)
            for what, (name, arguments) in (("asking", BALANCE), ("changing", BOOKING)):
                uri = f"joulebus.{HOME}.market.{name}"
                answer = client.call(uri, arguments)
                pairs = [(bare(home, home.keys, client, arguments, answer), rate(client, uri, arguments)) for _ in range(PAIRS)]
                for limit, ours in pairs:
                    print(f"market bus, {what}: bare {limit:.0f} calls/s, balancer {ours:.0f} calls/s, ratio {ours / limit:.2f}")
                median = statistics.median(ours / limit for limit, ours in pairs)
                print(f"market bus, {what}: median ratio {median:.2f}; aim: at least {AIM:.2f}")
        finally:
            home.close()


if __name__ == "__main__":
    main()
