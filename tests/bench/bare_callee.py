"""The limit that our calls are measured against: one procedure on bare Autobahn that always gives the same answer.

python bare_callee.py ROUTER TICKET_FILE URI ANSWER_AS_JSON
"""

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from autobahn.twisted.wamp import ApplicationSession
from autobahn.twisted.websocket import WampWebSocketClientFactory, WampWebSocketClientProtocol
from autobahn.wamp.serializer import MsgPackSerializer
from autobahn.wamp.types import ComponentConfig
from twisted.internet import reactor

turning: Any = reactor


class Callee(ApplicationSession):  # type: ignore[misc]
    """Shows its ticket and answers."""

    def onConnect(self) -> None:
        self.join("joulebus", authmethods=["ticket"], authid=f"house/{Path(sys.argv[2]).name}")

    def onChallenge(self, challenge: Any) -> str:
        return Path(sys.argv[2]).read_text()

    def onJoin(self, details: Any) -> None:
        answer = json.loads(sys.argv[4])
        self.register(lambda ask: answer, sys.argv[3]).addCallback(lambda _: print("up", flush=True))


def main() -> None:
    """Answer until it is told to stop."""
    factory = WampWebSocketClientFactory(
        lambda: Callee(ComponentConfig("joulebus", {})), url="ws://localhost/", serializers=[MsgPackSerializer()]
    )
    factory.protocol = WampWebSocketClientProtocol
    turning.connectUNIX(urlsplit(sys.argv[1]).path, factory)
    turning.run()


if __name__ == "__main__":
    main()
