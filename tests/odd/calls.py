"""Every call of the catalogue with odd values, on a living home; afterwards time and market must go on.

``python -m tests.odd.calls 500`` asks each of them so many times, and prints the figures.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from joulebus.bus.component import Answered, declarations_of
from joulebus.devices import KINDS
from joulebus.registry import COMPONENTS, DEVICE, loaded
from joulebus_schemas.channels import EACH
from tests.odd.values import Odd
from tests.stories.living import ROOT, LivingHome

DEVICES = ("kettle", "grid", "weather", "inverter")
"""Whose own calls are tried; the others are asked for with the calls of the home."""
SETTERS = {"set"}
ROUND = 25
"""Calls after which time must have gone on."""


def all_calls() -> list[tuple[str, Answered]]:
    """Owner and call, of each component that a home has."""
    found = []
    for component in COMPONENTS:
        for one in declarations_of(loaded(component.classes[0])).answers:
            owners = (
                DEVICES if one.call.owner == EACH and component.name == DEVICE else (one.call.uri("home", component.name).split(".")[2],)
            )
            found += [(owner, one) for owner in owners]
    return sorted(found, key=lambda pair: (pair[0], pair[1].call.name))


class Campaign:
    """Odd calls to one home."""

    def __init__(self, home: LivingHome, seed: int = 1) -> None:
        self.home, self.odd = home, Odd(seed)
        self.answers: Counter[str] = Counter()
        self.slowest: tuple[float, str] = (0.0, "")
        self.lately: list[str] = []

    def ask_each(self, times: int) -> None:
        """Each call so often; time and market go on in between."""
        for number in range(times):
            for index, (owner, one) in enumerate(all_calls()):
                self.ask(owner, one.call.name, self.words(owner, one))
                if index % ROUND == ROUND - 1:
                    self.goes_on()
            self.goes_on()
            self.tidy(number)

    def words(self, owner: str, one: Answered) -> dict[str, Any]:
        """Odd arguments of a call; of a device's own, by its kind."""
        if one.call.name in SETTERS and owner in DEVICES:
            schema = KINDS["appliance" if owner == "kettle" else owner].properties.model_json_schema()
        else:
            schema = one.call.ask.model_json_schema()
        words = self.odd.of(schema)
        words = words if isinstance(words, dict) else {}
        if (owner, one.call.name) == ("home", "add"):
            words |= {"name": self.odd.random.choice(["spy", "lamp"]), "kind": self.odd.random.choice(sorted(KINDS.keys() - {"foreign"}))}
            words["properties"] = self.odd.of(KINDS[words["kind"]].properties.model_json_schema())
        return words

    def ask(self, owner: str, name: str, words: dict[str, Any]) -> None:
        """Ask, and count what became of it; no answer at all is a failure."""
        began, said = time.monotonic(), f"{owner}.{name} {str(words)[:300]}"
        self.lately = [*self.lately, said][-2 * ROUND :]
        answer = self.home.owner.call(f"joulebus.{self.home.name}.{owner}.{name}", words)
        uri = getattr(answer, "error", type(answer).__name__) if isinstance(answer, Exception) else "accepted"
        self.answers[uri] += 1
        assert uri not in ("joulebus.error.bug", "AssertionError", "TransportLost"), f"{said}: {answer}\n{self.home.logs()}"
        self.slowest = max(self.slowest, (time.monotonic() - began, said))

    def goes_on(self) -> None:
        """Time has moved within seconds, and so has the market."""
        self.home.wait_until(lambda: self.turned("resume") and self.turned("speed", speed="flat_out"), "the clock answers", 60)
        lately = "\n".join(self.lately)
        self.home.wait_until(lambda: self.ticked() is not None, f"the clock tells its tick after\n{lately}", 60)
        tick = self.ticked() or 0
        self.home.wait_until(lambda: (self.ticked() or 0) > tick, f"time goes on after\n{lately}", 60)
        self.home.wait_until(lambda: self.booked() is not None, f"the market answers after\n{lately}", 60)
        record = self.booked() or 0
        self.home.wait_until(lambda: (self.booked() or 0) > record, f"the market goes on after\n{lately}", 60)

    def turned(self, procedure: str, **words: Any) -> bool:
        """Whether the clock has answered; its component may have been restarted by one of the calls."""
        return not isinstance(self.home.owner.call(f"joulebus.{self.home.name}.clock.{procedure}", **words), Exception)

    def ticked(self) -> int | None:
        """The first tick that is not settled; None: the clock's component is being restarted, as one of the calls has asked."""
        answer = self.home.owner.call(f"joulebus.{self.home.name}.clock.get")
        return None if isinstance(answer, Exception) else int(answer["tick"])

    def booked(self) -> int | None:
        """The last record that the market has taken in; None: it was restarted, or thrown off a busy machine, and is not back yet."""
        state = self.home.owner.call(f"joulebus.{self.home.name}.market.books.state")
        if isinstance(state, Exception):
            return None
        return int((state.get("ledger") or {"record": state["revision"]})["record"])

    def tidy(self, number: int) -> None:
        """What was added goes, so that the next one can come; every third time it stays, also over a restart."""
        for name in ("spy", "lamp"):
            if number % 3 and name in self.home.ask("home", "list")["devices"]:
                self.home.ask("home", "remove", name=name)

    def restart(self) -> None:
        """Time and market go on also after a restart."""
        assert self.home.stop() == 0, self.home.said
        self.home.up()
        self.goes_on()

    def figures(self) -> str:
        """What became of all calls."""
        lines = [f"{count:6}  {what}" for what, count in self.answers.most_common()]
        slowest = f"the slowest took {self.slowest[0]:.2f} s ({self.slowest[1]})"
        return "\n".join([f"{self.answers.total():6}  odd calls of {len(all_calls())} kinds; {slowest}", *lines])


def market_home(folder: Path) -> LivingHome:
    """A home with everything that answers."""
    file = folder / "market.yaml"
    file.write_text((ROOT / "examples" / "homes" / "market.yaml").read_text())
    return LivingHome(file, folder / "state", ("--speed", "flat_out", "--window-seconds", "900"))


def main(times: int) -> None:
    """Many of them, with a restart in the middle and at the end."""
    with tempfile.TemporaryDirectory() as folder:
        home = market_home(Path(folder)).up()
        campaign = Campaign(home, seed=times)
        try:
            for _ in range(2):
                campaign.ask_each(times // 2)
                campaign.restart()
            print(campaign.figures())
        except BaseException:
            print(campaign.figures(), *campaign.lately, home.logs(), sep="\n")
            raise
        finally:
            home.end()


if __name__ == "__main__":
    main(int(sys.argv[1]))
