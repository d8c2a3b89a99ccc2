"""Where a market is asked: on the bus of a running home, in a database, or in a file that is executed in memory."""

from pathlib import Path
from typing import Any, Protocol

from joulebus.errors import MarketError
from joulebus.market.asking import asked
from joulebus.market.executor import Executor
from joulebus.market.keys import DEMONSTRATION
from joulebus.market.opening import Opening
from joulebus.market.runner import run_operations
from joulebus.market.store import IN_MEMORY, MarketStore
from joulebus.refusals.system import reason


class MarketPlace(Protocol):
    """A market that can be asked."""

    def ask(self, name: str, arguments: dict[str, Any]) -> Any:
        """The answer of a call as plain JSON."""
        ...


class RunningMarket:
    """On the bus: whoever may read the home's run directory is its owner, and may change its market."""

    def __init__(self, home: str | None) -> None:
        from joulebus.cli.client import Conversation, owner

        _, found, bus = owner(home)
        self._home, self._conversation = found.home, Conversation(bus)

    def ask(self, name: str, arguments: dict[str, Any]) -> Any:
        """One call over the bus."""
        one = asked(name, arguments)
        plain = one.ask.model_dump(mode="json", exclude_unset=True)
        return self._conversation.ask(f"joulebus.{self._home}.market.{one.call.name}", plain)


class StoredMarket:
    """In a database, or in memory."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def ask(self, name: str, arguments: dict[str, Any]) -> Any:
        """One call to the books; whoever only looks has no key to sign with.

        Raises:
            MarketError: The call would change the market.
        """
        if asked(name, arguments).call.changes:
            raise MarketError(f"{name} changes the books: use `joulebus market run FILE --store URL`, or call it in a running home")
        return self._executor.ask(name, arguments).model_dump(mode="json")


def place(home: str | None, where: str | None, market: str | None) -> MarketPlace:
    """The running home, or what ``--in`` names.

    Raises:
        MarketError: The file of operations cannot be read, or a line of it is refused.
    """
    if where is None:
        return RunningMarket(home)
    if "://" in where:
        store = MarketStore.view(where, market or "market")
        return StoredMarket(Executor(store, Opening(where, store.market, DEMONSTRATION)))
    executor = Executor.open(Opening(IN_MEMORY, market or "market", DEMONSTRATION))
    try:
        with Path(where).open(encoding="utf-8") as lines:
            done = run_operations(executor, lines)
    except (OSError, UnicodeDecodeError) as error:
        raise MarketError(f"the file of operations {where} cannot be read: {reason(error)}") from None
    if done.refusals:
        raise MarketError("\n".join(f"{where}: {one}" for one in done.refusals))
    return StoredMarket(executor)
