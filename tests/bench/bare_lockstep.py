"""The limit that our rounds are measured against: the same messages on bare Autobahn.

One process per device and one for the inverter, on the same router, transport and serialiser, with acknowledged publishes
of similar size, and nothing behind them: no words are validated, nothing is dispatched, nothing is written.

    python bare_lockstep.py --router URL --tickets DIRECTORY --home HOME --devices a,b,c [--seconds 5]

prints one line of JSON. The tickets are those of joulebus.provision.keys.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from autobahn.twisted.wamp import ApplicationSession
from autobahn.twisted.websocket import WampWebSocketClientFactory, WampWebSocketClientProtocol
from autobahn.wamp.serializer import MsgPackSerializer
from autobahn.wamp.types import ComponentConfig, PublishOptions, SubscribeOptions
from twisted.internet import reactor
from twisted.internet.task import LoopingCall

REALM = "joulebus"
SECONDS_TO_JOIN = 60


def offered(number: int) -> dict[str, object]:
    """What a device says in a round: the size of an Offered."""
    offer = {
        "role": "flow",
        "side": "ac",
        "want": {"form": "run_lengths", "run_lengths": [[1, 1800]]},
        "least": None,
        "most": None,
        "shedding_priority": 5,
        "reacts": False,
        "origin": None,
    }
    return {"window": {"start": number, "ticks": 1}, "offer": offer, "state": {"on": True, "done_ticks": 3}, "quiet_until": None}


def settled(number: int, devices: list[str]) -> dict[str, object]:
    """What the inverter says in a round: the size of a Settled with the next Opened."""
    window = {"start": number, "ticks": 1}
    outcome = {"joules_in": 1800}  # A Settled leaves out what is 0.
    opened = {"generation": 1, "window": window, "revisions": {}, "changes": []}
    flows = {"sun>loads": 36_000, "grid>loads": 1_800, "grid>heat": 10}
    outcomes = dict.fromkeys(devices, outcome)
    return {"generation": 1, "number": number, "window": window, "outcomes": outcomes, "flows": flows, "seals": [], "opened": opened}


class AtOnce(WampWebSocketClientProtocol):
    """Without Nagle: Autobahn's own option is never applied."""

    def connectionMade(self) -> None:
        super().connectionMade()
        if hasattr(self.transport, "setTcpNoDelay"):
            self.transport.setTcpNoDelay(True)


class Bare(ApplicationSession):
    """A session that shows its ticket."""

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(ComponentConfig(REALM, {}))
        self.options = options
        self.base = f"joulebus.{options.home}."
        self.acknowledged = PublishOptions(acknowledge=True)

    def onConnect(self) -> None:
        self.join(REALM, authmethods=["ticket"], authid=f"{self.options.home}/{self.options.child or 'inverter'}")

    def onChallenge(self, challenge: object) -> str:
        return (Path(self.options.tickets) / (self.options.child or "inverter")).read_text()


class BareDevice(Bare):
    """Answers each settlement with an offer."""

    def onJoin(self, details: object) -> None:
        self.subscribe(self.on_settled, f"{self.base}inverter.settled", options=SubscribeOptions(details=True))

    def on_settled(self, word: dict[str, object], details: object) -> None:
        self.publish(f"{self.base}{self.options.child}.offered", offered(word["number"]), options=self.acknowledged)

    def onDisconnect(self) -> None:
        reactor.stop()


class BareInverter(Bare):
    """Settles a round when all have offered."""

    def onJoin(self, details: object) -> None:
        self.devices = self.options.devices.split(",")
        self.number, self.began, self.heard = 0, 0.0, set()
        self.subscribe(self.on_offered, f"{self.base}.offered", options=SubscribeOptions(match="wildcard", details=True))
        self.waker = LoopingCall(self.settle)
        self.waker.start(0.5)

    def settle(self) -> None:
        word = settled(self.number, self.devices)
        self.publish(f"{self.base}inverter.settled", word, options=self.acknowledged)

    def on_offered(self, word: dict[str, object], details: object) -> None:
        if word["window"]["start"] != self.number:
            return
        self.heard.add(details.publisher_authid)
        if len(self.heard) == len(self.devices):
            self.next_round()

    def next_round(self) -> None:
        if self.waker.running:
            self.waker.stop()
            self.began = time.perf_counter()
            self.number = 0
        self.heard = set()
        self.number += 1
        seconds = time.perf_counter() - self.began
        if seconds >= self.options.seconds:
            print(
                json.dumps(
                    {"rounds": self.number - 1, "seconds": round(seconds, 3), "rounds_per_second": round((self.number - 1) / seconds, 1)}
                ),
                flush=True,
            )
            reactor.stop()
        else:
            self.settle()


def connect(session: type[Bare], options: argparse.Namespace) -> None:
    """One connection, not made again."""
    url = urlsplit(options.router)
    factory = WampWebSocketClientFactory(lambda: session(options), url="ws://localhost/", serializers=[MsgPackSerializer()])
    factory.protocol = AtOnce
    if url.scheme == "unix":
        reactor.connectUNIX(url.path, factory)
    else:
        reactor.connectTCP(url.hostname, url.port, factory)


def main() -> None:
    """Start the children and measure, or be a child."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("router", "tickets", "home", "devices"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        connect(BareDevice, options)
        reactor.run()
        return
    children = [subprocess.Popen([sys.executable, *sys.argv, "--child", name]) for name in options.devices.split(",")]
    try:
        connect(BareInverter, options)
        reactor.callLater(SECONDS_TO_JOIN + options.seconds, reactor.stop)
        reactor.run()
    finally:
        for child in children:
            child.kill()
            child.wait()


if __name__ == "__main__":
    main()
