"""The market of a running home: what it is told at its start, and how it is opened."""

import json
from pathlib import Path
from typing import Any

from joulebus.errors import MarketError
from joulebus.homefile.home_file import HomeFile
from joulebus.homefile.market import MarketWords
from joulebus.market import ledger
from joulebus.market.executor import Executor
from joulebus.market.following import Following, Plan
from joulebus.market.keys import kept_key
from joulebus.market.opening import Opening
from joulebus.market.setup import opening_of
from joulebus.refusals.system import reason
from joulebus_schemas.facts import EPOCH_SECONDS

BUSBAR_KIND, GRID_KIND = "inverter", "grid"


def plan_text(home: HomeFile) -> str:
    """What the balancer of a home is told, as JSON."""
    assert home.market is not None, "only a home with a market has a balancer"
    kinds = {name: member.kind for name, member in home.members.items()}
    plain: dict[str, Any] = {
        "busbar": next(name for name, kind in kinds.items() if kind == BUSBAR_KIND),
        "grids": sorted(name for name, kind in kinds.items() if kind == GRID_KIND),
        "home": home.name,
        "market": home.market.model_dump(mode="json"),
        "timezone": home.place.timezone,
    }
    return json.dumps(plain, indent=1, sort_keys=True)


def plan_of(text: str) -> Plan:
    """The same, read again."""
    said = json.loads(text)
    words = MarketWords.model_validate_json(json.dumps(said["market"]))
    wiring = ledger.MarketWiring(said["home"], said["busbar"], frozenset(said["grids"]), tuple(words.points))
    return Plan(words, wiring, said["timezone"])


def living(store: str, plan_file: Path) -> tuple[Executor, Following]:
    """The market beside a home's journal; its key lies in the run directory.

    Raises:
        MarketError: The plan of the market cannot be read.
    """
    try:
        plan = plan_of(plan_file.read_text(encoding="utf-8"))
    except OSError as error:
        raise MarketError(f"the plan of the market, {plan_file}, cannot be read: {reason(error)}") from None
    told: list[Following] = []
    first = opening_of(plan.words, EPOCH_SECONDS)
    opening = Opening(store, plan.wiring.home, kept_key(plan_file.parent), first, now=lambda: told[0].now())
    executor = Executor.open(opening)
    following = Following(executor, plan)
    told.append(following)
    following.catch_up_with_file()
    return executor, following
