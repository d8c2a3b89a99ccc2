"""How a home is to run: the supervisor's configuration, one JSON object on its standard input or in a file."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from joulebus.addresses import Addresses, Tls
from joulebus.errors import SetupError
from joulebus.rundir import HISTORY, JOURNAL, MARKET_DATABASE, MARKET_PLAN


@dataclass(frozen=True)
class Orders:
    """What ``joulebus up`` was asked for."""

    file: str
    """The home file, with its whole path."""
    speed: str = "1"
    """Simulated seconds per real second, or ``flat_out``."""
    start_unix_seconds: int | None = None
    """When a home that begins now begins; None: as its file says."""
    for_ticks: int | None = None
    """The home ends after this many ticks; None: never."""
    fresh: bool = False
    """Start from scratch; what there was is moved aside."""
    store: str | None = None
    """Database of the historian; None: SQLite in the home's directory."""
    historian: bool = True
    history_keep: str | None = None
    """How long the historian keeps what, where it is not as the home file says."""
    window_seconds: int | None = None
    durable: str = "full"
    addresses: Addresses = field(default_factory=Addresses)
    models: str | None = None
    """URL of a store of models."""
    market_store: str | None = None
    """Database of the market; None: SQLite in the home's directory."""
    guests_may_trade: bool = False

    def settings(self, books: Path, has_market: bool, until_tick: int | None) -> dict[str, object]:
        """What the registry's components may be told at their start, by the name of the setting."""
        return {
            "durable": self.durable,
            "history_keep": self.history_keep,
            "history_store": (self.store or f"sqlite:///{books / HISTORY}") if self.historian else None,
            "journal": books / JOURNAL,
            "market_plan": books / MARKET_PLAN if has_market else None,
            "market_store": (self.market_store or f"sqlite:///{books / MARKET_DATABASE}") if has_market else None,
            "no_historian": not self.historian,
            "speed": self.speed,
            "until_tick": until_tick,
            "window_seconds": self.window_seconds,
        }

    def text(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self))


def read_orders(source: str) -> Orders:
    """From a file, or ``-`` for the first line of standard input. Raises :class:`SetupError` when they cannot be read."""
    try:
        text = sys.stdin.readline() if source == "-" else Path(source).read_text()
        given = json.loads(text)
        addresses = given.pop("addresses", {})
        tls = addresses.pop("tls", None)
        addresses["guest_origins"] = tuple(addresses.get("guest_origins", ()))
        return Orders(**given, addresses=Addresses(**addresses, tls=Tls(**tls) if tls else None))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise SetupError(f"the orders of a supervisor must be one JSON object in {source}, but are not: {error}") from None
